"""Credit notes: the supplier's, matched to its debit memo, and the ones we write for it (O54).

As invoices are matched to their advice: what agrees, or differs by no more than was agreed, is
accepted; what differs is held with both parties' figures, and is disputed, accepted as it was
credited, or sent back. An accepted credit note is less to pay; the payment run nets it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.parties import NumberOfSeveral, UnknownParty
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned.settlement.debit_memos import (
    CreditLinesDoNotAnswer,
    CreditNoteDecided,
    CreditNumberUsed,
    DebitMemoCredited,
    NotAwaitingCredit,
    NothingToCredit,
    NotTheirsToCredit,
    NumberOfAnotherPaper,
    SeveralDebitMemos,
    UnknownCreditNote,
    UnknownDebitMemo,
    say_credited,
)
from consigned.settlement.invoices import (
    NEXT,
    WAITS,
    Billed,
    Standing,
    match_invoice,
    read_tolerance,
)
from consigned_service.operations.accounting.document_journals import book_settlement
from consigned_service.operations.accounting.self_billing import SELF_BILLED
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Incomplete,
    Required,
    Result,
    required,
    text,
)
from consigned_service.operations.settlement.invoices import (
    by_day,
    check_alike,
    check_billed,
    days_of_consignees,
    group_papers,
    in_our_codes,
    read_billed,
    tally_papers,
)
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.ledger.posting import LedgerRow
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.settlement import debit_memos as records
from consigned_service.records.settlement.advices import PaperKey
from consigned_service.records.settlement.debit_memos import (
    NewCreditNote,
    SavedMemo,
    StandingCreditNote,
    ToldCreditNote,
)


class CreditNote(NamedTuple):
    """A credit note as received: it names the debit memo it answers, or the invoice that it is
    against; each line names the memo's."""

    consignor: PartyId
    number: str
    credited_on: date
    currency: str
    lines: Sequence[Billed]
    debit_memo: str = ""
    invoice: str = ""

    @property
    def key(self) -> PaperKey:
        return self.consignor, self.number.strip(), self.credited_on.year


class NamedCreditNote(NamedTuple):
    """A credit note that was kept, as its two parties call it; the year is needed where its
    consignor gave the number in several."""

    consignor: PartyId
    number: str
    year: int | None = None


class CreditNoteLine(NamedTuple):
    """A line of a credit note with what the whole of it says."""

    consignor: Annotated[str, fields.CONSIGNOR, "code of the party that credits"]
    credit_note: Annotated[
        str,
        fields.Code(
            "credit-note",
            "the consignor's number of it, one of its own in its year; its lines stand together",
            60,
        ),
    ]
    credited_on: Annotated[date, fields.DAY]
    currency: Annotated[str, fields.CURRENCY]
    line: Annotated[int, fields.LINE, "number of the debit memo's line that is credited"]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.SHARE, "how much is credited, in the unit of the debit memo"]
    price: Annotated[int, fields.PRICE, "price as on the debit memo, as 4.99"]
    amount: Annotated[Decimal, fields.AMOUNT, "what the line comes to, as 12.50"]
    debit_memo: Annotated[
        str, fields.Code("debit-memo", "number of the one debit memo that it answers", 60)
    ] = ""
    invoice: Annotated[
        str,
        fields.Code(
            "invoice",
            "the consignor's number of the invoice that it is against; enough where one "
            "debit memo of it is open",
            60,
        ),
    ] = ""
    per: Annotated[
        Micros | None,
        fields.SHARE,
        "how many units the price is for, as 100; empty: as many as on the memo",
    ] = None
    tax_amount: Annotated[
        Decimal | None, fields.AMOUNT, "the tax on the amount, as 2.38; empty: none"
    ] = None


def record_credit_notes(*, notes: Sequence[CreditNote], by: str, at: datetime) -> Result:
    """Record credit notes of any consignors and match each to its debit memo, line by line.

    `waiting` in the outcome counts the ones that are held because they differ. A credit note told
    again as it stands changes nothing.
    """
    outcome = Result()
    tally_papers(outcome, [[index] for index in range(len(notes))], _record(notes, by=by, at=at))
    return outcome


