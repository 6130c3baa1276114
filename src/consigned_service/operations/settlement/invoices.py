"""Invoices: the supplier's, matched to its advice before payment, and the ones we write for it.

The agreement says which it is (decision 0055). An invoice that agrees, or differs by no more than
was agreed, is accepted and settles its advice; one that differs is held with both parties' figures.
It is disputed with what our own record says, accepted as it was billed, or sent back; its
correction comes as a new invoice (checklist O43, O44, L33).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple, Protocol, TypeVar

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.parties import NotYet, NumberOfSeveral, UnknownParty
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.money import (
    LARGEST_AMOUNT,
    LARGEST_PRICE,
    InvalidAmount,
    check_currency,
    in_minor,
    show_price,
)
from consigned.measure.period import DAY
from consigned.measure.quantity import LARGEST, InvalidQuantity, Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.settlement.cancellations import AdviceCancelled
from consigned.settlement.debit_memos import NumberOfAnotherPaper
from consigned.settlement.invoices import (
    NEXT,
    WAITS,
    AdviceAlreadySettled,
    Billed,
    DatedBeforeUse,
    InvoiceDecided,
    InvoiceNumberUsed,
    LinesDoNotAnswer,
    NotAwaitingInvoice,
    NotTheirsToDecide,
    SeveralAdvicesNamed,
    Standing,
    UnknownAdvice,
    UnknownInvoice,
    match_invoice,
    read_tolerance,
)
from consigned_service.operations.accounting.document_journals import book_settlement
from consigned_service.operations.accounting.self_billing import self_billed
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Incomplete,
    InvalidNumber,
    Required,
    Result,
    required,
    text,
)
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.ledger.posting import LedgerRow
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement import cancellations as cancellation_records
from consigned_service.records.settlement import debit_memos as debit_records
from consigned_service.records.settlement.advices import (
    NewInvoice,
    PaperKey,
    SavedAdvice,
    StandingInvoice,
    ToldInvoice,
)
from consigned_service.records.settlement.cancellations import Cancellation

Paper = TypeVar("Paper")


class SupplierInvoice(NamedTuple):
    """A supplier's invoice as received: it names one advice and, on each line, the advice's."""

    number: str
    advice: str
    invoiced_on: date
    currency: str
    lines: Sequence[Billed]


LAST_LINE = 1_000_000


class NamedInvoice(NamedTuple):
    """An invoice that was kept, as its two parties call it; the year is needed where its consignor
    gave the number in several."""

    consignor: PartyId
    number: str
    year: int | None = None


class FromConsignor(NamedTuple):
    """An invoice and whose it is."""

    consignor: PartyId
    invoice: SupplierInvoice

    @property
    def key(self) -> PaperKey:
        return self.consignor, self.invoice.number.strip(), self.invoice.invoiced_on.year


def record_invoices(
    *, consignor: PartyId, invoices: Sequence[SupplierInvoice], by: str, at: datetime
) -> Result:
    """Record a consignor's invoices; as `record_incoming`."""
    incoming = [FromConsignor(consignor, invoice) for invoice in invoices]
    return record_incoming(invoices=incoming, by=by, at=at)


def record_incoming(*, invoices: Sequence[FromConsignor], by: str, at: datetime) -> Result:
    """Record invoices of any consignors and match each to its advice, line by line.

    `waiting` in the outcome counts the ones that are held because they differ. An invoice told
    again as it stands changes nothing. Refuses a number used in its year for another one, an advice
    that is not the consignor's, that is settled already, or that no supplier's invoice is
    expected for.
    """
    outcome = Result()
    results = _record(invoices, by=by, at=at)
    tally_papers(outcome, [[index] for index in range(len(invoices))], results)
    return outcome


