"""Master data in the database: parties, organizations, items, agreements and their prices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from consigned.master_data.agreements import (
    Agreement,
    CountMethod,
    CustomerReturns,
    CycleBy,
    DatedPrice,
    PriceList,
    PriceSource,
    SettlementMethod,
    SummaryLevel,
    Terms,
    TitleRule,
    UsageBasis,
)
from consigned.master_data.items import CountedBy, Item, Tracking
from consigned.master_data.price_terms import NO_TERMS, read_price_terms
from consigned.master_data.taxes import NO_TAXES
from consigned.measure.gs1 import as_gtin
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.measure.period import Frequency, Period, parse_year_days
from consigned.measure.quantity import MICROS
from consigned.title.layer import Ownership
from consigned_service.records import models
from consigned_service.records.master_data import taxes
from consigned_service.records.master_data.amendments import NONE as UNAMENDED
from consigned_service.records.master_data.amendments import is_amended, read_amendments
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


def party_ids(codes: Iterable[str]) -> dict[str, PartyId]:
    rows = models.Party.objects.filter(code__in=bulk.writable(codes))
    return {row.code: PartyId(row.pk) for row in rows}


def party_codes(ids: Iterable[int]) -> dict[PartyId, str]:
    subquery, wanted = bulk.among(set(ids))
    return dict(bulk.fetch(f"SELECT id, code FROM party WHERE id IN ({subquery})", [wanted]))


def organization_ids(codes: Iterable[str]) -> dict[str, OrganizationId]:
    rows = models.Organization.objects.filter(code__in=bulk.writable(codes))
    return {row.code: OrganizationId(row.pk) for row in rows}


def organization_codes(ids: Iterable[int]) -> dict[OrganizationId, str]:
    rows = models.Organization.objects.filter(pk__in=set(ids))
    return {OrganizationId(row.pk): row.code for row in rows}


def holders_of(codes: Iterable[str]) -> dict[str, str]:
    """The code of the party whose each of some organizations is."""
    rows = models.Organization.objects.filter(code__in=bulk.writable(codes))
    return dict(rows.values_list("code", "party__code"))


def organizations_of(party: PartyId) -> list[OrganizationId]:
    ids = models.Organization.objects.filter(party_id=party).order_by("pk")
    return [OrganizationId(pk) for pk in ids.values_list("pk", flat=True)]


def agreement_ids(numbers: Iterable[str]) -> dict[str, AgreementId]:
    rows = models.Agreement.objects.filter(number__in=bulk.writable(numbers))
    return {row.number: AgreementId(row.pk) for row in rows}


def agreements_by_number(numbers: Iterable[str]) -> dict[str, Agreement]:
    """Agreements by number, where they exist."""
    found = read_agreements(agreement_ids(numbers).values())
    return {agreement.number: agreement for agreement in found.values()}


def price_terms(numbers: Iterable[str]) -> dict[str, str]:
    """How some agreements make their prices, by number, where they exist."""
    rows = models.Agreement.objects.filter(number__in=bulk.writable(numbers))
    return dict(rows.values_list("number", "price_terms"))


def items_by_code(codes: Iterable[str]) -> dict[str, Item]:
    """Items with their units, by the codes or GTINs that are said, where they exist. A code wins
    over a GTIN that is written alike; a GTIN is the same with and without leading zeros."""
    said = set(codes)
    found = {item.code: item for item in _items("code", said, "text")}
    gtins = {code: gtin for code in said - found.keys() if (gtin := as_gtin(code))}
    if not gtins:
        return found
    by_gtin = _ids_by_gtin(gtins.values())
    by_id = items_by_id(by_gtin.values())
    return found | {code: by_id[by_gtin[gtin]] for code, gtin in gtins.items() if gtin in by_gtin}


def _ids_by_gtin(gtins: Iterable[str]) -> dict[str, ItemId]:
    """The items that have some GTINs; one that two items have names neither."""
    subquery, wanted = bulk.among(set(gtins), "text")
    ids: dict[str, list[int]] = {}
    for gtin, item in bulk.fetch(f"SELECT gtin, id FROM item WHERE gtin IN ({subquery})", [wanted]):
        ids.setdefault(gtin, []).append(item)
    return {gtin: ItemId(found[0]) for gtin, found in ids.items() if len(found) == 1}


def items_by_id(ids: Iterable[int]) -> dict[ItemId, Item]:
    return {item.id: item for item in _items("id", ids, "bigint")}


OWNERSHIPS = {ownership.value: ownership for ownership in Ownership}
COUNTED_BY = {counted_by.value: counted_by for counted_by in CountedBy}
TRACKINGS = {tracking.value: tracking for tracking in Tracking}


def _items(column: str, values: Iterable[object], type: str) -> list[Item]:
    """Items by one of their columns, in two statements however many they are."""
    subquery, wanted = bulk.among(set(values), type)
    chosen = f"i.{column} IN ({subquery})"
    units: dict[int, dict[str, int]] = {}
    for item, unit, micros in bulk.fetch(
        "SELECT u.item_id, u.unit, u.micros FROM item i JOIN item_unit u ON u.item_id = i.id "
        f"WHERE {chosen}",
        [wanted],
    ):
        units.setdefault(item, {})[unit] = micros
    return [
        Item(
            pk, code, name, unit, OWNERSHIPS[ownership], units.get(pk, {}), COUNTED_BY[counted_by],
            TRACKINGS[tracking], bool(is_hazardous), bool(is_approved),
        )
        for pk, code, name, unit, ownership, counted_by, tracking, is_hazardous, is_approved
        in bulk.fetch(
            "SELECT i.id, i.code, i.name, i.unit, i.ownership, i.counted_by, i.tracking, "
            f"i.is_hazardous, i.is_approved FROM item i WHERE {chosen}",
            [wanted],
        )
    ]  # fmt: skip


TERMS = (
    "id", "number", "consignor_id", "consignee_id", "currency", "starts_on", "ends_on",
    "title_rule", "frequency", "first_closing_on", "summary_level", "settlement_method",
    "price_sources", "payment_days", "consignor_site_id", "includes_in_transit",
    "over_receipt_percent", "under_receipt_percent", "loss_responsibility", "usage_basis",
    "count_method", "count_every_days", "cycle_count_percent",
    "title_after_inspection", "price_terms", "bill_to", "taxed", "closing_days", "customer_returns",
    "cycle_by", "advice_grace_days",
)  # fmt: skip


def read_agreements(ids: Iterable[int]) -> dict[AgreementId, Agreement]:
    """Agreements as they stood first, each with how it stands from each amendment on."""
    subquery, wanted = bulk.among(set(ids))
    return _as_amended(
        bulk.fetch(
            f"SELECT {', '.join(f'a.{term}' for term in TERMS)}, {is_amended(TERMS)} "
            f"FROM agreement a WHERE a.id IN ({subquery})",
            [wanted],
        )
    )


def _as_amended(rows: Sequence[bulk.Row]) -> dict[AgreementId, Agreement]:
    amended = {row[0] for row in rows if row[-1]}
    amendments = read_amendments(amended) if amended else UNAMENDED
    found = {}
    for *row, _ in rows:
        stages = [(date.min, _agreement(*row))]
        said = dict(zip(TERMS, row, strict=True))
        for starts_on, term, value in amendments.of(row[0]):
            if term in said:
                said[term] = value
                stages.append((starts_on, _agreement(**_named(said))))
        agreement = stages[0][1]
        found[agreement.id] = (
            agreement._replace(amended=tuple(stages)) if len(stages) > 1 else agreement
        )
    return found


def _named(said: Mapping[str, Any]) -> dict[str, Any]:
    """The terms by the names of what makes an agreement of them."""
    return {COLUMN_OF.get(term, term): value for term, value in said.items()}


COLUMN_OF = {
    "id": "pk", "consignor_id": "consignor", "consignee_id": "consignee",
    "consignor_site_id": "consignor_site",
}  # fmt: skip


def _agreement(
    pk: int,
    number: str,
    consignor: int,
    consignee: int,
    currency: str,
    starts_on: date,
    ends_on: date | None,
    title_rule: str,
    frequency: str,
    first_closing_on: date,
    summary_level: str,
    settlement_method: str,
    price_sources: str,
    payment_days: int,
    consignor_site: int | None,
    includes_in_transit: bool,
    over_receipt_percent: int | None,
    under_receipt_percent: int | None,
    loss_responsibility: str,
    usage_basis: str,
    count_method: str,
    count_every_days: int | None,
    cycle_count_percent: int | None,
    title_after_inspection: bool,
    price_terms: str,
    bill_to: str,
    taxed: bool,
    closing_days: str,
    customer_returns: str,
    cycle_by: str,
    advice_grace_days: int,
) -> Agreement:
    return Agreement(
        id=AgreementId(pk),
        number=number,
        consignor=PartyId(consignor),
        consignee=PartyId(consignee),
        currency=currency,
        period=Period(starts_on, ends_on),
        title_rule=TitleRule(title_rule),
        frequency=Frequency(frequency),
        first_closing_on=first_closing_on,
        summary_level=SummaryLevel(summary_level),
        settlement_method=SettlementMethod(settlement_method),
        price_sources=tuple(map(PriceSource, price_sources.split())),
        payment_days=payment_days,
        consignor_site=consignor_site,
        includes_in_transit=bool(includes_in_transit),
        over_receipt_percent=over_receipt_percent,
        under_receipt_percent=under_receipt_percent,
        loss_responsibility=loss_responsibility,
        usage_basis=UsageBasis(usage_basis),
        count_method=CountMethod(count_method) if count_method else None,
        count_every_days=count_every_days,
        cycle_count_percent=cycle_count_percent,
        title_after_inspection=bool(title_after_inspection),
        price_terms=read_price_terms(price_terms) if price_terms else NO_TERMS,
        bill_to=bill_to,
        taxed=bool(taxed),
        closing_days=parse_year_days(closing_days),
        customer_returns=CustomerReturns(customer_returns),
        cycle_by=CycleBy(cycle_by),
        advice_grace_days=advice_grace_days,
    )


def read_terms(agreements: Iterable[int], items: Iterable[int]) -> Terms:
    """The agreements that a batch of goods was received under, their items' prices and taxes."""
    read = read_agreements(agreements)
    subquery, wanted = bulk.among(set(items))
    prices: dict[tuple[AgreementId, ItemId], PriceList] = {}
    for agreement, item, *row in bulk.fetch(
        f"SELECT agreement_id, item_id, {DATED} FROM agreement_price WHERE item_id IN ({subquery}) "
        "AND withdrawal = 0",
        [wanted],
    ):
        if agreement in read:
            dated = prices.get((agreement, item))
            if dated is None:
                dated = prices[agreement, item] = PriceList([])
            dated.dated.append(_dated(read[agreement], *row))
    taxed = [id for id, agreement in read.items() if agreement.is_ever_taxed]
    return Terms(read, prices, taxes=taxes.read_taxes(taxed) if taxed else NO_TAXES)


