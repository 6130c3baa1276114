"""What is owed, as the page says it, is what the trial balance says: for either party, each day."""

from collections import Counter
from collections.abc import Iterator

from consigned_service.queries.books import trial_balance
from consigned_service.queries.owed import Owed, owed
from consigned_service.queries.viewers import Viewer, viewer_of_party
from consigned_service.records import models

BILLED = ("accounts-payable", "accounts-receivable")
"""What an invoice settled and no payment paid: in the books of who pays, and of who is paid."""
UNBILLED = (
    "consigned-payables-accrual", "supplier-debits", "settled-elsewhere", "vouchered-elsewhere",
    "consigned-receivables-accrual", "customer-credits", "collected-elsewhere", "billed-elsewhere",
)  # fmt: skip
"""What was used and is not billed, and what was billed and is asked back."""


def owed_otherwise_than_booked() -> Iterator[str]:
    for party in models.Party.objects.order_by("pk"):
        viewer = viewer_of_party(party.code)
        assert viewer
        told = _told(viewer)
        booked: Counter[tuple[bool, str]] = Counter()
        for one in trial_balance(viewer).accounts:
            if one.account in (*BILLED, *UNBILLED):
                balance = one.debited.minor - one.credited.minor
                booked[one.account in BILLED, one.debited.currency] += balance
        for key in sorted(told.keys() | booked.keys()):
            if told[key] != booked[key]:
                what = "billed" if key[0] else "unbilled"
                yield f"{party.code}, {what}: owed says {told[key]}, the books {booked[key]}"


def _told(viewer: Viewer) -> Counter[tuple[bool, str]]:
    """What is owed and what other systems settle, as debits of whoever asks."""
    told: Counter[tuple[bool, str]] = Counter()
    for row in owed(viewer):
        told.update(_in_accounts(row))
    reported = models.AdviceLine.objects.filter(
        advice__settlement_method="report-only", advice__cancellation=None
    ).select_related("advice__agreement")
    for line in reported:
        agreement = line.advice.agreement
        if viewer.party_id in (agreement.consignor_id, agreement.consignee_id):
            sign = -1 if viewer.party_id == agreement.consignee_id else 1
            back = models.DebitRequest.objects.filter(advice_line=line.pk)
            told[False, line.advice.currency] += sign * (
                line.amount - sum(back.values_list("amount", flat=True))
            )
    return told


def _in_accounts(row: Owed) -> dict[tuple[bool, str], int]:
    sign = -1 if row.is_ours_to_pay else 1
    unbilled = row.running.minor + row.advised.minor - row.asked_back.minor
    billed = row.invoiced.minor - row.credited.minor
    currency = row.running.currency
    return {(False, currency): sign * unbilled, (True, currency): sign * billed}
