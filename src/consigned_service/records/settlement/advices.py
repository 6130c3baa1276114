"""Settlement in the database: the billing calendar, totals that are due, advices, invoices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, Min, OuterRef, QuerySet

from consigned.master_data.agreements import Agreement, SummaryLevel
from consigned.master_data.taxes import read_tax
from consigned.measure.identity import (
    AgreementId,
    ItemId,
    OrganizationId,
    PartyId,
    TotalNumber,
)
from consigned.measure.money import Price
from consigned.settlement.advices import Advice, AdviceLine, Total
from consigned.settlement.invoices import Billed, Standing
from consigned.settlement.price_changes import is_correction
from consigned_service.records import models
from consigned_service.records.master_data import agreements
from consigned_service.records.master_data.amendments import read_amendments
from consigned_service.records.models.settlement import Numbered
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column
from consigned_service.records.sql.select import as_day


class SavedAdvice(NamedTuple):
    """An advice as it stands, with its number and what each line comes to."""

    id: int
    number: str
    agreement: AgreementId
    consignor: PartyId
    consignee: PartyId
    settlement_method: str
    payment_days: int
    currency: str
    lines: tuple[Billed, ...]
    owed: Mapping[OrganizationId, int]
    """The amount by organization."""
    tolerance: str = ""
    """By how much an invoice for it may differ, as the agreement says it."""
    taxes: Mapping[int, str] = {}
    """By which tax its lines are taxed, where they are."""
    starts_on: date = date.min
    """The first day of its cycle."""

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


class NewInvoice(NamedTuple):
    """An invoice to keep, with what is decided about it on the spot."""

    advice: SavedAdvice
    number: str
    invoiced_on: date
    due_on: date
    currency: str
    lines: Sequence[Billed]
    is_self_billed: bool
    standing: Standing
    because: str = ""


PaperKey = tuple[PartyId, str, int]
"""What a paper of a consignor is known by: whose it is, its number, and the year of its day."""


class ToldInvoice(NamedTuple):
    """All that an invoice says under its number."""

    advice: str
    invoiced_on: date
    currency: str
    lines: tuple[Billed, ...]


class StandingInvoice(NamedTuple):
    """An invoice as it stands."""

    id: int
    number: str
    consignor: PartyId
    advice: str
    currency: str
    amount: int
    due_on: date
    standing: Standing
    year: int

    @property
    def key(self) -> PaperKey:
        return self.consignor, self.number, self.year


# --- totals and the billing calendar ------------------------------------------------------


def closed_through(
    organization: OrganizationId, agreements: Iterable[AgreementId]
) -> dict[AgreementId, date]:
    """Through which day the advices of some agreements are made, seen from one organization."""
    chosen, ids = bulk.among(set(agreements))
    latest: dict[AgreementId, date] = {}
    for agreement, day in bulk.fetch(
        "SELECT agreement_id, closed_through FROM billing_calendar "
        f"WHERE agreement_id IN ({chosen}) AND organization_id IN (0, %s)",
        [ids, organization],
    ):
        latest[agreement] = max(day, latest.get(agreement, day))
    return latest


def due_totals(
    organizations: Iterable[OrganizationId],
    on: date,
    consignor: PartyId | None = None,
    site: int | None = None,
) -> dict[AgreementId, list[Total]]:
    """The totals that no advice has told yet, of cycles that closed by a day, by agreement; of one
    consignor alone, or of one of its sites."""
    rows = models.Total.objects.filter(
        organization_id__in=list(organizations), told_on__isnull=True, closes_on__lte=on
    )
    if consignor is not None:
        theirs = models.Agreement.objects.filter(consignor_id=consignor)
        if site is not None:
            theirs = theirs.filter(consignor_site_id=site)
        rows = rows.filter(agreement__in=theirs.values("pk"))
    due: dict[AgreementId, list[Total]] = defaultdict(list)
    for (organization, number, agreement, closes_on, item, happened_on, kind, price, currency,
         per, quantity, source, tax) in rows.values_list(
            "organization_id", "number", "agreement", "closes_on", "item_id", "happened_on",
            "kind", "price", "currency", "per", "quantity", "price_source", "tax",
        ):  # fmt: skip
        due[AgreementId(agreement)].append(
            Total(
                OrganizationId(organization), TotalNumber(number), AgreementId(agreement),
                closes_on, ItemId(item), happened_on, kind, Price(price, currency, per), quantity,
                is_correction(source), tax=tax,
            )
        )  # fmt: skip
    return due


def next_closing(organizations: Iterable[OrganizationId]) -> date | None:
    """When the next cycle closes in which something waits to be advised."""
    untold = models.Total.objects.filter(
        organization_id__in=list(organizations), told_on__isnull=True
    )
    closing: date | None = untold.aggregate(Min("closes_on"))["closes_on__min"]
    return closing


def mark_told(
    due: Mapping[AgreementId, Sequence[Total]],
    lines: Mapping[tuple[OrganizationId, TotalNumber], int],
    *,
    on: date,
) -> None:
    """Mark totals as told on a day, each on its line; what nets to nothing is on none."""
    rows = [
        (total.organization, total.number, on.isoformat(),
         lines.get((total.organization, total.number)))
        for totals in due.values()
        for total in totals
    ]  # fmt: skip
    if not rows:
        return
    with connection.cursor() as cursor:
        if bulk.is_postgres():
            columns = (
                Column("organization_id"), Column("number"), Column("told_on", "date"),
                Column("advice_line"),
            )  # fmt: skip
            source, parameters = bulk.rows_from(columns, rows)
            cursor.execute(
                "UPDATE running_total t SET told_on = s.told_on, advice_line = s.advice_line "
                f"FROM ({source}) AS s(organization_id, number, told_on, advice_line) "
                "WHERE t.organization_id = s.organization_id AND t.number = s.number",
                parameters,
            )
        else:
            cursor.executemany(
                "UPDATE running_total SET told_on = %s, advice_line = %s "
                "WHERE organization_id = %s AND number = %s",
                [(told_on, line, organization, number)
                 for organization, number, told_on, line in rows],
            )  # fmt: skip


def move_calendar(
    agreements: Mapping[AgreementId, Agreement], due: Mapping[AgreementId, Sequence[Total]]
) -> None:
    """Move each agreement's closing date on past the cycles of some totals, on a line of an advice
    or netted to nothing (checklist O18)."""
    closed: dict[tuple[AgreementId, int], date] = {}
    for id, totals in due.items():
        everywhere = agreements[id].summary_level is SummaryLevel.ALL_ORGANIZATIONS
        for total in totals:
            key = (id, 0 if everywhere else total.organization)
            closed[key] = max(total.closes_on, closed.get(key, total.closes_on))
    bulk.upsert(
        "billing_calendar",
        (Column("agreement_id"), Column("organization_id"), Column("closed_through", "date")),
        [(*key, closes_on.isoformat()) for key, closes_on in closed.items()],
        key=("agreement_id", "organization_id"),
        update="closed_through = CASE WHEN excluded.closed_through > "
        "billing_calendar.closed_through THEN excluded.closed_through "
        "ELSE billing_calendar.closed_through END",
    )


# --- advices ---------------------------------------------------------------------------------


def take_numbers(party: PartyId, kind: Numbered, how_many: int) -> int:
    """The first of the next numbers of a party's documents of a kind, without gaps."""
    numbering, _ = models.Numbering.objects.select_for_update().get_or_create(
        party_id=party, kind=kind
    )
    first = numbering.next
    numbering.next += how_many
    numbering.save(update_fields=["next"])
    return first


