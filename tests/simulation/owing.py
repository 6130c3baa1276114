"""What is owed, as the page says it, is what the trial balance says: for either party, each day."""

from collections import Counter
from collections.abc import Iterator

from consigned_service.queries.accounting.books import trial_balance
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.settlement.payables import Owed, owed
from consigned_service.records import models

ACCOUNTS = {
    True: (
        "consigned-payables-accrual", "accounts-payable", "supplier-debits", "settled-elsewhere",
    ),
    False: (
        "consigned-receivables-accrual", "accounts-receivable", "customer-credits",
        "collected-elsewhere",
    ),
}  # fmt: skip
"""What is not billed yet, what is billed and not paid, what is asked back, and what is settled
elsewhere: in the books of who pays, and of who is paid."""


def owed_otherwise_than_booked() -> Iterator[str]:
    for party in models.Party.objects.order_by("pk"):
        viewer = viewer_of_party(party.code)
        assert viewer
        told: Counter[tuple[str, str]] = Counter()
        for row in owed(viewer):
            told.update(_in_accounts(row))
        booked: Counter[tuple[str, str]] = Counter()
        for one in trial_balance(viewer).accounts:
            if one.account in {*ACCOUNTS[True], *ACCOUNTS[False]}:
                balance = one.debited.minor - one.credited.minor
                booked[one.account, one.debited.currency] += balance
        for key in sorted(told.keys() | booked.keys()):
            if told[key] != booked[key]:
                yield f"{party.code} {key[0]}: owed says {told[key]}, the books {booked[key]}"


def _in_accounts(row: Owed) -> dict[tuple[str, str], int]:
    """What is owed, as debits of the accounts of the party that asks."""
    sign = -1 if row.is_ours_to_pay else 1
    amounts = (
        row.running.minor + row.advised.minor,
        row.invoiced.minor - row.credited.minor,
        -row.asked_back.minor,
        row.elsewhere.minor,
    )
    currency = row.running.currency
    return {
        (account, currency): sign * amount
        for account, amount in zip(ACCOUNTS[row.is_ours_to_pay], amounts, strict=True)
    }
