"""What parties call the accounts of their books, as it is written, told again, and read."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consigned.accounting.accounts import OwnAccount
from consigned_service.records import models
from consigned_service.records.master_data.agreements import party_ids
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class AccountRow(NamedTuple):
    party: str
    account: str
    number: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        return self.party, self.account


def add_accounts(rows: Sequence[AccountRow]) -> set[tuple[str, str]]:
    """Insert the names that are not there yet; answers their party's code and the account."""
    ids = party_ids(row.party for row in rows)
    codes = {pk: code for code, pk in ids.items()}
    added = bulk.upsert(
        "account_mapping",
        (Column("party_id"), Column("account", "text"), Column("number", "text"),
         Column("name", "text")),
        [(ids[row.party], row.account, row.number, row.name) for row in rows],
        key=("party_id", "account"),
        update=None,
        returning=("party_id", "account"),
    )  # fmt: skip
    return {(codes[party], account) for party, account in added}


def accounts(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], AccountRow]:
    return {key: AccountRow(*key, row.number, row.name) for key, row in _found(set(keys)).items()}


def correct_accounts(rows: Sequence[AccountRow]) -> None:
    said = {row.key: row for row in rows}
    found = _found(set(said))
    for key, row in found.items():
        row.number, row.name = said[key].number, said[key].name
    models.OwnAccount.objects.bulk_update(found.values(), ["number", "name"])


def chart_of(party: int) -> dict[str, OwnAccount]:
    """What a party calls the accounts that it calls anything."""
    rows = models.OwnAccount.objects.filter(party_id=party)
    return {row.account: OwnAccount(row.number, row.name) for row in rows}


def _found(keys: set[tuple[str, str]]) -> dict[tuple[str, str], models.OwnAccount]:
    rows = models.OwnAccount.objects.select_related("party").filter(
        party__code__in=bulk.writable({party for party, _ in keys})
    )
    named = {(row.party.code, row.account): row for row in rows}
    return {key: row for key, row in named.items() if key in keys}
