"""Vouchers that other systems made of advices which are settled there, and what those leave."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.identity import OrganizationId
from consigned.settlement.vouchers import OpenLine
from consigned_service.records.settlement.advices import SavedAdvice
from consigned_service.records.settlement.cancellations import STANDS
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column
from consigned_service.records.sql.select import as_day

WENT_BACK = (
    "COALESCE((SELECT SUM(bl.amount) FROM debit_memo bm JOIN debit_memo_line bl "
    "ON bl.debit_memo_id = bm.id WHERE bm.advice_id = ad.id AND bl.advice_line = al.line), 0)"
)
"""What debit memos told of an advice's line that went back, in a query that calls them ad and al.
It is of an advice that is settled elsewhere: under the others, an invoice still has to be paid."""
RECORDED = (
    "COALESCE((SELECT SUM(rl.amount) FROM voucher rv JOIN voucher_line rl ON rl.voucher_id = rv.id "
    "WHERE rv.advice_id = ad.id AND rl.line = al.line), 0)"
)
"""What vouchers made elsewhere come to for it."""
IN_AND_OUT = (
    "(SELECT ad.agreement_id, al.organization_id, ad.currency, ad.made_on AS happened_on, "
    "al.amount FROM advice ad JOIN advice_line al ON al.advice_id = ad.id "
    f"WHERE ad.settlement_method = '{SettlementMethod.REPORT_ONLY}' "
    f"AND {STANDS.format(advice='ad')} AND ad.agreement_id {{among}} "
    "UNION ALL SELECT m.agreement_id, ml.organization_id, m.currency, m.made_on, -ml.amount "
    "FROM debit_memo m JOIN debit_memo_line ml ON ml.debit_memo_id = m.id "
    f"WHERE m.settlement_method = '{SettlementMethod.REPORT_ONLY}' AND m.agreement_id {{among}} "
    "UNION ALL SELECT ad.agreement_id, al.organization_id, ad.currency, v.recorded_on, -vl.amount "
    "FROM voucher v JOIN voucher_line vl ON vl.voucher_id = v.id "
    "JOIN advice ad ON ad.id = v.advice_id "
    "JOIN advice_line al ON al.advice_id = ad.id AND al.line = vl.line "
    f"WHERE ad.settlement_method = '{SettlementMethod.REPORT_ONLY}' "
    "AND ad.agreement_id {among})"
)
"""What comes to be open elsewhere, and what of it is so no longer, of the agreements that are
{among} those asked for."""


class NewVoucher(NamedTuple):
    """A voucher to keep, and what it settles of each line of its advice."""

    advice: SavedAdvice
    number: str
    vouchered_on: date
    amount: int
    settles: Sequence[tuple[OpenLine, int]]


class ToldVoucher(NamedTuple):
    """What a voucher says under its number."""

    vouchered_on: date
    amount: int


def open_lines(advices: Iterable[int]) -> dict[int, list[OpenLine]]:
    """The lines of some advices with what vouchers are recorded for, in their order."""
    chosen, ids = bulk.among(advices)
    found: dict[int, list[OpenLine]] = defaultdict(list)
    for advice, line, organization, advised, recorded in bulk.fetch(
        f"SELECT ad.id, al.line, al.organization_id, al.amount - {WENT_BACK}, {RECORDED} "
        "FROM advice ad JOIN advice_line al ON al.advice_id = ad.id "
        f"WHERE ad.id IN ({chosen}) ORDER BY ad.id, al.line",
        [ids],
    ):
        found[advice].append(
            OpenLine(line, OrganizationId(organization), int(advised), int(recorded))
        )
    return found


def told_vouchers(advices: Iterable[int]) -> dict[tuple[int, str], ToldVoucher]:
    """The vouchers that were recorded against some advices, by advice and number."""
    chosen, ids = bulk.among(advices)
    return {
        (advice, number): ToldVoucher(as_day(on), amount)
        for advice, number, on, amount in bulk.fetch(
            "SELECT advice_id, number, vouchered_on, amount FROM voucher "
            f"WHERE advice_id IN ({chosen})",
            [ids],
        )
    }


VOUCHER = (
    Column("advice_id"), Column("number", "text"), Column("vouchered_on", "date"),
    Column("amount"), Column("recorded_on", "date"), Column("recorded_by", "text"),
)  # fmt: skip


def save_vouchers(vouchers: Sequence[NewVoucher], *, on: date, by: str) -> None:
    """Keep vouchers, each with its lines."""
    ids = bulk.insert_numbered(
        "voucher",
        VOUCHER,
        [
            (v.advice.id, v.number, v.vouchered_on.isoformat(), v.amount, on.isoformat(), by)
            for v in vouchers
        ],
        key=("advice_id", "number"),
    )
    bulk.insert(
        "voucher_line",
        ("voucher_id", "line", "amount"),
        [
            (ids[v.advice.id, v.number], open_line.line, share)
            for v in vouchers
            for open_line, share in v.settles
            if share
        ],
    )
