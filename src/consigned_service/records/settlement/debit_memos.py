"""Debit memos and credit notes in the database: what is asked back, credited, and netted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.taxes import read_tax
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.settlement.debit_memos import DebitMemo, Request
from consigned.settlement.invoices import Billed, Standing
from consigned_service.records import models
from consigned_service.records.master_data import agreements
from consigned_service.records.master_data.amendments import read_amendments
from consigned_service.records.models.settlement import Numbered
from consigned_service.records.settlement.advices import BilledTax, PaperKey, take_numbers
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

Named = tuple[PartyId, str]
"""A paper of a consignor by its number, of whichever year."""


class SavedMemo(NamedTuple):
    """A debit memo as it stands, with its number and what each line comes to."""

    id: int
    number: str
    invoice: str | None
    agreement: AgreementId
    consignor: PartyId
    consignee: PartyId
    settlement_method: str
    currency: str
    tolerance: str
    """By how much a credit note may differ from it: as an invoice from its advice."""
    lines: tuple[Billed, ...]
    asked: Mapping[OrganizationId, int]
    """The amount by organization, without tax."""
    taxes: Mapping[int, str]
    """By which tax its lines are taxed, where they are."""


class NewCreditNote(NamedTuple):
    """A credit note to keep, with what is decided about it on the spot."""

    memo: SavedMemo
    number: str
    credited_on: date
    currency: str
    lines: Sequence[Billed]
    is_self_billed: bool
    standing: Standing
    because: str = ""


class ToldCreditNote(NamedTuple):
    """All that a credit note says under its number."""

    debit_memo: str
    invoice: str | None
    credited_on: date
    currency: str
    lines: tuple[Billed, ...]


class StandingCreditNote(NamedTuple):
    """A credit note as it stands."""

    id: int
    number: str
    consignor: PartyId
    debit_memo: str
    currency: str
    amount: int
    standing: Standing
    year: int


# --- debit requests and debit memos --------------------------------------------------------

REQUESTED = (
    "debit_request d JOIN agreement a ON a.id = d.agreement "
    "LEFT JOIN advice_line al ON al.id = d.advice_line "
    "LEFT JOIN advice ad ON ad.id = al.advice_id LEFT JOIN settlement s ON s.advice_id = ad.id"
)
NOT_ASKED = (
    "NOT EXISTS (SELECT 1 FROM debit_memo_line m WHERE m.organization_id = d.organization_id "
    "AND m.request = d.number)"
)
READY = (
    "(s.id IS NOT NULL OR ad.id IS NULL "
    f"OR ad.settlement_method = '{SettlementMethod.REPORT_ONLY}')"
)
"""Its advice is settled; or nothing here settles it."""
ONE_MEMO = "COALESCE(ad.id, -d.agreement)"


def ready(
    organizations: Iterable[OrganizationId], on: date, *, consignor: PartyId | None, most: int
) -> list[Request]:
    """The debit requests of a day and before that no memo asks for, of as many invoices at most."""
    held, ids = bulk.among(organizations)
    where = f"d.organization_id IN ({held}) AND d.happened_on <= %s AND {NOT_ASKED} AND {READY}" + (
        " AND a.consignor_id = %s" if consignor is not None else ""
    )
    asked = [ids, on, *([consignor] if consignor is not None else [])]
    rows = bulk.fetch(
        "SELECT d.organization_id, d.number, a.consignor_id, d.agreement, ad.id, al.line, "
        "s.invoice_id, COALESCE(ad.settlement_method, a.settlement_method), d.currency, d.item_id, "
        "d.quantity, d.price, d.per, d.amount, COALESCE(al.tax, '') "
        f"FROM {REQUESTED} WHERE {where} AND {ONE_MEMO} IN "
        f"(SELECT DISTINCT {ONE_MEMO} FROM {REQUESTED} WHERE {where} ORDER BY 1 LIMIT %s)",
        [*asked, *asked, most],
    )
    return [
        Request(
            OrganizationId(organization), number, PartyId(consignor), AgreementId(agreement),
            advice, line, invoice, method, currency, ItemId(item), quantity, price, per, amount,
            tax,
        )
        for (organization, number, consignor, agreement, advice, line, invoice, method, currency,
             item, quantity, price, per, amount, tax) in rows
    ]  # fmt: skip


def count_waiting(organizations: Iterable[OrganizationId], consignor: PartyId | None) -> int:
    """How many debit requests wait for an invoice that settles their advice."""
    held, ids = bulk.among(organizations)
    rows = bulk.fetch(
        f"SELECT COUNT(*) FROM {REQUESTED} WHERE d.organization_id IN ({held}) AND {NOT_ASKED} "
        f"AND NOT {READY}" + (" AND a.consignor_id = %s" if consignor is not None else ""),
        [ids, *([consignor] if consignor is not None else [])],
    )
    return int(rows[0][0])


DEBIT_MEMO = (
    Column("number", "text"), Column("agreement_id"), Column("consignor_id"),
    Column("consignee_id"), Column("advice_id"), Column("invoice_id"),
    Column("settlement_method", "text"), Column("made_on", "date"), Column("currency", "text"),
    Column("amount"), Column("tax_amount"),
)  # fmt: skip


def save_memos(consignee: PartyId, memos: Sequence[DebitMemo], *, made_on: date) -> list[SavedMemo]:
    """Number and keep debit memos; answers them as they stand."""
    code = agreements.party_codes([consignee])[consignee]
    first = take_numbers(consignee, Numbered.DEBIT_MEMO, len(memos))
    named = [(f"{code}-D{number:06d}", memo) for number, memo in enumerate(memos, start=first)]
    ids = bulk.insert_numbered(
        "debit_memo",
        DEBIT_MEMO,
        [
            (number, m.agreement, m.consignor, consignee, m.advice, m.invoice, m.settlement_method,
             made_on.isoformat(), m.currency, m.amount, m.tax_amount)
            for number, m in named
        ],
        key=("number",),
    )  # fmt: skip
    bulk.insert(
        "debit_memo_line",
        ("debit_memo_id", "line", "organization_id", "request", "advice_line", "item_id",
         "quantity", "price", "per", "amount", "tax", "tax_amount"),
        [
            (ids[number,], place, r.organization, r.number, r.advice_line, r.item, r.quantity,
             r.price, r.per, r.amount, r.tax, r.tax_amount)
            for number, memo in named
            for place, r in enumerate(memo.lines, start=1)
        ],
    )  # fmt: skip
    saved = read_memos(number for number, _ in named)
    return [saved[number] for number, _ in named]


def read_memos(numbers: Iterable[str]) -> dict[str, SavedMemo]:
    """Debit memos by number, as credit notes are matched to them."""
    named, wanted = bulk.among(numbers, "text")
    rows = bulk.fetch(
        "SELECT m.id, m.number, v.number, m.agreement_id, m.consignor_id, m.consignee_id, "
        "m.settlement_method, m.currency, a.invoice_tolerance, m.made_on FROM debit_memo m "
        "JOIN agreement a ON a.id = m.agreement_id LEFT JOIN invoice v ON v.id = m.invoice_id "
        f"WHERE m.number IN ({named})",
        [wanted],
    )
    chosen, ids = bulk.among(row[0] for row in rows)
    lines: dict[int, list[Billed]] = defaultdict(list)
    asked: dict[int, dict[OrganizationId, int]] = defaultdict(lambda: defaultdict(int))
    taxes: dict[int, dict[int, str]] = defaultdict(dict)
    for memo, organization, line, item, quantity, price, amount, per, tax, taxed in bulk.fetch(
        "SELECT l.debit_memo_id, l.organization_id, l.line, i.code, l.quantity, l.price, l.amount, "
        "l.per, l.tax_amount, l.tax FROM debit_memo_line l JOIN item i ON i.id = l.item_id "
        f"WHERE l.debit_memo_id IN ({chosen}) ORDER BY l.debit_memo_id, l.line",
        [ids],
    ):
        lines[memo].append(Billed(line, item, quantity, price, amount, per, tax))
        if taxed:
            taxes[memo][line] = taxed
        asked[memo][organization] += amount
    amendments = read_amendments({row[3] for row in rows})
    return {
        number: SavedMemo(
            id, number, invoice, agreement, consignor, consignee, method, currency,
            amendments.on(agreement, made_on).get("invoice_tolerance", tolerance),
            tuple(lines[id]), asked[id], taxes[id],
        )
        for (id, number, invoice, agreement, consignor, consignee, method, currency, tolerance,
             made_on) in rows
    }  # fmt: skip


def open_memos_of(invoices: Iterable[Named]) -> dict[Named, list[str]]:
    """The debit memos of some consignors' invoices that no credit note answers."""
    wanted = set(invoices)
    numbers, named = bulk.among({number for _, number in wanted}, "text")
    found: dict[Named, list[str]] = defaultdict(list)
    for consignor, invoice, memo in bulk.fetch(
        "SELECT m.consignor_id, v.number, m.number FROM debit_memo m "
        f"JOIN invoice v ON v.id = m.invoice_id WHERE v.number IN ({numbers}) "
        "AND NOT EXISTS (SELECT 1 FROM credit_note c "
        f"WHERE c.debit_memo_id = m.id AND {NOTE_STANDS}) "
        "ORDER BY m.id",
        [named],
    ):
        if (consignor, invoice) in wanted:
            found[PartyId(consignor), invoice].append(memo)
    return found