DATED = "starts_on, ends_on, price, per, from_quantity, price_terms, revision"


def _dated(
    agreement: Agreement,
    starts_on: date,
    ends_on: date | None,
    price: int | None,
    per: int,
    from_quantity: int,
    price_terms: str,
    revision: int,
) -> DatedPrice:
    """A dated price with its own terms or, where it has none, those of its agreement; a fixed
    price stands by itself under an agreement that shares, and so does one of a later change."""
    currency = agreement.currency
    fixed = None if price is None else Price(price, currency, per)
    terms = agreement.price_terms
    if revision:
        terms = NO_TERMS
    elif price_terms:
        terms = read_price_terms(price_terms)
    elif fixed and terms.is_share:
        terms = NO_TERMS
    return DatedPrice(
        starts_on, ends_on, fixed, from_quantity, terms, per if price_terms else MICROS, revision,
        currency,
    )  # fmt: skip


def read_covered(
    agreements: Iterable[int], items: Iterable[int]
) -> set[tuple[AgreementId, ItemId]]:
    """Which of some items are on which of some agreements."""
    subquery, wanted = bulk.among(set(items))
    chosen = set(agreements)
    return {
        (agreement, item)
        for agreement, item in bulk.fetch(
            f"SELECT agreement_id, item_id FROM agreement_line WHERE item_id IN ({subquery})",
            [wanted],
        )
        if agreement in chosen
    }


