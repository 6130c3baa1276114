"""Settlement in the database: the billing calendar, totals that are due, advices, invoices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from consigned.measure.identity import (
    AgreementId,
    ItemId,
    OrganizationId,
    PartyId,
    TotalNumber,
)
from consigned.measure.money import Price
from consigned.settlement.advices import Advice, Total
from consigned.settlement.invoices import Billed, Standing
from consigned.trade.agreements import SummaryLevel
from consigned_service.records import agreements, bulk, models
from consigned_service.records.bulk import Column


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


# --- totals and the billing calendar ------------------------------------------------------


def closed_through(
    organization: OrganizationId, agreements: Iterable[AgreementId]
) -> dict[AgreementId, date]:
    """Through which day the advices of some agreements are made, seen from one organization."""
    rows = models.BillingCalendar.objects.filter(
        agreement_id__in=set(agreements), organization_id__in=(0, organization)
    )
    latest: dict[AgreementId, date] = {}
    for row in rows:
        agreement = AgreementId(row.agreement_id)
        latest[agreement] = max(row.closed_through, latest.get(agreement, row.closed_through))
    return latest


def due_totals(
    organizations: Iterable[OrganizationId], on: date, consignor: PartyId | None
) -> dict[AgreementId, list[Total]]:
    """The totals that no advice has told yet, of cycles that closed by a day, by agreement."""
    rows = models.Total.objects.filter(
        organization_id__in=list(organizations), told_on__isnull=True, closes_on__lte=on
    )
    if consignor is not None:
        theirs = models.Agreement.objects.filter(consignor_id=consignor)
        rows = rows.filter(agreement__in=theirs.values("pk"))
    due: dict[AgreementId, list[Total]] = defaultdict(list)
    for (organization, number, agreement, closes_on, item, happened_on, kind, price, currency,
         per, quantity) in rows.values_list(
            "organization_id", "number", "agreement", "closes_on", "item_id", "happened_on",
            "kind", "price", "currency", "per", "quantity",
        ):  # fmt: skip
        due[AgreementId(agreement)].append(
            Total(
                OrganizationId(organization), TotalNumber(number), AgreementId(agreement),
                closes_on, ItemId(item), happened_on, kind, Price(price, currency, per), quantity,
            )
        )  # fmt: skip
    return due


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


def move_calendar(advices: Iterable[Advice]) -> None:
    """Move each agreement's closing date on past the cycles that were told (checklist O18)."""
    closed: dict[tuple[AgreementId, int], date] = {}
    for advice in advices:
        everywhere = advice.agreement.summary_level is SummaryLevel.ALL_ORGANIZATIONS
        for organization in {0} if everywhere else {line.organization for line in advice.lines}:
            key = (advice.agreement.id, organization)
            closed[key] = max(advice.cycle.closes_on, closed.get(key, advice.cycle.closes_on))
    bulk.upsert(
        "billing_calendar",
        (Column("agreement_id"), Column("organization_id"), Column("closed_through", "date")),
        [(*key, closes_on.isoformat()) for key, closes_on in closed.items()],
        key=("agreement_id", "organization_id"),
        update="closed_through = excluded.closed_through",
    )


# --- advices ---------------------------------------------------------------------------------


def take_numbers(party: PartyId, kind: str, how_many: int) -> int:
    """The first of the next numbers of a party's documents of a kind, without gaps."""
    numbering, _ = models.Numbering.objects.select_for_update().get_or_create(
        party_id=party, kind=kind
    )
    first = numbering.next
    numbering.next += how_many
    numbering.save(update_fields=["next"])
    return first


def save_advices(
    consignee: PartyId, advices: Sequence[Advice], *, made_on: date
) -> tuple[list[SavedAdvice], dict[tuple[OrganizationId, TotalNumber], int]]:
    """Number and keep advices; answers them, and the line that tells each running total."""
    if not advices:
        return [], {}
    code = agreements.party_codes([consignee])[consignee]
    first = take_numbers(consignee, "advice", len(advices))
    rows = models.Advice.objects.bulk_create(
        [_advice_row(advice, f"{code}-{number:06d}", made_on)
         for number, advice in enumerate(advices, start=first)]
    )  # fmt: skip
    lines = [
        models.AdviceLine(
            advice_id=row.pk,
            line=number,
            organization_id=line.organization,
            item_id=line.item,
            happened_on=line.happened_on,
            quantity=line.quantity,
            price=line.price.micros,
            per=line.price.per,
            amount=line.amount,
        )
        for row, advice in zip(rows, advices, strict=True)
        for number, line in enumerate(advice.lines, start=1)
    ]
    models.AdviceLine.objects.bulk_create(lines, batch_size=10_000)
    ids = iter(line.pk for line in lines)
    told = {
        (line.organization, total): line_id
        for advice in advices
        for line, line_id in zip(advice.lines, ids, strict=False)
        for total in line.totals
    }
    codes = _item_codes(line.item for advice in advices for line in advice.lines)
    saved = [_saved(row, advice, codes) for row, advice in zip(rows, advices, strict=True)]
    return saved, told