NOTE_STANDS = (
    "NOT EXISTS (SELECT 1 FROM credit_note_decision x WHERE x.credit_note_id = c.id "
    f"AND x.standing = '{Standing.REJECTED}')"
)


def answered_by(memos: Iterable[int]) -> dict[int, str]:
    """The credit note that answers, or is held or staged for, each of some debit memos."""
    chosen, ids = bulk.among(memos)
    rows = bulk.fetch(
        f"SELECT c.debit_memo_id, c.number FROM credit_note c WHERE c.debit_memo_id IN ({chosen}) "
        f"AND {NOTE_STANDS}",
        [ids],
    )
    return dict(rows)


class SettledLine(NamedTuple):
    """A line of an accepted invoice, with the line of the advice that it answers."""

    advice_line: int
    organization: OrganizationId
    consignor: PartyId
    agreement: AgreementId
    item: ItemId
    price: Price
    billed: int
    asked: int
    """What was asked back of it before."""


def settled_lines(
    consignee: PartyId, invoices: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], dict[int, dict[tuple[int, OrganizationId], SettledLine]]]:
    """The lines of accepted invoices, by consignor and number, then by the invoice's year, then by
    line and organization."""
    wanted = set(invoices)
    numbers, named = bulk.among({number for _, number in wanted}, "text")
    found: dict[tuple[str, str], dict[int, dict[tuple[int, OrganizationId], SettledLine]]] = {}
    for (consignor, number, year, line, id, organization, party, agreement, item, price, currency,
         per, billed, asked) in bulk.fetch(
        "SELECT w.code, v.number, v.year, l.line, l.id, l.organization_id, w.id, a.agreement_id, "
        "l.item_id, l.price, a.currency, l.per, b.amount, COALESCE((SELECT SUM(d.amount) "
        "FROM debit_request d WHERE d.advice_line = l.id), 0) FROM invoice v "
        "JOIN party w ON w.id = v.consignor_id JOIN settlement s ON s.invoice_id = v.id "
        "JOIN advice a ON a.id = s.advice_id JOIN advice_line l ON l.advice_id = a.id "
        "JOIN invoice_line b ON b.invoice_id = v.id AND b.line = l.line "
        f"WHERE v.consignee_id = %s AND v.number IN ({numbers})",
        [consignee, named],
    ):  # fmt: skip
        if (consignor, number) in wanted:
            by_year = found.setdefault((consignor, number), {})
            by_year.setdefault(year, {})[line, organization] = SettledLine(
                id, organization, party, agreement, item, Price(price, currency, per), billed,
                int(asked),
            )  # fmt: skip
    return found


