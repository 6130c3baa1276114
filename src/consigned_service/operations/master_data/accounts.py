"""What a party calls its accounts: the numbers and names of its own chart, for reports and exports.

The books are kept under the product's names; a party's own are put in their place where it reads
them. Nothing rests on them, so that they may be told anew.

Refuses: UnknownParty; what a field may not say.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, NamedTuple

from consigned.accounting.journals import Account
from consigned.master_data.parties import UnknownParty
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import RecordedBy, read_lines, settle_fields, tell
from consigned_service.records.master_data import accounts as account_records
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data.accounts import AccountRow
from consigned_service.records.master_data.changes import Master


class AccountLine(NamedTuple):
    """A party's own number and name of an account."""

    party: Annotated[str, fields.PARTY, "code of the party in whose books it is"]
    account: Annotated[
        Account,
        fields.Choice(Account, "the account as the product calls it: as cost-of-goods-sold"),
    ]
    number: Annotated[str, fields.Text("its number in the party's own chart of accounts", 20)]
    name: Annotated[str, fields.Text("its name there; empty: as the product calls it", 100)] = ""


def register_accounts(*, lines: Sequence[AccountLine], told_by: RecordedBy | None = None) -> Result:
    """Say what parties call their accounts, many at once; told anew, it is changed."""
    outcome = Result()
    known = agreement_records.party_ids(line.party for line in lines)
    tell(
        read_lines(lines, partial(_read, known), outcome),
        outcome,
        key=lambda row: row.key,
        add=account_records.add_accounts,
        standing=account_records.accounts,
        settle=lambda stands, said: settle_fields(
            "account", said.account, stands, said, may_change={"number", "name"}
        ),
        correct=account_records.correct_accounts,
        master=lambda row: Master("account", " ".join(row.key), party=row.party),
        told_by=told_by,
    )
    return outcome


def _read(known: Mapping[str, object], line: AccountLine) -> AccountRow:
    if line.party not in known:
        raise UnknownParty(line.party)
    return AccountRow(line.party, str(line.account), line.number, line.name)