ADVICE = (
    Column("number", "text"), Column("agreement_id"), Column("consignor_id"),
    Column("consignee_id"), Column("organization_id"), Column("item_id"),
    Column("happened_on", "date"), Column("starts_on", "date"), Column("closes_on", "date"),
    Column("made_on", "date"), Column("recorded_on", "date"), Column("summary_level", "text"),
    Column("settlement_method", "text"), Column("currency", "text"), Column("amount"),
    Column("consignor_site_id"), Column("bill_to", "text"), Column("by_kind", "boolean"),
    Column("shows_lots", "boolean"), Column("tax_amount"),
)  # fmt: skip
ADVICE_LINE = (
    Column("advice_id"), Column("line"), Column("organization_id"), Column("item_id"),
    Column("happened_on", "date"), Column("quantity"), Column("price"), Column("per"),
    Column("amount"), Column("kind", "text"), Column("use_kind", "text"), Column("tax", "text"),
    Column("tax_amount"),
)  # fmt: skip


def save_advices(
    consignee: PartyId,
    advices: Sequence[Advice],
    *,
    made_on: date,
    days: Mapping[OrganizationId, date],
) -> tuple[list[SavedAdvice], dict[tuple[OrganizationId, TotalNumber], int]]:
    """Number and keep advices; answers them, and the line that tells each running total. `days`
    is the day that it is in each of the consignee's organizations."""
    if not advices:
        return [], {}
    code = agreements.party_codes([consignee])[consignee]
    first = take_numbers(consignee, Numbered.ADVICE, len(advices))
    named = [(f"{code}-{number:06d}", a) for number, a in enumerate(advices, start=first)]
    rows = [
        _advice_row(number, advice, made_on, day_of_advice(advice.organization, days))
        for number, advice in named
    ]
    ids = bulk.insert_numbered("advice", ADVICE, rows, key=("number",))
    lines = {
        (ids[number,], place): line
        for number, advice in named
        for place, line in enumerate(advice.lines, start=1)
    }
    line_ids = bulk.insert_numbered(
        "advice_line",
        ADVICE_LINE,
        [_line_row(*key, line) for key, line in lines.items()],
        key=("advice_id", "line"),
    )
    told = {
        (line.organization, total): line_ids[key]
        for key, line in lines.items()
        for total in line.totals
    }
    codes = _item_codes(line.item for line in lines.values())
    return [_saved(ids[number,], number, advice, codes) for number, advice in named], told