# --- credit notes --------------------------------------------------------------------------


def numbers_of_invoices(keys: Iterable[PaperKey]) -> set[PaperKey]:
    """Those of some numbers of consignors that are an invoice's."""
    return _among(models.Invoice, keys)


def numbers_of_credit_notes(keys: Iterable[PaperKey]) -> set[PaperKey]:
    """Those of some numbers of consignors that are a credit note's."""
    return _among(models.CreditNote, keys)


def _among(
    model: type[models.Invoice] | type[models.CreditNote], keys: Iterable[PaperKey]
) -> set[PaperKey]:
    wanted = set(keys)
    found = model.objects.filter(number__in=bulk.writable({number for _, number, _ in wanted}))
    stand = found.values_list("consignor_id", "number", "year")
    return wanted & {(PartyId(consignor), number, year) for consignor, number, year in stand}


def _numbered(wanted: Collection[Named]) -> QuerySet[models.CreditNote]:
    """Credit notes of some consignors under some numbers; the pairs wanted are among them."""
    return models.CreditNote.objects.filter(
        consignor_id__in={consignor for consignor, _ in wanted},
        number__in=bulk.writable(number for _, number in wanted),
    )


def told_notes(keys: Iterable[PaperKey]) -> dict[PaperKey, ToldCreditNote]:
    """What was told before of some consignors' credit notes."""
    wanted = set(keys)
    heads = {
        row.pk: row
        for row in _numbered(
            {(consignor, number) for consignor, number, _ in wanted}
        ).select_related("debit_memo__invoice")
        if (PartyId(row.consignor_id), row.number, row.year) in wanted
    }
    chosen, ids = bulk.among(heads)
    lines: dict[int, list[Billed]] = defaultdict(list)
    for note, *credited in bulk.fetch(
        "SELECT credit_note_id, line, item, quantity, price, amount, per, tax_amount "
        "FROM credit_note_line "
        f"WHERE credit_note_id IN ({chosen}) ORDER BY line, id",
        [ids],
    ):
        lines[note].append(Billed(*credited))
    return {
        (PartyId(row.consignor_id), row.number, row.year): ToldCreditNote(
            row.debit_memo.number,
            row.debit_memo.invoice.number if row.debit_memo.invoice else None,
            row.credited_on, row.currency, tuple(sorted(lines[id])),
        )
        for id, row in heads.items()
    }  # fmt: skip