def read_agreements_with(consignee: PartyId, consignors: Iterable[PartyId]) -> list[Agreement]:
    """Every agreement of one consignee with some consignors."""
    rows = models.Agreement.objects.filter(consignee_id=consignee, consignor_id__in=set(consignors))
    found = read_agreements(rows.values_list("pk", flat=True))
    return sorted(found.values(), key=lambda agreement: agreement.number)


# --- agreements as they are written -------------------------------------------------------


class AgreementRow(NamedTuple):
    """An agreement as written; each field but the parties and the site is a column of its own."""

    number: str
    consignor: str
    consignor_site: str
    consignee: str
    currency: str
    starts_on: date
    ends_on: date | None
    title_rule: str
    frequency: str
    first_closing_on: date
    summary_level: str
    settlement_method: str
    price_sources: str
    payment_days: int
    aging_days: int | None
    aging_onset: str
    aged_outcome: str
    display_days: int | None
    return_by: date | None
    end_of_term: str
    grace_days: int
    rotation_percent: int | None
    rotation_every_days: int | None
    includes_in_transit: bool
    title_after_inspection: bool
    over_receipt_percent: int | None
    under_receipt_percent: int | None
    sourced_from: str
    sourced_from_place: str
    loss_responsibility: str
    liability: str
    usage_basis: str
    count_method: str
    count_every_days: int | None
    cycle_count_percent: int | None
    shrinkage_warning_percent: int | None
    price_terms: str
    bill_to: str
    invoice_tolerance: str
    advice_channel: str
    advice_address: str
    taxed: bool
    closing_days: str
    customer_returns: str
    cycle_by: str
    advice_grace_days: int


