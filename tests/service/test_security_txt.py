"""Whoever found a weakness learns where to report it, without signing in."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.utils.timezone import now

from consigned_service.project.configuration import read_configuration
from tests.support.databases import Database

ADDRESS = "/.well-known/security.txt"
only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def fields() -> dict[str, str]:
    answer = Client().get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    read = dict(lines)
    assert len(read) == len(lines)
    return read


@only
@override_settings(SECURITY_CONTACT="mailto:security@example.com",
                   ORIGINS=["https://consigned.example.com"])  # fmt: skip
def test_the_contact_is_the_one_that_was_chosen(database: Database) -> None:
    read = fields()
    assert read["Contact"] == "mailto:security@example.com"
    assert read["Canonical"] == f"https://consigned.example.com{ADDRESS}"


@only
def test_the_file_holds_for_some_time_but_no_year(database: Database) -> None:
    ends = datetime.fromisoformat(fields()["Expires"])
    assert now() + timedelta(days=30) < ends < now() + timedelta(days=365)


@only
def test_without_a_contact_it_leads_to_a_page_that_names_one(database: Database) -> None:
    contact = fields()["Contact"].removeprefix("http://testserver")
    answer = Client().get(contact)
    assert (answer.status_code, b"SECURITY.md" in answer.content) == (200, True)


@pytest.mark.parametrize(
    "contact", ["security@example.com", "javascript:alert(1)", "mailto:a@b.example\nExpires: x",
                "https://a b"],
)  # fmt: skip
def test_what_is_no_address_is_refused(contact: str) -> None:
    chosen = read_configuration({"CONSIGNED_SECURITY_CONTACT": contact})
    with pytest.raises(ImproperlyConfigured, match="CONSIGNED_SECURITY_CONTACT"):
        chosen.security_contact()
