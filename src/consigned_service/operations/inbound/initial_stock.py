"""The start of a programme: a consignment store is stocked in one act (checklist E24).

What lies there already, or is brought for the start, comes in with its lot, its expiry and the day
its consignor has had it there since: from that day its age is counted. In the ledger it happens on
the day of stocking, because nothing is written into days that may be closed.

Refuses line by line: StockedBefore; what `receipt_lines` refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.inbound.customs import CustomsStatus
from consigned.master_data.parties import Organization
from consigned.measure.identity import OrganizationId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import fingerprint
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound.receipt_lines import Reader, ReceiptLine
from consigned_service.operations.inbound.receipts import take_in
from consigned_service.operations.ledger import posting as postings


@dataclass(eq=False)
class StockedBefore(Refusal):
    received_on: date
    stocked_on: date
    code: ClassVar[str] = "stocked-before"
    remedy: ClassVar[str] = "Correct the day on which the goods came, or the day of stocking."

    def __str__(self) -> str:
        return (
            f"the goods came on {self.received_on}, and are said to be in stock since "
            f"{self.stocked_on}"
        )


class ProgrammeLine(NamedTuple):
    """A line of the initial stock of a programme."""

    programme: Annotated[str, fields.Text("a number of its own for the start of a programme", 60)]
    line: Annotated[int, fields.LINE, "number of the line within it"]
    stocked_on: Annotated[
        Moment, fields.HAPPENED_ON, "day on which the store is taken over, as 2026-03-31"
    ]
    agreement: Annotated[str, fields.AGREEMENT, "number of the agreement the goods lie there under"]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY]
    received_on: Annotated[
        Moment | None,
        fields.HAPPENED_ON,
        "day the goods came, from which they age, as 2026-03-31; empty: the day of stocking",
    ] = None
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str, fields.PLACE, "code of the place they lie at; empty: the consigned store"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[
        str,
        fields.SERIALS,
        "the maker's mark of one piece; of an item tracked by serial one for each "
        "piece, with ; between",
    ] = ""
    expires_on: Annotated[date | None, fields.EXPIRY] = None
    price: Annotated[
        int | None,
        fields.PRICE,
        "value of one unit; empty: the agreement's price of the day they came",
    ] = None
    currency: Annotated[str, fields.CURRENCY, "currency of that price; empty: the agreement's"] = ""
    weight: Annotated[
        Micros | None,
        fields.SHARE,
        "what the quantity actually weighs, in the item's own unit; empty: as the units say",
    ] = None
    customs_status: Annotated[
        CustomsStatus | None,
        fields.Choice(CustomsStatus, "free, bonded or free-zone; empty: not told"),
    ] = None
    customs_document: Annotated[str, fields.CUSTOMS_DOCUMENT] = ""
    origin: Annotated[str, fields.COUNTRY] = ""


def stock_programme(
    *, organization: OrganizationId, lines: Sequence[ProgrammeLine], by: str, at: datetime
) -> Result:
    """Stock a consignment store for the start of a programme, many lines in one posting.

    A price is the value the goods are held at; without one it is the agreement's price of the day
    they came, or else of the day of stocking.
    """
    outcome = Result()
    with postings.posting(
        organization, cause="initial-stock", recorded_at=at, recorded_by=by
    ) as posting:
        written = [_as_receipt(line) for line in lines]
        reader = Reader(posting, posting.places, written, values_consigned=True)
        read = []
        for index, (line, receipt) in enumerate(zip(lines, written, strict=True)):
            try:
                says = fingerprint(line, ("programme", "line"))
                if reader.is_told(receipt, says):
                    outcome.repeat(index)
                else:
                    read.append(
                        reader.read(index, receipt, says, _stocked_on(posting.organization, line))
                    )
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        take_in(posting, posting.places, reader, read, outcome)
    return outcome


def _as_receipt(line: ProgrammeLine) -> ReceiptLine:
    return ReceiptLine(
        line.programme, line.line, line.received_on or line.stocked_on,
        agreement=line.agreement, item=line.item, quantity=line.quantity, unit=line.unit,
        lot=line.lot, serial=line.serial, expires_on=line.expires_on, place=line.place,
        price=line.price, currency=line.currency, weight=line.weight,
        customs_status=line.customs_status, customs_document=line.customs_document,
        origin=line.origin, inspected=False,
    )  # fmt: skip


def _stocked_on(here: Organization, line: ProgrammeLine) -> date:
    """The day of stocking, which no goods come after."""
    stocked_on = here.day_here(line.stocked_on)
    received_on = here.day_here(line.received_on) if line.received_on else stocked_on
    if received_on > stocked_on:
        raise StockedBefore(received_on, stocked_on)
    return stocked_on