def record_credit_note_lines(*, lines: Sequence[CreditNoteLine], by: str, at: datetime) -> Result:
    """Record credit notes told line by line, each taken whole or not at all.

    A credit note of which a line cannot be understood is refused with all its lines.
    """
    outcome = Result()
    consignors = agreement_records.party_ids({line.consignor for line in lines})
    papers = group_papers(
        (line.consignor, line.credit_note, line.credited_on, line.debit_memo or line.invoice)
        for line in lines
    )
    groups, told = [], []
    for group in papers:
        if note := _read_note(lines, group, consignors, outcome):
            groups.append(group)
            told.append(note)
    tally_papers(outcome, groups, _record(told, by=by, at=at))
    return outcome


def _read_note(
    lines: Sequence[CreditNoteLine],
    group: Sequence[int],
    consignors: Mapping[str, PartyId],
    outcome: Result,
) -> CreditNote | None:
    """A credit note from its lines; None where one of them is refused, and all with it."""
    first = lines[group[0]]
    refused: dict[int, Refusal] = {}
    credited = []
    for index in group:
        try:
            _check_head(first, lines[index], consignors)
            credited.append(read_billed(lines[index]))
        except Refusal as refusal:
            refused[index] = refusal
    if not refused:
        return CreditNote(
            consignors[first.consignor], first.credit_note, first.credited_on, first.currency,
            credited, first.debit_memo, first.invoice,
        )  # fmt: skip
    for index in group:
        outcome.refuse(index, refused.get(index) or Incomplete("credit note", first.credit_note))
    return None


def _check_head(
    first: CreditNoteLine, line: CreditNoteLine, consignors: Mapping[str, PartyId]
) -> None:
    """What a line says of its whole paper is known, and is what the first line says."""
    if not (line.invoice or line.debit_memo):
        raise Required("debit_memo")
    if line.consignor not in consignors:
        raise UnknownParty(line.consignor)
    of_all = ("debit_memo", "invoice", "credited_on", "currency")
    check_alike("credit note", line.credit_note, first, line, of_all)


def _record(
    notes: Sequence[CreditNote], *, by: str, at: datetime
) -> list[NewCreditNote | Refusal | None]:
    """What came of each credit note: kept, refused, or told before as it stands."""
    in_codes = in_our_codes([note.lines for note in notes])
    notes = [note._replace(lines=lines) for note, lines in zip(notes, in_codes, strict=True)]
    against = records.open_memos_of((n.consignor, n.invoice.strip()) for n in notes)
    named = {n.debit_memo.strip() for n in notes} | {m for memos in against.values() for m in memos}
    memos = records.read_memos(named)
    with ledger.writing({o for memo in memos.values() for o in memo.asked}) as ledgers:
        answered = records.answered_by(memo.id for memo in memos.values())
        told = records.told_notes(note.key for note in notes)
        invoices = records.numbers_of_invoices(note.key for note in notes)
        codes = agreement_records.party_codes({note.consignor for note in notes})
        days = days_of_consignees(memos.values(), at)
        results: list[NewCreditNote | Refusal | None] = []
        for note in notes:
            try:
                owes = memos.get(note.debit_memo.strip())
                today = days[owes.consignee if owes else None]
                check_billed(note.currency, note.credited_on, note.lines, today=today)
                if note.key in invoices:
                    raise NumberOfAnotherPaper(codes[note.consignor], note.key[1], "an invoice")
                if note.key not in told:
                    memo = _memo_of(note, memos, against, answered)
                    results.append(_match(note, memo, answered))
                    told[note.key] = _content(note, memo)
                elif _says(note, told[note.key]):
                    results.append(None)
                else:
                    raise CreditNumberUsed(codes[note.consignor], *note.key[1:])
            except Refusal as refusal:
                results.append(refusal)
        new = [result for result in results if isinstance(result, NewCreditNote)]
        for on, some in by_day(new, lambda one: days[one.memo.consignee]):
            records.save_notes(some, on=on, by=by)
            _book_accepted(ledgers, some, on=on, by=by, at=at)
    return results


def _content(note: CreditNote, memo: SavedMemo) -> ToldCreditNote:
    return ToldCreditNote(
        memo.number, memo.invoice, note.credited_on, note.currency, tuple(sorted(note.lines))
    )