def _record(
    invoices: Sequence[FromConsignor], *, by: str, at: datetime
) -> list[NewInvoice | Refusal | None]:
    """What came of each invoice: kept, refused, or told before as it stands."""
    named = in_our_codes([invoice.lines for _, invoice in invoices])
    invoices = [
        one._replace(invoice=one.invoice._replace(lines=lines))
        for one, lines in zip(invoices, named, strict=True)
    ]
    advices = settlement_records.read_advices({i.invoice.advice.strip() for i in invoices})
    organizations = {o for advice in advices.values() for o in advice.owed}
    with ledger.writing(organizations) as ledgers:
        settled = settlement_records.settled_by(advice.id for advice in advices.values())
        cancelled = cancellation_records.cancelled(advice.id for advice in advices.values())
        told = settlement_records.told_invoices(i.key for i in invoices)
        notes = debit_records.numbers_of_credit_notes(i.key for i in invoices)
        codes = agreement_records.party_codes({i.consignor for i in invoices})
        days = days_of_consignees(advices.values(), at)
        results: list[NewInvoice | Refusal | None] = []
        for incoming in invoices:
            (consignor, invoice), key = incoming, incoming.key
            try:
                owes = advices.get(invoice.advice.strip())
                today = days[owes.consignee if owes else None]
                check_billed(invoice.currency, invoice.invoiced_on, invoice.lines, today=today)
                if key in notes:
                    raise NumberOfAnotherPaper(codes[consignor], key[1], "a credit note")
                if key not in told:
                    results.append(_match(consignor, invoice, advices, settled, cancelled))
                    told[key] = _content(invoice)
                elif told[key] == _content(invoice):
                    results.append(None)
                else:
                    raise InvoiceNumberUsed(codes[consignor], *key[1:])
            except Refusal as refusal:
                results.append(refusal)
        new = [result for result in results if isinstance(result, NewInvoice)]
        for on, some in by_day(new, lambda one: days[one.advice.consignee]):
            settlement_records.save_invoices(some, on=on, by=by)
            _book_accepted(ledgers, some, on=on, by=by, at=at)
    return results


class OfConsignee(Protocol):
    """A paper that one consignee owes by."""

    @property
    def consignee(self) -> PartyId: ...


def days_of_consignees(papers: Iterable[OfConsignee], at: datetime) -> dict[PartyId | None, date]:
    """The day that it is for the consignees of some papers; for nobody known, the installation's
    day."""
    return {one: day_of_party(one, at) for one in (None, *{paper.consignee for paper in papers})}


def by_day(papers: Sequence[Paper], day: Callable[[Paper], date]) -> list[tuple[date, list[Paper]]]:
    """Papers by the day that it is for whom they concern, which is one day nearly always."""
    days: dict[date, list[Paper]] = defaultdict(list)
    for paper in papers:
        days[day(paper)].append(paper)
    return sorted(days.items())


def _content(invoice: SupplierInvoice) -> ToldInvoice:
    return ToldInvoice(
        invoice.advice.strip(), invoice.invoiced_on, invoice.currency, tuple(sorted(invoice.lines))
    )


class InvoiceLine(NamedTuple):
    """A line of a supplier's invoice with what the whole invoice says."""

    consignor: Annotated[str, fields.CONSIGNOR, "code of the party that bills"]
    invoice: Annotated[
        str,
        fields.Code(
            "invoice",
            "the consignor's number of the invoice, one of its own in its year; its lines "
            "stand together",
            60,
        ),
    ]
    advice: Annotated[str, fields.Code("advice", "number of the one advice that it answers", 60)]
    invoiced_on: Annotated[date, fields.DAY]
    currency: Annotated[str, fields.CURRENCY]
    line: Annotated[int, fields.LINE, "number of the advice's line that is billed"]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.SHARE, "how much is billed, in the unit of the advice"]
    price: Annotated[int, fields.PRICE, "price as on the advice, as 4.99"]
    amount: Annotated[Decimal, fields.AMOUNT, "what the line comes to without tax, as 12.50"]
    per: Annotated[
        Micros | None,
        fields.SHARE,
        "how many units the price is for, as 100; empty: as many as on the advice",
    ] = None
    tax_amount: Annotated[
        Decimal | None, fields.AMOUNT, "the tax on top of the amount, as 2.38; empty: none"
    ] = None