def day_of_advice(organization: OrganizationId | None, days: Mapping[OrganizationId, date]) -> date:
    """The day that it is for an advice: in its organization, or the one that has come in all."""
    return days[organization] if organization else min(days.values())


def _advice_row(number: str, advice: Advice, made_on: date, recorded_on: date) -> bulk.Row:
    agreement, cycle = advice.agreement, advice.cycle
    return (
        number, agreement.id, agreement.consignor, agreement.consignee, advice.organization,
        advice.item, advice.happened_on and advice.happened_on.isoformat(),
        cycle.starts_on.isoformat(), cycle.closes_on.isoformat(), made_on.isoformat(),
        recorded_on.isoformat(), str(agreement.summary_level),
        str(agreement.settlement_method), agreement.currency, advice.amount,
        agreement.consignor_site, agreement.bill_to, *advice.layout, advice.tax_amount,
    )  # fmt: skip


def _line_row(advice: int, place: int, line: AdviceLine) -> bulk.Row:
    return (
        advice, place, line.organization, line.item,
        line.happened_on and line.happened_on.isoformat(), line.quantity, line.price.micros,
        line.price.per, line.amount, str(line.kind), line.use_kind or "", line.tax,
        line.tax_amount,
    )  # fmt: skip


def _saved(id: int, number: str, advice: Advice, codes: Mapping[int, str]) -> SavedAdvice:
    agreement = advice.agreement
    owed: dict[OrganizationId, int] = defaultdict(int)
    for line in advice.lines:
        owed[line.organization] += line.amount
    return SavedAdvice(
        id, number, agreement.id, agreement.consignor, agreement.consignee,
        agreement.settlement_method, agreement.payment_days, agreement.currency,
        tuple(
            Billed(
                place, codes[line.item], line.quantity, line.price.micros, line.amount,
                line.price.per, line.tax_amount,
            )
            for place, line in enumerate(advice.lines, start=1)
        ),
        owed,
        taxes={place: line.tax for place, line in enumerate(advice.lines, start=1) if line.tax},
    )  # fmt: skip


def _item_codes(items: Iterable[int]) -> dict[int, str]:
    subquery, wanted = bulk.among(set(items))
    return dict(bulk.fetch(f"SELECT id, code FROM item WHERE id IN ({subquery})", [wanted]))