def _says(note: CreditNote, told: ToldCreditNote) -> bool:
    """Whether a credit note says what was told under its number before."""
    debit_memo, invoice, *content = told
    return (
        note.debit_memo.strip() in ("", debit_memo)
        and note.invoice.strip() in ("", invoice)
        and [note.credited_on, note.currency, tuple(sorted(note.lines))] == content
    )


def _memo_of(
    note: CreditNote,
    memos: Mapping[str, SavedMemo],
    against: Mapping[tuple[PartyId, str], Sequence[str]],
    answered: Mapping[int, str],
) -> SavedMemo:
    """The debit memo that a credit note names, or the one that its invoice has open."""
    said, invoice = note.debit_memo.strip(), note.invoice.strip()
    if not said:
        if not invoice:
            raise Required("debit_memo")
        names = against.get((note.consignor, invoice), ())
        found = [memos[name] for name in names if memos[name].id not in answered]
        if not found:
            raise NothingToCredit(invoice)
        if len(found) > 1:
            raise SeveralDebitMemos(invoice, tuple(memo.number for memo in found))
        return found[0]
    memo = memos.get(said)
    if memo is None or memo.consignor != note.consignor:
        raise UnknownDebitMemo(said)
    if invoice and invoice != memo.invoice:
        raise Differs("debit memo", memo.number, "invoice", memo.invoice or "none", invoice)
    return memo


def _match(note: CreditNote, memo: SavedMemo, answered: dict[int, str]) -> NewCreditNote:
    number = required(note.number, "number", 60)
    if memo.settlement_method == SettlementMethod.REPORT_ONLY:
        raise NotAwaitingCredit(memo.number, memo.settlement_method)
    if memo.id in answered:
        raise DebitMemoCredited(memo.number, answered[memo.id])
    answered[memo.id] = number
    differences, tolerated = match_invoice(
        memo.lines,
        note.lines,
        advised_in=memo.currency,
        billed_in=note.currency,
        tolerance=read_tolerance(memo.tolerance, memo.currency),
        taxes=memo.taxes,
    )
    return NewCreditNote(
        memo=memo,
        number=number,
        credited_on=note.credited_on,
        currency=note.currency,
        lines=note.lines,
        is_self_billed=False,
        standing=Standing.HELD if differences else Standing.ACCEPTED,
        because="\n".join(map(say_credited, differences or tolerated)),
    )


def self_credit(
    ledgers: Mapping[OrganizationId, LedgerRow],
    memos: Iterable[SavedMemo],
    *,
    on: date,
    by: str,
    at: datetime,
) -> int:
    """Write the credit notes of self-billed invoices' memos on the consignors' behalf; answers how
    many. They stand as the invoices that we write: accepted, or staged for a person."""
    written = [
        NewCreditNote(
            memo=memo,
            number=f"SB-{memo.number}",
            credited_on=on,
            currency=memo.currency,
            lines=memo.lines,
            is_self_billed=True,
            standing=SELF_BILLED[SettlementMethod(memo.settlement_method)],
        )
        for memo in memos
        if memo.settlement_method in SELF_BILLED
    ]
    if written:
        records.save_notes(written, on=on, by=by)
        _book_accepted(ledgers, written, on=on, by=by, at=at)
    return len(written)


def accept_credit_note(
    *,
    consignor: PartyId,
    number: str,
    by: str,
    at: datetime,
    because: str = "",
    consignee: PartyId | None = None,
    year: int | None = None,
) -> None:
    """Release a staged credit note that we wrote, or accept one that is held or disputed as it was
    credited, for a reason; refused where another party than the `consignee` named decides."""
    _decide(
        NamedCreditNote(consignor, number, year), Standing.ACCEPTED, by=by, at=at, because=because,
        consignee=consignee,
    )  # fmt: skip


def dispute_credit_note(
    *,
    consignor: PartyId,
    number: str,
    by: str,
    at: datetime,
    because: str,
    evidence: str = "",
    consignee: PartyId | None = None,
    year: int | None = None,
) -> None:
    """Dispute a held credit note, with what our own record says and where it is to be seen."""
    _decide(
        NamedCreditNote(consignor, number, year),
        Standing.DISPUTED,
        by=by,
        at=at,
        because=required(because, "because", 1000),
        evidence=text(evidence, "evidence", 4000),
        consignee=consignee,
    )