PriceKey = tuple[str, str, date, int, int]
"""Agreement, item, first day, from which quantity, and which telling of it."""


class PriceRow(NamedTuple):
    agreement: str
    item: str
    starts_on: date
    ends_on: date | None
    price: int | None
    per: int
    from_quantity: int = 0
    price_terms: str = ""
    revision: int = 0

    @property
    def key(self) -> PriceKey:
        return self.agreement, self.item, self.starts_on, self.from_quantity, self.revision


def add_agreements(
    rows: Sequence[AgreementRow], site_ids: Mapping[tuple[str, str], int]
) -> set[str]:
    """Insert the agreements that are not there yet; answers their numbers."""
    parties = party_ids({row.consignor for row in rows} | {row.consignee for row in rows})
    added = bulk.upsert(
        "agreement",
        (Column("consignor_id"), Column("consignor_site_id"), Column("consignee_id"), *PLAIN_TERMS),
        [
            (parties[row.consignor], site_ids.get((row.consignor, row.consignor_site)),
             parties[row.consignee], *(_plain(getattr(row, column.name)) for column in PLAIN_TERMS))
            for row in rows
        ],
        key=("number",),
        update=None,
        returning=("number",),
    )  # fmt: skip
    return {number for (number,) in added}


PLAIN_TERMS = (
    Column("number", "text"), Column("currency", "text"), Column("starts_on", "date"),
    Column("ends_on", "date"), Column("title_rule", "text"), Column("frequency", "text"),
    Column("first_closing_on", "date"), Column("summary_level", "text"),
    Column("settlement_method", "text"), Column("price_sources", "text"), Column("payment_days"),
    Column("aging_days"), Column("aging_onset", "text"), Column("aged_outcome", "text"),
    Column("display_days"), Column("return_by", "date"), Column("end_of_term", "text"),
    Column("grace_days"), Column("rotation_percent"), Column("rotation_every_days"),
    Column("includes_in_transit", "boolean"),
    Column("title_after_inspection", "boolean"), Column("over_receipt_percent"),
    Column("under_receipt_percent"), Column("sourced_from", "text"),
    Column("sourced_from_place", "text"), Column("loss_responsibility", "text"),
    Column("liability", "text"),
    Column("usage_basis", "text"), Column("count_method", "text"), Column("count_every_days"),
    Column("cycle_count_percent"), Column("shrinkage_warning_percent"),
    Column("price_terms", "text"), Column("bill_to", "text"), Column("invoice_tolerance", "text"),
    Column("advice_channel", "text"), Column("advice_address", "text"), Column("taxed", "boolean"),
    Column("closing_days", "text"),
    Column("customer_returns", "text"), Column("cycle_by", "text"), Column("advice_grace_days"),
)  # fmt: skip
"""The columns of an agreement that are fields of its row; the others name parties and a site."""


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def agreements(numbers: Iterable[str]) -> dict[str, AgreementRow]:
    rows = models.Agreement.objects.select_related("consignor", "consignor_site", "consignee")
    return {
        row.number: AgreementRow(
            **{column.name: getattr(row, column.name) for column in PLAIN_TERMS},
            consignor=row.consignor.code,
            consignor_site=row.consignor_site.code if row.consignor_site else "",
            consignee=row.consignee.code,
        )
        for row in rows.filter(number__in=set(numbers))
    }


def agreement_on(number: str, day: date) -> AgreementRow:
    """An agreement with its terms as they stand on a day."""
    row = agreements([number])[number]
    id = agreement_ids([number])[number]
    return row._replace(**read_amendments([id]).on(id, day))


def end_agreement(agreement: AgreementId, ends_on: date) -> None:
    models.Agreement.objects.filter(pk=agreement).update(ends_on=ends_on)


