"""Vouchers that another system made of what is settled there."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.settlement import vouchers
from consigned_service.queries.settlement import advices
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "record_voucher": [
        "record voucher {number} of {vouchered_on} on {advice}: {amount} {currency}"
    ],
    "vouchers": ["vouchers of {advice}[ seen by {viewer}]"],
}


class Acts:
    def record_voucher(
        self: Any, day: date, number: str, vouchered_on: str, advice: str, amount: str,
        currency: str,
    ) -> list[str]:  # fmt: skip
        line = written(vouchers.VoucherLine, advice, number, vouchered_on, amount, currency)
        outcome = vouchers.record_vouchers(lines=[line], by=BY, at=at(day)).or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else []

    def vouchers(self: Any, day: date, advice: str, viewer: str) -> list[str]:
        found = advices.advice(self._viewer(viewer), advice)
        return [
            f"{one.number} of {one.vouchered_on}, {one.amount}, recorded on {one.recorded_on} by "
            f"{one.recorded_by}"
            for one in (found.vouchers if found else ())
        ] or words.NOTHING
