"""An address that holds what no database can hold is answered, and never by a fault of ours."""

import pytest
from django.test import Client

from consigned_service.interfaces.access.readable import is_readable
from consigned_service.records import models
from tests.service.world import World

NUL, HALF = "%00", "%ED%A0%80"
ADDRESSES = [
    "/items/BO{}LT", "/stock?item=BO{}LT", "/stock?{}=1", "/stock?owner={}", "/owed?as_of={}",
    "/advices/{}", "/advices?state={}&order={}", "/agreements/{}", "/orders/L1/{}",
    "/consumption/L1/{}", "/title/L1/{}", "/exceptions?organization={}", "/{}", "/api/{}",
    "/api/consumption?organization={}", "/accounts/login/?next={}", "/stock.csv?item={}",
]  # fmt: skip


@pytest.mark.parametrize("sign", [NUL, HALF])
def test_no_sign_in_an_address_is_a_fault_of_ours(world: World, sign: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.user("northwind"))
    for address in ADDRESSES:
        answer = client.get(address.format(*[sign] * address.count("{}")))
        assert answer.status_code < 500, address
        assert sign != NUL or answer.status_code in (400, 404), address
    assert models.Entry.objects.exists()


@pytest.mark.parametrize(
    ("text", "readable"), [("BOLT", True), ("é😀", True), ("a\0b", False), ("\ud800", False)]
)
def test_half_a_sign_is_no_text(text: str, readable: bool) -> None:
    assert is_readable(text) is readable