def items_under(organizations: Iterable[OrganizationId], agreement: AgreementId) -> int:
    """Of how many items goods lie in some organizations under an agreement, not theirs yet."""
    held, ids = bulk.among(sorted(organizations))
    (count,) = bulk.fetch(
        "SELECT COUNT(DISTINCT l.item_id) FROM layer l JOIN organization o "
        "ON o.id = l.organization_id JOIN balance b ON b.organization_id = l.organization_id "
        "AND b.layer = l.number AND NOT b.is_outer AND b.quantity > 0 JOIN position p "
        "ON p.organization_id = b.organization_id AND p.number = b.position "
        f"AND p.owner_id <> o.party_id WHERE l.organization_id IN ({held}) AND l.agreement = %s",
        [ids, agreement],
    )[0]
    return int(count)


def extend_agreements(rows: Sequence[AgreementRow]) -> None:
    """Write what may be told anew of agreements: their ends, and how their advices are told."""
    told = {row.number: row for row in rows}
    found = list(models.Agreement.objects.filter(number__in=told))
    for agreement in found:
        for name in TOLD_ANEW:
            setattr(agreement, name, getattr(told[agreement.number], name))
    models.Agreement.objects.bulk_update(found, TOLD_ANEW)


TOLD_ANEW = ("ends_on", "advice_channel", "advice_address")


def add_prices(rows: Sequence[PriceRow], *, told_at: datetime | None) -> set[PriceKey]:
    """Insert the dated prices that are not there yet, and the agreement lines they are for."""
    moment = connection.ops.adapt_datetimefield_value(told_at) if told_at else None
    agreements, items = _ids_of(rows)
    numbers = {pk: number for number, pk in agreements.items()}
    codes = {pk: code for code, pk in items.items()}
    bulk.upsert(
        "agreement_line",
        (Column("agreement_id"), Column("item_id"), Column("supplier_item", "text")),
        sorted({(agreements[row.agreement], items[row.item], "") for row in rows}),
        key=("agreement_id", "item_id"),
        update=None,
    )
    added = bulk.upsert(
        "agreement_price",
        (Column("agreement_id"), Column("item_id"), Column("starts_on", "date"),
         Column("ends_on", "date"), Column("price"), Column("per"), Column("from_quantity"),
         Column("price_terms", "text"), Column("revision"), Column("withdrawal"),
         Column("told_at", "timestamptz")),
        [
            (agreements[row.agreement], items[row.item], row.starts_on.isoformat(),
             _iso(row.ends_on), row.price, row.per, row.from_quantity, row.price_terms,
             row.revision, 0, moment)
            for row in rows
        ],
        key=(*PRICE_KEY, "withdrawal"),
        update=None,
        returning=PRICE_KEY,
    )  # fmt: skip
    return {
        (numbers[agreement], codes[item], date.fromisoformat(str(starts_on)), quantity, revision)
        for agreement, item, starts_on, quantity, revision in added
    }


PRICE_KEY = ("agreement_id", "item_id", "starts_on", "from_quantity", "revision")


def prices(keys: Iterable[PriceKey]) -> dict[PriceKey, PriceRow]:
    rows = [_price_row(price) for price in _prices(keys)]
    return {row.key: row for row in rows}


def _price_row(row: models.AgreementPrice) -> PriceRow:
    return PriceRow(
        row.agreement.number, row.item.code, row.starts_on, row.ends_on, row.price, row.per,
        row.from_quantity, row.price_terms, row.revision,
    )  # fmt: skip


def end_prices(rows: Sequence[PriceRow]) -> None:
    """Write the ends of prices."""
    said = {row.key: row for row in rows}
    found = _prices(said)
    for price in found:
        price.ends_on = said[_price_row(price).key].ends_on
    models.AgreementPrice.objects.bulk_update(found, ["ends_on"], batch_size=1000)


def withdraw_prices(withdrawals: Mapping[PriceKey, int]) -> None:
    """Take prices out of force, each by the number of its withdrawal."""
    found = _prices(withdrawals)
    for price in found:
        price.withdrawal = withdrawals[_price_row(price).key]
    models.AgreementPrice.objects.bulk_update(found, ["withdrawal"], batch_size=1000)


def _prices(keys: Iterable[PriceKey]) -> list[models.AgreementPrice]:
    wanted = set(keys)
    rows = models.AgreementPrice.objects.select_related("agreement", "item").filter(
        agreement__number__in={agreement for agreement, *_ in wanted},
        item__code__in={item for _, item, *_ in wanted},
        withdrawal=0,
    )
    return [row for row in rows if _price_row(row).key in wanted]


def _ids_of(rows: Sequence[PriceRow]) -> tuple[dict[str, AgreementId], dict[str, int]]:
    items = models.Item.objects.filter(code__in={row.item for row in rows})
    return agreement_ids(row.agreement for row in rows), dict(items.values_list("code", "pk"))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
