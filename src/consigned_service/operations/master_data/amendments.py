"""Amending agreements from a day on, and ending them early; each act with both parties' consent.

Which terms may change, from which day and as of which day each is read, says `trade.amendments`.
What is amended is kept beside the agreement and never written over it: both parties read what was,
what is and since when.

Refuses: UnknownAgreement, NothingAmended, AmendsDaysGoneBy, AmendedLater, AgreementNotInForce,
NotTheFirstDayOfACycle, ClosesBeforeItBegins, CycleIsTold, UsedAlready, EndsBeforeItStarts,
EndsBeforeLastUse, NoEarlierEnd, Differs; what an agreement may not say.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from consigned.master_data.agreements import Agreement, UnknownAgreement
from consigned.master_data.amendments import (
    AMENDABLE,
    AmendedLater,
    ClosesBeforeItBegins,
    EndsBeforeLastUse,
    NoEarlierEnd,
    NothingAmended,
    check_day,
)
from consigned.measure.identity import OrganizationId
from consigned.measure.period import parse_day
from consigned_service.operations.core import fields
from consigned_service.operations.core.lines import read_line
from consigned_service.operations.core.outcome import Differs, Result, one_by_one
from consigned_service.operations.master_data.agreements import (
    AgreementLine,
    EndsBeforeItStarts,
    read_agreement,
)
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import amendments as records
from consigned_service.records.master_data.agreements import AgreementRow
from consigned_service.records.master_data.amendments import AmendmentRow, written

NONE = "none"
"""How a line takes a term away."""


class AmendmentLine(NamedTuple):
    """Terms of an agreement that change from a day on; what is empty stays."""

    agreement: Annotated[str, fields.AGREEMENT]
    reference: Annotated[
        str,
        fields.ACT_NUMBER,
        "number of the amendment under the agreement, so that it is recorded once",
    ]
    starts_on: Annotated[
        date,
        fields.DAY,
        "first day on which the columns below hold, as 2026-03-31; terms of advices and"
        " invoices change with the first day of a billing cycle",
    ]
    consent: Annotated[
        str, fields.Text("the other party's consent, in words that both will recognise", 200)
    ]
    because: Annotated[str, fields.BECAUSE] = ""
    frequency: Annotated[str, fields.AMENDED] = ""
    first_closing_on: Annotated[str, fields.AMENDED] = ""
    closing_days: Annotated[str, fields.AMENDED] = ""
    summary_level: Annotated[str, fields.AMENDED] = ""
    settlement_method: Annotated[str, fields.AMENDED] = ""
    bill_to: Annotated[str, fields.AMENDED] = ""
    payment_days: Annotated[str, fields.AMENDED] = ""
    invoice_tolerance: Annotated[str, fields.AMENDED] = ""
    price_sources: Annotated[str, fields.AMENDED] = ""
    taxed: Annotated[str, fields.AMENDED] = ""
    aging_days: Annotated[str, fields.AMENDED] = ""
    aging_onset: Annotated[str, fields.AMENDED] = ""
    aged_outcome: Annotated[str, fields.AMENDED] = ""
    display_days: Annotated[str, fields.AMENDED] = ""
    return_by: Annotated[str, fields.AMENDED] = ""
    end_of_term: Annotated[str, fields.AMENDED] = ""
    grace_days: Annotated[str, fields.AMENDED] = ""
    rotation_percent: Annotated[str, fields.AMENDED_FIGURE] = ""
    rotation_every_days: Annotated[str, fields.AMENDED] = ""
    over_receipt_percent: Annotated[str, fields.AMENDED_FIGURE] = ""
    under_receipt_percent: Annotated[str, fields.AMENDED_FIGURE] = ""
    loss_responsibility: Annotated[str, fields.AMENDED] = ""
    liability: Annotated[str, fields.AMENDED] = ""
    count_method: Annotated[str, fields.AMENDED] = ""
    count_every_days: Annotated[str, fields.AMENDED] = ""
    cycle_count_percent: Annotated[str, fields.AMENDED_FIGURE] = ""


class AgreementEndLine(NamedTuple):
    """The earlier end of an agreement."""

    agreement: Annotated[str, fields.AGREEMENT]
    reference: Annotated[str, fields.ACT_NUMBER]
    ends_on: Annotated[
        date,
        fields.DAY,
        "first day on which it no longer holds, as 2026-03-31; it is earlier than the "
        "end that there is, and after what was used and received under it",
    ]
    consent: Annotated[
        str, fields.Text("the other party's consent, in words that both will recognise", 200)
    ]
    because: Annotated[str, fields.BECAUSE] = ""


class Said(NamedTuple):
    """The head of a line as it was understood."""

    agreement: str
    reference: str
    on: date
    consent: str
    because: str


def amend_agreements(*, lines: Sequence[AmendmentLine], by: str, at: datetime) -> Result:
    """Change terms of agreements from a day on, each line in a transaction of its own; a number
    tells each once."""

    def amend(line: AmendmentLine, _: Result) -> bool:
        said = _head(line, line.starts_on)
        return _amend(said, line, by, at)

    return one_by_one(lines, amend)


def end_agreements(*, lines: Sequence[AgreementEndLine], by: str, at: datetime) -> Result:
    """Let agreements end earlier, each line in a transaction of its own; a number tells each once.

    Refuses an end before what happened under the agreement, and notes what goods lie there still.
    """

    def end(line: AgreementEndLine, outcome: Result) -> bool:
        said = _head(line, line.ends_on)
        return _end(said, outcome, by, at)

    return one_by_one(lines, end)


def _head(line: AmendmentLine | AgreementEndLine, day: date) -> Said:
    return Said(line.agreement, line.reference, day, line.consent, line.because)


def _agreement(number: str) -> Agreement:
    found = agreement_records.agreements_by_number([number])
    if number not in found:
        raise UnknownAgreement(number)
    return found[number]


# --- amending ----------------------------------------------------------------------------


def _amend(said: Said, line: AmendmentLine, by: str, at: datetime) -> bool:
    """Do one amendment; answers whether it is new."""
    agreement = _agreement(said.agreement)
    organizations = agreement_records.organizations_of(agreement.consignee)
    with ledger.writing(organizations):
        stood = records.standing([(said.agreement, said.reference)])
        if before := stood.get((said.agreement, said.reference)):
            _check_same(before, said, line)
            return False
        agreement = _agreement(said.agreement)
        changed = _changed(said, line)
        _check(
            agreement,
            said,
            line,
            changed,
            organizations,
            today=day_of_party(agreement.consignee, at),
        )
        records.add(
            [
                AmendmentRow(
                    said.agreement, said.reference, said.on, term, written(was), written(became),
                    said.consent, said.because,
                )
                for term, (was, became) in changed.items()
            ],
            {agreement.number: agreement.id},
            by=by,
            on=day_of_party(agreement.consignee, at),
            at=at,
        )  # fmt: skip
    return True


def _named(line: AmendmentLine) -> dict[str, str]:
    """The terms that a line says anything of."""
    return {term: said for term in AMENDABLE if (said := getattr(line, term))}


def _with(said: Said, line: AmendmentLine) -> tuple[AgreementRow, AgreementRow]:
    """The agreement as it stands on the day, and as the line would have it.

    It is read as a whole, so that it may say nothing that a new one may not.
    """
    stands = agreement_records.agreement_on(said.agreement, said.on)
    would = {name: written(getattr(stands, name)) for name in AgreementLine._fields}
    would["shrinkage_warning_percent"] = ""  # it is kept in millionths, and is not amended
    named = _named(line)
    if "frequency" in named:
        would |= {"first_closing_on": "", "closing_days": ""}
    would |= {term: "" if word.lower() == NONE else word for term, word in named.items()}
    return stands, read_agreement(read_line(AgreementLine, list(would.values())))


def _changed(said: Said, line: AmendmentLine) -> dict[str, tuple[Any, Any]]:
    """What differs from the day on: what each term is then without the line, and with it."""
    stands, became = _with(said, line)
    changed = {
        term: (getattr(stands, term), getattr(became, term))
        for term in AMENDABLE
        if getattr(stands, term) != getattr(became, term)
    }
    if not changed:
        raise NothingAmended(said.agreement, said.on)
    return changed


def _check(
    agreement: Agreement,
    said: Said,
    line: AmendmentLine,
    changed: Mapping[str, tuple[Any, Any]],
    organizations: Sequence[OrganizationId],
    *,
    today: date,
) -> None:
    for one in records.read_amendments([agreement.id]).of(agreement.id):
        if one.term in changed and one.starts_on > said.on:
            raise AmendedLater(agreement.number, one.term.replace("_", " "), one.starts_on, said.on)
    closing = changed.get("first_closing_on")
    if closing and (said_for := line.first_closing_on) and closing[1] < said.on:
        raise ClosesBeforeItBegins(said.agreement, said.on, parse_day(said_for))
    last = records.last_days(organizations, agreement.id)
    check_day(
        agreement, list(changed), said.on, today=today, last_closing=last.closing,
        last_used=last.used,
    )  # fmt: skip


def _check_same(before: Sequence[AmendmentRow], said: Said, line: AmendmentLine) -> None:
    """The same number told again says the same day, and the same of each term that it names."""
    number = f"{said.reference} of {said.agreement}"
    if before[0].starts_on != said.on:
        raise Differs("amendment", number, "day", str(before[0].starts_on), str(said.on))
    kept = {row.term: row.became for row in before}
    stands, again = _with(said, line)
    for term in _named(line):
        told = written(getattr(again, term))
        if kept.get(term, written(getattr(stands, term))) != told:
            stood = kept.get(term) or NONE
            raise Differs("amendment", number, term.replace("_", " "), stood, told or NONE)


# --- ending early ------------------------------------------------------------------------


def _end(said: Said, outcome: Result, by: str, at: datetime) -> bool:
    """End one agreement earlier; answers whether that is new."""
    agreement = _agreement(said.agreement)
    organizations = agreement_records.organizations_of(agreement.consignee)
    with ledger.writing(organizations):
        stood = records.standing([(said.agreement, said.reference)])
        if before := stood.get((said.agreement, said.reference)):
            if before[0].became != said.on.isoformat():
                number = f"{said.reference} of {said.agreement}"
                raise Differs("end", number, "day", before[0].became, str(said.on))
            return False
        start, end = agreement.period
        if said.on <= start:
            raise EndsBeforeItStarts(f"agreement {said.agreement}", start, said.on)
        if end and end <= said.on:
            raise NoEarlierEnd(said.agreement, said.on, end)
        last = records.last_days(organizations, agreement.id)
        for what, day in (("used", last.used), ("received", last.received)):
            if day and day >= said.on:
                raise EndsBeforeLastUse(said.agreement, said.on, what, day)
        records.add(
            [
                AmendmentRow(
                    said.agreement,
                    said.reference,
                    said.on,
                    "ends_on",
                    written(end),
                    said.on.isoformat(),
                    said.consent,
                    said.because,
                )
            ],
            {agreement.number: agreement.id},
            by=by,
            on=day_of_party(agreement.consignee, at),
            at=at,
        )
        agreement_records.end_agreement(agreement.id, said.on)
        if lying := agreement_records.items_under(organizations, agreement.id):
            outcome.notes.append(
                f"goods of {lying} {'item' if lying == 1 else 'items'} lie under "
                f"{said.agreement} still: send them back, or buy them, before it ends"
            )
    return True