def reject_credit_note(
    *,
    consignor: PartyId,
    number: str,
    by: str,
    at: datetime,
    because: str,
    consignee: PartyId | None = None,
    year: int | None = None,
) -> None:
    """Send a held or staged credit note back; the debit memo then awaits another one."""
    _decide(
        NamedCreditNote(consignor, number, year), Standing.REJECTED, by=by, at=at,
        because=required(because, "because", 1000), consignee=consignee,
    )  # fmt: skip


def _decide(
    named: NamedCreditNote,
    standing: Standing,
    *,
    by: str,
    at: datetime,
    because: str,
    evidence: str = "",
    consignee: PartyId | None = None,
) -> None:
    with ledger.writing(()):
        note = _the_one(named)
        memos = records.read_memos([note.debit_memo])
        memo = memos[note.debit_memo]
        _check_decision(note, memo, standing, because, consignee)
        on = day_of_party(memo.consignee, at)
        with ledger.writing(memo.asked) as ledgers:
            records.decide(
                [note], standing, memos=memos, on=on, by=by, because=because,
                evidence=evidence,
            )  # fmt: skip
            if standing is Standing.ACCEPTED:
                _book(ledgers, [memo], on=on, by=by, at=at)


def _the_one(named: NamedCreditNote) -> StandingCreditNote:
    """The credit note that is meant by its name."""
    key = (named.consignor, named.number.strip())
    given = [
        one for one in records.read_notes([key]).get(key, ()) if named.year in (None, one.year)
    ]
    if not given:
        raise UnknownCreditNote(named.number)
    if len(given) > 1:
        code = agreement_records.party_codes([named.consignor])[named.consignor]
        years = tuple(f"{code} in {one.year}" for one in given)
        raise NumberOfSeveral("credit note", key[1], years)
    return given[0]


def _check_decision(
    note: StandingCreditNote,
    memo: SavedMemo,
    standing: Standing,
    because: str,
    consignee: PartyId | None,
) -> None:
    if consignee not in (None, memo.consignee):
        code = agreement_records.party_codes([memo.consignee])[memo.consignee]
        raise NotTheirsToCredit(note.number, code)
    if standing not in NEXT[note.standing]:
        raise CreditNoteDecided(note.number, note.standing, standing)
    if standing is Standing.ACCEPTED and note.standing in WAITS:
        _check_answers(note, memo, because)


def _check_answers(note: StandingCreditNote, memo: SavedMemo, because: str) -> None:
    """One that differs is accepted for a reason, and if it answers each line of its memo."""
    if not because.strip():
        raise Required("because")
    key = (note.consignor, note.number, note.year)
    said = records.told_notes([key])[key]
    matched = match_invoice(
        memo.lines, said.lines, advised_in=memo.currency, billed_in=said.currency,
        taxes=memo.taxes,
    )  # fmt: skip
    for one in matched.differences:
        if not one.is_of_figures:
            raise CreditLinesDoNotAnswer(note.number, say_credited(one))


def _book_accepted(
    ledgers: Mapping[OrganizationId, LedgerRow],
    notes: Iterable[NewCreditNote],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    accepted = [note.memo for note in notes if note.standing is Standing.ACCEPTED]
    _book(ledgers, accepted, on=on, by=by, at=at)


def _book(
    ledgers: Mapping[OrganizationId, LedgerRow],
    memos: Sequence[SavedMemo],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
    differences = records.differences_of(memo.id for memo in memos)
    taxes = records.taxes_of(memo.id for memo in memos)
    for memo in memos:
        parties = Parties(memo.consignee, memo.consignor, memo.agreement)
        for organization, amount in memo.asked.items():
            entries[organization].extend(
                journals.credit_accepted(parties, amount, memo.currency, on)
            )
        for organization, difference in differences[memo.id].items():
            entries[organization].extend(
                journals.credit_differs(parties, difference, memo.currency, on)
            )
        for organization, tax in taxes[memo.id].items():
            entries[organization].extend(journals.credit_taxed(parties, *tax, memo.currency, on))
    book_settlement(ledgers, entries, cause="credit-note", recorded_at=at, recorded_by=by)
