"""Users of one party who sign in with a password, and how they do.

add_people      ann, and bob, who is an operator
sign_in         the page that answers a name and a password
known_device    a browser that somebody is signed in with
"""

from django.conf import settings
from django.test import Client

from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import parties, users
from tests.service.conftest import PASSWORD

ADDRESS = "198.51.100.7"


def add_people() -> None:
    parties.register_parties(lines=[written(parties.PartyLine, "northwind", "")]).or_raise()
    users.add_user(name="ann", party="northwind", password=PASSWORD)
    users.add_user(name="bob", party="northwind", password=PASSWORD, is_operator=True)


def sign_in(client: Client, name: str, password: str = PASSWORD, address: str = ADDRESS) -> str:
    """The page that answers; empty where somebody was let in."""
    client.cookies.pop(settings.SESSION_COOKIE_NAME, None)
    given = {"login": name, "password": password}
    answer = client.post("/accounts/login/", given, REMOTE_ADDR=address)
    return "" if answer.status_code == 302 else answer.content.decode()


def known_device(name: str) -> Client:
    client = Client()
    assert sign_in(client, name) == ""
    return client