def read_advices(numbers: Iterable[str]) -> dict[str, SavedAdvice]:
    """Advices by number, as invoices are matched to them."""
    named, wanted = bulk.among(numbers, "text")
    rows = bulk.fetch(
        "SELECT a.id, a.number, a.agreement_id, a.consignor_id, a.consignee_id, "
        "a.settlement_method, g.payment_days, a.currency, g.invoice_tolerance, a.starts_on, "
        "a.closes_on "
        "FROM advice a "
        f"JOIN agreement g ON g.id = a.agreement_id WHERE a.number IN ({named})",
        [wanted],
    )
    chosen, ids = bulk.among(row[0] for row in rows)
    lines: dict[int, list[Billed]] = defaultdict(list)
    owed: dict[int, dict[OrganizationId, int]] = defaultdict(lambda: defaultdict(int))
    taxes: dict[int, dict[int, str]] = defaultdict(dict)
    for advice, organization, line, item, quantity, price, amount, per, tax, taxed in bulk.fetch(
        "SELECT l.advice_id, l.organization_id, l.line, i.code, l.quantity, l.price, l.amount, "
        "l.per, l.tax_amount, l.tax FROM advice_line l JOIN item i ON i.id = l.item_id "
        f"WHERE l.advice_id IN ({chosen}) ORDER BY l.advice_id, l.line",
        [ids],
    ):
        lines[advice].append(Billed(line, item, quantity, price, amount, per, tax))
        if taxed:
            taxes[advice][line] = taxed
        owed[advice][organization] += amount
    amendments = read_amendments({row[2] for row in rows})
    found = {}
    for (id, number, agreement, consignor, consignee, method, payment_days, currency, tolerance,
         starts_on, closes_on) in rows:  # fmt: skip
        amended = amendments.on(agreement, as_day(closes_on))
        found[number] = SavedAdvice(
            id, number, agreement, consignor, consignee, method,
            amended.get("payment_days", payment_days), currency, tuple(lines[id]), owed[id],
            amended.get("invoice_tolerance", tolerance), taxes[id], as_day(starts_on),
        )  # fmt: skip
    return found


def differences_of(advices: Iterable[int]) -> dict[int, dict[OrganizationId, int]]:
    """By how much what settles some advices differs from them, in each organization."""
    chosen, ids = bulk.among(advices)
    found: dict[int, dict[OrganizationId, int]] = defaultdict(dict)
    for advice, organization, difference in bulk.fetch(
        "SELECT s.advice_id, l.organization_id, SUM(v.amount - l.amount) FROM settlement s "
        "JOIN invoice_line v ON v.invoice_id = s.invoice_id "
        "JOIN advice_line l ON l.advice_id = s.advice_id AND l.line = v.line "
        f"WHERE s.advice_id IN ({chosen}) GROUP BY s.advice_id, l.organization_id "
        "HAVING SUM(v.amount - l.amount) <> 0",
        [ids],
    ):
        found[advice][organization] = int(difference)
    return found


class BilledTax(NamedTuple):
    """The tax that was billed to an organization, and what of it is recovered."""

    tax: int
    recovered: int


def taxes_of(advices: Iterable[int]) -> dict[int, dict[OrganizationId, BilledTax]]:
    """The tax of what settles some advices, in each organization."""
    chosen, ids = bulk.among(advices)
    found: dict[int, dict[OrganizationId, BilledTax]] = defaultdict(dict)
    for advice, organization, tax, billed in bulk.fetch(
        "SELECT s.advice_id, l.organization_id, l.tax, v.tax_amount FROM settlement s "
        "JOIN invoice_line v ON v.invoice_id = s.invoice_id AND v.tax_amount <> 0 "
        "JOIN advice_line l ON l.advice_id = s.advice_id AND l.line = v.line "
        f"WHERE s.advice_id IN ({chosen})",
        [ids],
    ):
        so_far = found[advice].get(organization, BilledTax(0, 0))
        found[advice][organization] = BilledTax(
            so_far.tax + billed, so_far.recovered + read_tax(tax).recovered(billed)
        )
    return found


