"""What nets to nothing within a cycle is told by no advice, counts nowhere later, and leaves no
cent behind in either party's books."""

from datetime import date, timedelta

import pytest

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import TitleTransfer, Use
from consigned.measure.quantity import MICROS
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.settlement import advices
from consigned_service.records import models
from consigned_service.records.ledger import posting as ledger
from tests.service.shop import BY, NOW, open_shop, organization_id

CLOSING = date(2026, 3, 8)


def charge(quantity: int, day: int) -> None:
    """Charge a transfer of title of Acme's bolts on a day, or take it back (below zero)."""
    shop = organization_id("s1")
    layer = models.Layer.objects.filter(organization_id=shop).order_by("number")[0]
    with ledger.posting(shop, cause="correction", recorded_at=NOW, recorded_by=BY) as posting:
        use = Use(0, "sale", layer.item_id, abs(quantity) * MICROS, date(2026, 3, day))
        entry = 1000 + posting.take_numbers("total", 1)
        holding = Holding(
            layer.item_id, layer.supplier_id, 1, 1, layer.number, layer.received_on, 0,
            agreement=layer.agreement,
        )  # fmt: skip
        transfers = [TitleTransfer(entry, use, holding, quantity * MICROS)]
        waiting, *_ = charges.charge_shares(
            posting,
            transfers,
            charges.read_terms(transfers, posting.organization, posting.recorded_at),
        )
        assert waiting == []


def accrued() -> int:
    account = "consigned-payables-accrual"
    return sum(
        row.amount * ((row.credit == account) - (row.debit == account))
        for row in models.Journal.objects.all()
    )


@pytest.mark.rows("L31")
def test_the_rounding_of_what_nets_to_nothing_is_booked_back(database):
    open_shop("s1")
    for quantity, day in ((1, 3), (1, 4), (1, 5), (-3, 6)):
        charge(quantity, day)
    assert accrued() == 3 * 33 - 100
    consignee = models.Party.objects.get(code="northwind").pk
    run = advices.run_advices(consignee=consignee, on=CLOSING, by=BY, at=NOW + timedelta(days=3))
    assert (run.advices, run.next_closing) == (0, None)
    assert accrued() == 0
    assert not models.Total.objects.filter(told_on=None).exists()
    broken = {breach.law for breach in audit().breaches}
    assert not broken & {
        "accrual is advised less invoiced", "both books agree on the accrual",
        "lines are the sum of their totals",
    }  # fmt: skip
    again = advices.run_advices(consignee=consignee, on=CLOSING, by=BY, at=NOW + timedelta(days=3))
    assert again.advices == 0
    assert accrued() == 0