def record_invoice_lines(*, lines: Sequence[InvoiceLine], by: str, at: datetime) -> Result:
    """Record suppliers' invoices told line by line, each taken whole or not at all.

    An invoice of which a line cannot be understood is refused with all its lines.
    """
    outcome = Result()
    consignors = agreement_records.party_ids({line.consignor for line in lines})
    papers = group_papers(
        (line.consignor, line.invoice, line.invoiced_on, line.advice) for line in lines
    )
    groups, told = [], []
    for group in papers:
        if invoice := _read_invoice(lines, group, consignors, outcome):
            groups.append(group)
            told.append(invoice)
    tally_papers(outcome, groups, _record(told, by=by, at=at))
    return outcome


def group_papers(lines: Iterable[tuple[str, str, date, str]]) -> Iterator[list[int]]:
    """The places of the lines of each paper, told by consignor, number, day and what it answers.

    A number that begins anew with the year is another paper, where it answers something else."""
    by_number: dict[tuple[str, str], dict[int, list[int]]] = {}
    answered: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for index, (consignor, number, on, answers) in enumerate(lines):
        years = by_number.setdefault((consignor, number), {})
        years.setdefault(on.year, []).append(index)
        answered[consignor, number, on.year].add(answers)
    for (consignor, number), years in by_number.items():
        said = [answered[consignor, number, year] for year in years]
        if len(set().union(*said)) == sum(map(len, said)):
            yield from years.values()
        else:
            yield sorted(index for group in years.values() for index in group)


def _read_invoice(
    lines: Sequence[InvoiceLine],
    group: Sequence[int],
    consignors: Mapping[str, PartyId],
    outcome: Result,
) -> FromConsignor | None:
    """An invoice from its lines; None where one of them is refused, and all with it."""
    first = lines[group[0]]
    refused: dict[int, Refusal] = {}
    billed = []
    for index in group:
        try:
            _check_head(first, lines[index], consignors)
            billed.append(read_billed(lines[index]))
        except Refusal as refusal:
            refused[index] = refusal
    if not refused:
        invoice = SupplierInvoice(
            first.invoice, first.advice, first.invoiced_on, first.currency, billed
        )  # fmt: skip
        return FromConsignor(consignors[first.consignor], invoice)
    for index in group:
        outcome.refuse(index, refused.get(index) or Incomplete("invoice", first.invoice))
    return None


def _check_head(first: InvoiceLine, line: InvoiceLine, consignors: Mapping[str, PartyId]) -> None:
    """What a line says of its whole invoice is known, and is what the first line says."""
    if line.consignor not in consignors:
        raise UnknownParty(line.consignor)
    if first.advice != line.advice:
        raise SeveralAdvicesNamed(line.invoice, (first.advice, line.advice))
    check_alike("invoice", line.invoice, first, line, ("invoiced_on", "currency"))


def check_alike(what: str, number: str, first: object, line: object, names: Iterable[str]) -> None:
    """Refuse a line that says otherwise of its whole paper than the first line does."""
    for name in names:
        stands, said = getattr(first, name), getattr(line, name)
        if stands != said:
            raise Differs(what, number, name.replace("_", " "), str(stands), str(said))


class Kept(Protocol):
    """An invoice or a credit note that is kept, as it stands from the first."""

    @property
    def standing(self) -> Standing: ...


def tally_papers(
    outcome: Result, groups: Iterable[Sequence[int]], results: Iterable[Kept | Refusal | None]
) -> None:
    """Count what came of papers, each by the places of its lines: kept, refused, or told before."""
    for group, result in zip(groups, results, strict=True):
        if isinstance(result, Refusal):
            for index in group:
                outcome.refuse(index, result)
        elif result is None:
            for index in group:
                outcome.repeat(index)
        else:
            outcome.new += len(group)
            outcome.waiting += result.standing is Standing.HELD