# --- invoices and payments -------------------------------------------------------------------


def settled_by(advices: Iterable[int]) -> dict[int, str]:
    """The invoice that settles, or is staged or held for, each of some advices."""
    rejected = models.InvoiceDecision.objects.filter(
        invoice=OuterRef("pk"), standing=Standing.REJECTED
    )
    rows = models.Invoice.objects.filter(~Exists(rejected), advice_id__in=set(advices))
    return dict(rows.values_list("advice_id", "number"))


def told_invoices(keys: Iterable[PaperKey]) -> dict[PaperKey, ToldInvoice]:
    """What was told before of some consignors' invoices."""
    wanted = set(keys)
    heads = {
        row.pk: row
        for row in _numbered(
            {(consignor, number) for consignor, number, _ in wanted}
        ).select_related("advice")
        if (PartyId(row.consignor_id), row.number, row.year) in wanted
    }
    chosen, ids = bulk.among(heads)
    lines: dict[int, list[Billed]] = defaultdict(list)
    for invoice, *billed in bulk.fetch(
        "SELECT invoice_id, line, item, quantity, price, amount, per, tax_amount "
        "FROM invoice_line "
        f"WHERE invoice_id IN ({chosen}) ORDER BY line, id",
        [ids],
    ):
        lines[invoice].append(Billed(*billed))
    return {
        (PartyId(row.consignor_id), row.number, row.year): ToldInvoice(
            row.advice.number, row.invoiced_on, row.currency, tuple(sorted(lines[id]))
        )
        for id, row in heads.items()
    }


def _numbered(wanted: Collection[tuple[PartyId, str]]) -> QuerySet[models.Invoice]:
    """Invoices of some consignors under some numbers; the pairs wanted are among them."""
    return models.Invoice.objects.filter(
        consignor_id__in={consignor for consignor, _ in wanted},
        number__in=bulk.writable(number for _, number in wanted),
    )


INVOICE = (
    Column("consignor_id"), Column("consignee_id"), Column("number", "text"),
    Column("advice_id"), Column("invoiced_on", "date"), Column("year"), Column("due_on", "date"),
    Column("currency", "text"), Column("amount"), Column("is_self_billed", "boolean"),
    Column("tax_amount"),
)  # fmt: skip


def save_invoices(invoices: Sequence[NewInvoice], *, on: date, by: str) -> None:
    """Keep invoices as received, with the decision on each; an accepted one settles its advice."""
    ids = bulk.insert_numbered(
        "invoice",
        INVOICE,
        [
            (i.advice.consignor, i.advice.consignee, i.number, i.advice.id,
             i.invoiced_on.isoformat(), i.invoiced_on.year, i.due_on.isoformat(), i.currency,
             sum(line.amount + line.tax_amount for line in i.lines), i.is_self_billed,
             sum(line.tax_amount for line in i.lines))
            for i in invoices
        ],
        key=("consignor_id", "number", "year"),
    )  # fmt: skip
    kept = [
        (ids[invoice.advice.consignor, invoice.number, invoice.invoiced_on.year], invoice)
        for invoice in invoices
    ]
    bulk.insert(
        "invoice_line",
        ("invoice_id", "line", "item", "quantity", "price", "amount", "per", "tax_amount"),
        [(id, *line) for id, invoice in kept for line in invoice.lines],
    )
    _decide([(id, new.standing, new.because) for id, new in kept], on=on, by=by)
    _settle((new.advice.id, id) for id, new in kept if new.standing is Standing.ACCEPTED)


def _decide(
    decisions: Iterable[tuple[int, Standing, str]], *, on: date, by: str, evidence: str = ""
) -> None:
    bulk.insert(
        "invoice_decision",
        ("invoice_id", "standing", "decided_on", "decided_by", "because", "evidence"),
        [(id, str(standing), on.isoformat(), by, why, evidence) for id, standing, why in decisions],
    )


def _settle(settled: Iterable[tuple[int, int]]) -> None:
    """Let each advice be settled by its invoice."""
    bulk.insert("settlement", ("advice_id", "invoice_id"), list(settled))