def _advice_row(advice: Advice, number: str, made_on: date) -> models.Advice:
    agreement = advice.agreement
    return models.Advice(
        number=number,
        agreement_id=agreement.id,
        consignor_id=agreement.consignor,
        consignee_id=agreement.consignee,
        organization_id=advice.organization,
        item_id=advice.item,
        happened_on=advice.happened_on,
        starts_on=advice.cycle.starts_on,
        closes_on=advice.cycle.closes_on,
        made_on=made_on,
        summary_level=agreement.summary_level,
        settlement_method=agreement.settlement_method,
        currency=agreement.currency,
        amount=advice.amount,
    )


def _saved(row: models.Advice, advice: Advice, codes: Mapping[int, str]) -> SavedAdvice:
    owed: dict[OrganizationId, int] = defaultdict(int)
    for line in advice.lines:
        owed[line.organization] += line.amount
    return SavedAdvice(
        row.pk, row.number, advice.agreement.id, advice.agreement.consignor,
        advice.agreement.consignee, row.settlement_method, advice.agreement.payment_days,
        row.currency,
        tuple(
            Billed(number, codes[line.item], line.quantity, line.price.micros, line.amount)
            for number, line in enumerate(advice.lines, start=1)
        ),
        owed,
    )  # fmt: skip


def _item_codes(items: Iterable[int]) -> dict[int, str]:
    return dict(models.Item.objects.filter(pk__in=set(items)).values_list("pk", "code"))


def read_advices(numbers: Iterable[str]) -> dict[str, SavedAdvice]:
    """Advices by number, as invoices are matched to them."""
    rows = models.Advice.objects.filter(number__in=bulk.writable(numbers)).select_related(
        "agreement"
    )
    by_id = {row.pk: row for row in rows}
    lines: dict[int, list[Billed]] = defaultdict(list)
    owed: dict[int, dict[OrganizationId, int]] = defaultdict(lambda: defaultdict(int))
    for advice, line, organization, item, quantity, price, amount in (
        models.AdviceLine.objects.filter(advice_id__in=by_id)
        .order_by("advice_id", "line")
        .values_list(
            "advice_id", "line", "organization_id", "item__code", "quantity", "price", "amount"
        )
    ):
        lines[advice].append(Billed(line, item, quantity, price, amount))
        owed[advice][OrganizationId(organization)] += amount
    return {
        row.number: SavedAdvice(
            row.pk, row.number, AgreementId(row.agreement_id), PartyId(row.consignor_id),
            PartyId(row.consignee_id), row.settlement_method, row.agreement.payment_days,
            row.currency, tuple(lines[row.pk]), owed[row.pk],
        )
        for row in rows
    }  # fmt: skip


# --- invoices and payments -------------------------------------------------------------------


def settled_by(advices: Iterable[int]) -> dict[int, str]:
    """The invoice that settles, or is staged or held for, each of some advices."""
    rejected = models.InvoiceDecision.objects.filter(
        invoice=OuterRef("pk"), standing=Standing.REJECTED
    )
    rows = models.Invoice.objects.filter(~Exists(rejected), advice_id__in=set(advices))
    return dict(rows.values_list("advice_id", "number"))


def used_numbers(numbers: Iterable[tuple[PartyId, str]]) -> set[tuple[PartyId, str]]:
    """Which of some numbers their consignors have used before."""
    wanted = set(numbers)
    rows = _numbered(wanted).values_list("consignor_id", "number")
    return wanted & {(PartyId(consignor), number) for consignor, number in rows}


def _numbered(wanted: Collection[tuple[PartyId, str]]) -> QuerySet[models.Invoice]:
    """Invoices of some consignors under some numbers; the pairs wanted are among them."""
    return models.Invoice.objects.filter(
        consignor_id__in={consignor for consignor, _ in wanted},
        number__in=bulk.writable(number for _, number in wanted),
    )