CREDIT_NOTE = (
    Column("consignor_id"), Column("consignee_id"), Column("number", "text"),
    Column("debit_memo_id"), Column("credited_on", "date"), Column("year"),
    Column("currency", "text"),
    Column("amount"), Column("is_self_billed", "boolean"), Column("tax_amount"),
)  # fmt: skip


def save_notes(notes: Sequence[NewCreditNote], *, on: date, by: str) -> None:
    """Keep credit notes as received, with the decision on each; an accepted one settles its
    debit memo."""
    ids = bulk.insert_numbered(
        "credit_note",
        CREDIT_NOTE,
        [
            (n.memo.consignor, n.memo.consignee, n.number, n.memo.id, n.credited_on.isoformat(),
             n.credited_on.year, n.currency,
             sum(line.amount + line.tax_amount for line in n.lines), n.is_self_billed,
             sum(line.tax_amount for line in n.lines))
            for n in notes
        ],
        key=("consignor_id", "number", "year"),
    )  # fmt: skip
    kept = [(ids[note.memo.consignor, note.number, note.credited_on.year], note) for note in notes]
    bulk.insert(
        "credit_note_line",
        ("credit_note_id", "line", "item", "quantity", "price", "amount", "per", "tax_amount"),
        [(id, *line) for id, note in kept for line in note.lines],
    )
    keep_decisions([(id, note.standing, note.because) for id, note in kept], on=on, by=by)
    _settle((note.memo.id, id) for id, note in kept if note.standing is Standing.ACCEPTED)


def keep_decisions(
    decisions: Iterable[tuple[int, Standing, str]], *, on: date, by: str, evidence: str = ""
) -> None:
    bulk.insert(
        "credit_note_decision",
        ("credit_note_id", "standing", "decided_on", "decided_by", "because", "evidence"),
        [(id, str(standing), on.isoformat(), by, why, evidence) for id, standing, why in decisions],
    )


def _settle(settled: Iterable[tuple[int, int]]) -> None:
    bulk.insert("credit_settlement", ("debit_memo_id", "credit_note_id"), list(settled))


def read_notes(numbers: Iterable[Named]) -> dict[Named, list[StandingCreditNote]]:
    """Credit notes as they stand, by consignor and number, year by year, locked until the end of
    the transaction."""
    wanted = set(numbers)
    found = _numbered(wanted).select_for_update(of=("self",)).select_related("debit_memo")
    rows = [
        row for row in found.order_by("pk") if (PartyId(row.consignor_id), row.number) in wanted
    ]
    decisions = models.CreditNoteDecision.objects.filter(credit_note_id__in=[r.pk for r in rows])
    standing = dict(decisions.order_by("pk").values_list("credit_note_id", "standing"))
    by_number: dict[Named, list[StandingCreditNote]] = defaultdict(list)
    for row in rows:
        by_number[PartyId(row.consignor_id), row.number].append(
            StandingCreditNote(
                row.pk, row.number, PartyId(row.consignor_id), row.debit_memo.number, row.currency,
                row.amount, Standing(standing[row.pk]), row.year,
            )
        )  # fmt: skip
    return by_number