def read_invoices(
    numbers: Iterable[tuple[PartyId, str]],
) -> dict[tuple[PartyId, str], list[StandingInvoice]]:
    """Invoices as they stand, by consignor and number, year by year, locked until the end of the
    transaction."""
    wanted = set(numbers)
    found = _numbered(wanted).select_for_update(of=("self",)).select_related("advice")
    rows = [
        row for row in found.order_by("pk") if (PartyId(row.consignor_id), row.number) in wanted
    ]
    decisions = models.InvoiceDecision.objects.filter(invoice_id__in=[row.pk for row in rows])
    standing = dict(decisions.order_by("pk").values_list("invoice_id", "standing"))
    by_number: dict[tuple[PartyId, str], list[StandingInvoice]] = defaultdict(list)
    for row in rows:
        by_number[PartyId(row.consignor_id), row.number].append(
            StandingInvoice(
                row.pk, row.number, PartyId(row.consignor_id), row.advice.number, row.currency,
                row.amount, row.due_on, Standing(standing[row.pk]), row.year,
            )
        )  # fmt: skip
    return by_number


def decide(
    invoices: Sequence[StandingInvoice],
    standing: Standing,
    *,
    advices: Mapping[str, SavedAdvice],
    on: date,
    by: str,
    because: str,
    evidence: str = "",
) -> None:
    """Keep a decision about some invoices; accepting one settles its advice."""
    _decide(
        [(invoice.id, standing, because) for invoice in invoices], on=on, by=by, evidence=evidence
    )
    if standing is Standing.ACCEPTED:
        _settle((advices[invoice.advice].id, invoice.id) for invoice in invoices)


def payable(consignee: PartyId, on: date) -> list[tuple[StandingInvoice, SavedAdvice]]:
    """Accepted invoices of a consignee that are due by a day and not paid, with their advices."""
    rows = bulk.fetch(
        "SELECT i.id, i.number, i.consignor_id, a.number, i.currency, i.amount, i.due_on, i.year "
        "FROM settlement s JOIN invoice i ON i.id = s.invoice_id "
        "JOIN advice a ON a.id = s.advice_id WHERE i.consignee_id = %s AND i.due_on <= %s "
        "AND NOT EXISTS (SELECT 1 FROM payment_line p WHERE p.invoice_id = i.id) "
        "ORDER BY i.consignor_id, i.id",
        [consignee, on],
    )
    invoices = [
        StandingInvoice(
            id, number, consignor, advice, currency, amount, due_on, Standing.ACCEPTED, year
        )
        for id, number, consignor, advice, currency, amount, due_on, year in rows
    ]
    advices = read_advices({invoice.advice for invoice in invoices})
    return [(invoice, advices[invoice.advice]) for invoice in invoices]


def save_payments(
    consignee: PartyId,
    groups: Sequence[Sequence[StandingInvoice]],
    netted: Sequence[int],
    *,
    on: date,
    by: str,
) -> list[int]:
    """Keep payments, each of one consignor's invoices in one currency, less what it nets; answers
    their ids."""
    if not groups:
        return []
    code = agreements.party_codes([consignee])[consignee]
    first = take_numbers(consignee, Numbered.PAYMENT, len(groups))
    rows = models.Payment.objects.bulk_create(
        [
            models.Payment(
                number=f"{code}-P{number:06d}",
                consignor_id=paid[0].consignor,
                consignee_id=consignee,
                paid_on=on,
                currency=paid[0].currency,
                amount=sum(invoice.amount for invoice in paid) - less,
            )
            for number, (paid, less) in enumerate(zip(groups, netted, strict=True), start=first)
        ]
    )
    bulk.insert(
        "payment_line",
        ("payment_id", "invoice_id", "amount"),
        [
            (row.pk, invoice.id, invoice.amount)
            for row, paid in zip(rows, groups, strict=True)
            for invoice in paid
        ],
    )
    _decide([(invoice.id, Standing.PAID, "") for paid in groups for invoice in paid], on=on, by=by)
    return [row.pk for row in rows]