def save_invoices(invoices: Sequence[NewInvoice], *, on: date, by: str) -> None:
    """Keep invoices as received, with the decision on each; an accepted one settles its advice."""
    rows = models.Invoice.objects.bulk_create(
        [
            models.Invoice(
                consignor_id=invoice.advice.consignor,
                consignee_id=invoice.advice.consignee,
                number=invoice.number,
                advice_id=invoice.advice.id,
                invoiced_on=invoice.invoiced_on,
                due_on=invoice.due_on,
                currency=invoice.currency,
                amount=sum(line.amount for line in invoice.lines),
                is_self_billed=invoice.is_self_billed,
            )
            for invoice in invoices
        ]
    )
    models.InvoiceLine.objects.bulk_create(
        [
            models.InvoiceLine(
                invoice_id=row.pk,
                line=line.line,
                item=line.item,
                quantity=line.quantity,
                price=line.price,
                amount=line.amount,
            )
            for row, invoice in zip(rows, invoices, strict=True)
            for line in invoice.lines
        ],
        batch_size=10_000,
    )
    _decide(
        [(row.pk, new.standing, new.because) for row, new in zip(rows, invoices, strict=True)],
        on=on,
        by=by,
    )
    models.Settlement.objects.bulk_create(
        [
            models.Settlement(advice_id=new.advice.id, invoice_id=row.pk)
            for row, new in zip(rows, invoices, strict=True)
            if new.standing is Standing.ACCEPTED
        ]
    )


def _decide(decisions: Iterable[tuple[int, Standing, str]], *, on: date, by: str) -> None:
    models.InvoiceDecision.objects.bulk_create(
        [
            models.InvoiceDecision(
                invoice_id=invoice, standing=standing, decided_on=on, decided_by=by, because=why
            )
            for invoice, standing, why in decisions
        ]
    )


def read_invoices(
    numbers: Iterable[tuple[PartyId, str]],
) -> dict[tuple[PartyId, str], StandingInvoice]:
    """Invoices as they stand, by consignor and number, locked until the end of the transaction."""
    wanted = set(numbers)
    found = _numbered(wanted).select_for_update(of=("self",)).select_related("advice")
    rows = [
        row for row in found.order_by("pk") if (PartyId(row.consignor_id), row.number) in wanted
    ]
    decisions = models.InvoiceDecision.objects.filter(invoice_id__in=[row.pk for row in rows])
    standing = dict(decisions.order_by("pk").values_list("invoice_id", "standing"))
    return {
        (PartyId(row.consignor_id), row.number): StandingInvoice(
            row.pk, row.number, PartyId(row.consignor_id), row.advice.number, row.currency,
            row.amount, row.due_on, Standing(standing[row.pk]),
        )
        for row in rows
    }  # fmt: skip


def decide(
    invoices: Sequence[StandingInvoice],
    standing: Standing,
    *,
    advices: Mapping[str, SavedAdvice],
    on: date,
    by: str,
    because: str,
) -> None:
    """Keep a decision about some invoices; accepting one settles its advice."""
    _decide([(invoice.id, standing, because) for invoice in invoices], on=on, by=by)
    if standing is Standing.ACCEPTED:
        models.Settlement.objects.bulk_create(
            [
                models.Settlement(advice_id=advices[invoice.advice].id, invoice_id=invoice.id)
                for invoice in invoices
            ]
        )


def payable(consignee: PartyId, on: date) -> list[tuple[StandingInvoice, SavedAdvice]]:
    """Accepted invoices of a consignee that are due by a day and not paid, with their advices."""
    unpaid = models.Settlement.objects.filter(
        invoice__consignee_id=consignee, invoice__due_on__lte=on
    ).filter(~Exists(models.PaymentLine.objects.filter(invoice=OuterRef("invoice"))))
    rows = list(
        unpaid.select_related("invoice", "advice").order_by("invoice__consignor_id", "invoice_id")
    )
    advices = read_advices({row.advice.number for row in rows})
    return [
        (
            StandingInvoice(
                row.invoice_id, row.invoice.number, PartyId(row.invoice.consignor_id),
                row.advice.number, row.invoice.currency, row.invoice.amount, row.invoice.due_on,
                Standing.ACCEPTED,
            ),
            advices[row.advice.number],
        )
        for row in rows
    ]  # fmt: skip


def save_payments(
    consignee: PartyId, groups: Sequence[Sequence[StandingInvoice]], *, on: date, by: str
) -> None:
    """Keep payments, each of one consignor's invoices in one currency."""
    if not groups:
        return
    code = agreements.party_codes([consignee])[consignee]
    first = take_numbers(consignee, "payment", len(groups))
    rows = models.Payment.objects.bulk_create(
        [
            models.Payment(
                number=f"{code}-P{number:06d}",
                consignor_id=paid[0].consignor,
                consignee_id=consignee,
                paid_on=on,
                currency=paid[0].currency,
                amount=sum(invoice.amount for invoice in paid),
            )
            for number, paid in enumerate(groups, start=first)
        ]
    )
    models.PaymentLine.objects.bulk_create(
        [
            models.PaymentLine(payment_id=row.pk, invoice_id=invoice.id, amount=invoice.amount)
            for row, paid in zip(rows, groups, strict=True)
            for invoice in paid
        ]
    )
    _decide([(invoice.id, Standing.PAID, "") for paid in groups for invoice in paid], on=on, by=by)