class BilledLine(Protocol):
    """What a line of an invoice or a credit note bills."""

    @property
    def line(self) -> int: ...
    @property
    def item(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def price(self) -> int: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def per(self) -> int | None: ...
    @property
    def tax_amount(self) -> Decimal | None: ...


def read_billed(line: BilledLine) -> Billed:
    return Billed(
        line.line,
        line.item,
        line.quantity,
        line.price,
        in_minor(line.amount, line.currency),
        line.per or 0,
        in_minor(line.tax_amount or Decimal(0), line.currency),
    )


def in_our_codes(papers: Sequence[Sequence[Billed]]) -> list[list[Billed]]:
    """The lines of papers with the codes of our items, where they name those by their GTINs."""
    items = agreement_records.items_by_code({line.item for p in papers for line in p})
    return [
        [
            line._replace(item=items[line.item].code) if line.item in items else line
            for line in paper
        ]
        for paper in papers
    ]


def check_billed(currency: str, on: date, lines: Iterable[Billed], *, today: date) -> None:
    """What is billed may differ from what was advised, but must be something that can be billed."""
    check_currency(currency)
    if on > today + DAY:
        raise NotYet(on, today)
    for line in lines:
        required(line.item, "item", 60)
        if not 0 < line.line <= LAST_LINE:
            raise InvalidNumber("line", str(line.line), 1, LAST_LINE)
        if line.per < 0:
            raise InvalidQuantity(show_micros(line.per), "a price is for more than nothing")
        if max(abs(line.quantity), line.per) > LARGEST:
            raise InvalidQuantity(show_micros(line.quantity), "it is more than a million million")
        largest = max(abs(line.amount), abs(line.tax_amount))
        if abs(line.price) > LARGEST_PRICE or largest > LARGEST_AMOUNT:
            raise InvalidAmount(show_price(max(abs(line.price), largest)), "it is too large")


def _match(
    consignor: PartyId,
    invoice: SupplierInvoice,
    advices: Mapping[str, SavedAdvice],
    settled: dict[int, str],
    cancelled: Mapping[int, Cancellation],
) -> NewInvoice:
    number = required(invoice.number, "number", 60)
    advice = advices.get(invoice.advice.strip())
    if advice is None or advice.consignor != consignor:
        raise UnknownAdvice(invoice.advice)
    if advice.settlement_method != SettlementMethod.SUPPLIER_INVOICE:
        raise NotAwaitingInvoice(advice.number, advice.settlement_method)
    if found := cancelled.get(advice.id):
        raise AdviceCancelled(advice.number, found.on, found.because)
    if advice.id in settled:
        raise AdviceAlreadySettled(advice.number, settled[advice.id])
    if invoice.invoiced_on < advice.starts_on:
        raise DatedBeforeUse(number, invoice.invoiced_on, advice.number, advice.starts_on)
    settled[advice.id] = number
    differences, tolerated = match_invoice(
        advice.lines,
        invoice.lines,
        advised_in=advice.currency,
        billed_in=invoice.currency,
        tolerance=read_tolerance(advice.tolerance, advice.currency),
        taxes=advice.taxes,
    )
    return NewInvoice(
        advice=advice,
        number=number,
        invoiced_on=invoice.invoiced_on,
        due_on=invoice.invoiced_on + timedelta(days=advice.payment_days),
        currency=invoice.currency,
        lines=invoice.lines,
        is_self_billed=False,
        standing=Standing.HELD if differences else Standing.ACCEPTED,
        because="\n".join(map(str, differences or tolerated)),
    )


def self_bill(
    ledgers: Mapping[OrganizationId, LedgerRow],
    advices: Iterable[SavedAdvice],
    *,
    on: date,
    by: str,
    at: datetime,
) -> int:
    """Write the invoices of self-billed advices on the consignors' behalf; answers how many.

    Under the automatic method they are accepted at once; staged ones wait for a person.
    """
    if written := self_billed(advices, on=on):
        settlement_records.save_invoices(written, on=on, by=by)
        _book_accepted(ledgers, written, on=on, by=by, at=at)
    return len(written)


def accept_invoice(
    *,
    consignor: PartyId,
    number: str,
    by: str,
    at: datetime,
    because: str = "",
    consignee: PartyId | None = None,
    year: int | None = None,
) -> None:
    """Release a staged self-billed invoice, or accept one that is held or disputed as it was
    billed, for a reason. Refuses one that is neither, one that does not answer each line of its
    advice, or one that is to be decided by another party than the `consignee` named."""
    named = NamedInvoice(consignor, number, year)
    _decide(
        [named], Standing.ACCEPTED, by=by, at=at, because=because, consignee=consignee
    ).or_raise()


def accept_invoices(
    *, invoices: Sequence[NamedInvoice], by: str, at: datetime, because: str = ""
) -> Result:
    """Release staged self-billed invoices, or accept ones that are held or disputed, many at once;
    refuses each as `accept_invoice` does."""
    return _decide(invoices, Standing.ACCEPTED, by=by, at=at, because=because)


def dispute_invoice(
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
    """Dispute a held invoice, with what our own record says and where it is to be seen (checklist
    L33). Refuses one that is not held, or that is to be decided by another party than the
    `consignee` named."""
    _decide(
        [NamedInvoice(consignor, number, year)],
        Standing.DISPUTED,
        by=by,
        at=at,
        because=required(because, "because", 1000),
        evidence=text(evidence, "evidence", 4000),
        consignee=consignee,
    ).or_raise()


def dispute_invoices(
    *, invoices: Sequence[NamedInvoice], by: str, at: datetime, because: str, evidence: str = ""
) -> Result:
    """Dispute held invoices, many at once; refuses each as `dispute_invoice` does."""
    return _decide(
        invoices,
        Standing.DISPUTED,
        by=by,
        at=at,
        because=required(because, "because", 1000),
        evidence=text(evidence, "evidence", 4000),
    )


def reject_invoice(
    *,
    consignor: PartyId,
    number: str,
    by: str,
    at: datetime,
    because: str,
    consignee: PartyId | None = None,
    year: int | None = None,
) -> None:
    """Send a held or staged invoice back; the advice then awaits another one. Refuses one that is
    to be decided by another party than the `consignee` named."""
    named = NamedInvoice(consignor, number, year)
    why = required(because, "because", 1000)
    _decide([named], Standing.REJECTED, by=by, at=at, because=why, consignee=consignee).or_raise()


def reject_invoices(
    *, invoices: Sequence[NamedInvoice], by: str, at: datetime, because: str
) -> Result:
    """Send held or staged invoices back, many at once."""
    return _decide(invoices, Standing.REJECTED, by=by, at=at, because=because)


def _decide(
    named: Sequence[NamedInvoice],
    standing: Standing,
    *,
    by: str,
    at: datetime,
    because: str,
    evidence: str = "",
    consignee: PartyId | None = None,
) -> Result:
    outcome = Result()
    with ledger.writing(()):
        given = settlement_records.read_invoices((i.consignor, i.number.strip()) for i in named)
        found = {one.key: one for several in given.values() for one in several}
        advices = settlement_records.read_advices(invoice.advice for invoice in found.values())
        told = _billed_differently(found, standing)
        decided = []
        for index, name in enumerate(named):
            number = name.number
            try:
                invoice = found[_the_one(name, given)]
            except Refusal as unclear:
                outcome.refuse(index, unclear)
                continue
            owes = advices[invoice.advice].consignee
            if consignee not in (None, owes):
                code = agreement_records.party_codes([owes])[owes]
                outcome.refuse(index, NotTheirsToDecide(number, code))
            elif standing not in NEXT[invoice.standing]:
                outcome.refuse(index, InvoiceDecided(number, invoice.standing, standing))
            elif refusal := _unacceptable(invoice, advices[invoice.advice], told, because):
                outcome.refuse(index, refusal)
            else:
                found[invoice.key] = invoice._replace(standing=standing)
                decided.append(invoice)
        owed = {o for invoice in decided for o in advices[invoice.advice].owed}
        with ledger.writing(owed) as ledgers:
            days = days_of_consignees(advices.values(), at)
            for on, some in by_day(decided, lambda one: days[advices[one.advice].consignee]):
                settlement_records.decide(
                    some, standing, advices=advices, on=on, by=by, because=because,
                    evidence=evidence,
                )  # fmt: skip
                if standing is Standing.ACCEPTED:
                    accepted = [advices[invoice.advice] for invoice in some]
                    _book(ledgers, accepted, on=on, by=by, at=at)
    outcome.new = len(decided)
    return outcome


def _the_one(
    name: NamedInvoice, given: Mapping[tuple[PartyId, str], Sequence[StandingInvoice]]
) -> PaperKey:
    """Which invoice is meant by its name."""
    fitting = [
        one
        for one in given.get((name.consignor, name.number.strip()), ())
        if name.year in (None, one.year)
    ]
    if not fitting:
        raise UnknownInvoice(name.number)
    if len(fitting) > 1:
        code = agreement_records.party_codes([name.consignor])[name.consignor]
        raise NumberOfSeveral(
            "invoice", name.number.strip(), tuple(f"{code} in {one.year}" for one in fitting)
        )
    return fitting[0].key


def _billed_differently(
    found: Mapping[PaperKey, StandingInvoice], standing: Standing
) -> dict[PaperKey, ToldInvoice]:
    """What invoices say that differ and are to be accepted all the same."""
    if standing is not Standing.ACCEPTED:
        return {}
    return settlement_records.told_invoices(
        key for key, invoice in found.items() if invoice.standing in WAITS
    )


def _unacceptable(
    invoice: StandingInvoice,
    advice: SavedAdvice,
    told: Mapping[PaperKey, ToldInvoice],
    because: str,
) -> Refusal | None:
    """Why an invoice that differs cannot be accepted as it was billed, if it cannot."""
    said = told.get(invoice.key)
    if said is None:
        return None
    if not because.strip():
        return Required("because")
    matched = match_invoice(
        advice.lines, said.lines, advised_in=advice.currency, billed_in=said.currency,
        taxes=advice.taxes,
    )  # fmt: skip
    wrong = next((one for one in matched.differences if not one.is_of_figures), None)
    return LinesDoNotAnswer(invoice.number, str(wrong)) if wrong else None


def _book_accepted(
    ledgers: Mapping[OrganizationId, LedgerRow],
    invoices: Iterable[NewInvoice],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    accepted = [i.advice for i in invoices if i.standing is Standing.ACCEPTED]
    _book(ledgers, accepted, on=on, by=by, at=at)


def _book(
    ledgers: Mapping[OrganizationId, LedgerRow],
    advices: Iterable[SavedAdvice],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
    advices = list(advices)
    differences = settlement_records.differences_of(advice.id for advice in advices)
    taxes = settlement_records.taxes_of(advice.id for advice in advices)
    for advice in advices:
        parties = Parties(advice.consignee, advice.consignor, advice.agreement)
        for organization, amount in advice.owed.items():
            entries[organization].extend(
                journals.invoice_accepted(parties, amount, advice.currency, on)
            )
        for organization, difference in differences[advice.id].items():
            entries[organization].extend(
                journals.invoice_differs(parties, difference, advice.currency, on)
            )
        for organization, tax in taxes[advice.id].items():
            entries[organization].extend(journals.invoice_taxed(parties, *tax, advice.currency, on))
    book_settlement(ledgers, entries, cause="invoice", recorded_at=at, recorded_by=by)