def decide(
    notes: Sequence[StandingCreditNote],
    standing: Standing,
    *,
    memos: Mapping[str, SavedMemo],
    on: date,
    by: str,
    because: str,
    evidence: str = "",
) -> None:
    """Keep a decision about some credit notes; accepting one settles its debit memo."""
    keep_decisions([(n.id, standing, because) for n in notes], on=on, by=by, evidence=evidence)
    if standing is Standing.ACCEPTED:
        _settle((memos[note.debit_memo].id, note.id) for note in notes)


def differences_of(memos: Iterable[int]) -> dict[int, dict[OrganizationId, int]]:
    """By how much what credits some debit memos differs from them, in each organization."""
    chosen, ids = bulk.among(memos)
    found: dict[int, dict[OrganizationId, int]] = defaultdict(dict)
    for memo, organization, difference in bulk.fetch(
        "SELECT s.debit_memo_id, l.organization_id, SUM(c.amount - l.amount) FROM "
        "credit_settlement s "
        "JOIN credit_note_line c ON c.credit_note_id = s.credit_note_id "
        "JOIN debit_memo_line l ON l.debit_memo_id = s.debit_memo_id AND l.line = c.line "
        f"WHERE s.debit_memo_id IN ({chosen}) GROUP BY s.debit_memo_id, l.organization_id "
        "HAVING SUM(c.amount - l.amount) <> 0",
        [ids],
    ):
        found[memo][organization] = int(difference)
    return found


def taxes_of(memos: Iterable[int]) -> dict[int, dict[OrganizationId, BilledTax]]:
    """The tax of what credits some debit memos, in each organization."""
    chosen, ids = bulk.among(memos)
    found: dict[int, dict[OrganizationId, BilledTax]] = defaultdict(dict)
    for memo, organization, tax, credited in bulk.fetch(
        "SELECT s.debit_memo_id, l.organization_id, l.tax, c.tax_amount FROM credit_settlement s "
        "JOIN credit_note_line c ON c.credit_note_id = s.credit_note_id AND c.tax_amount <> 0 "
        "JOIN debit_memo_line l ON l.debit_memo_id = s.debit_memo_id AND l.line = c.line "
        f"WHERE s.debit_memo_id IN ({chosen})",
        [ids],
    ):
        so_far = found[memo].get(organization, BilledTax(0, 0))
        found[memo][organization] = BilledTax(
            so_far.tax + credited, so_far.recovered + read_tax(tax).recovered(credited)
        )
    return found


# --- what a payment nets -------------------------------------------------------------------


def to_be_netted(consignee: PartyId, on: date) -> list[tuple[StandingCreditNote, SavedMemo]]:
    """Accepted credit notes of a consignee that no payment nets, the oldest first, each with its
    debit memo."""
    rows = bulk.fetch(
        "SELECT c.id, c.number, c.consignor_id, m.number, c.currency, c.amount, c.year "
        "FROM credit_settlement s "
        "JOIN credit_note c ON c.id = s.credit_note_id JOIN debit_memo m ON m.id = s.debit_memo_id "
        "WHERE c.consignee_id = %s AND c.credited_on <= %s AND NOT EXISTS "
        "(SELECT 1 FROM payment_credit p WHERE p.credit_note_id = c.id) "
        "ORDER BY c.credited_on, c.id",
        [consignee, on],
    )
    notes = [
        StandingCreditNote(id, number, consignor, memo, currency, amount, Standing.ACCEPTED, year)
        for id, number, consignor, memo, currency, amount, year in rows
    ]
    memos = read_memos({note.debit_memo for note in notes})
    return [(note, memos[note.debit_memo]) for note in notes]


def keep_netted(netted: Sequence[tuple[int, StandingCreditNote]], *, on: date, by: str) -> None:
    """Keep which payment nets which credit notes."""
    bulk.insert(
        "payment_credit",
        ("payment_id", "credit_note_id", "amount"),
        [(payment, note.id, note.amount) for payment, note in netted],
    )
    keep_decisions([(note.id, Standing.PAID, "") for _, note in netted], on=on, by=by)
