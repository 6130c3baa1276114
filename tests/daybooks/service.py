"""The world of the service: every sentence is an operation, every question a query."""

from collections.abc import Iterator, Sequence
from datetime import date

from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.money import parse_amount, parse_price
from consigned.measure.quantity import parse_micros
from consigned.settlement.invoices import Billed
from consigned.title.layer import Ownership
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.inbound import orders, putaway, receipts, shipments
from consigned_service.operations.inventory import reservations
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.operations.settlement import advices, exceptions, invoices, payments
from consigned_service.queries.consumption import exceptions as exception_queries
from consigned_service.queries.core.viewers import Viewer, viewer_of_party
from consigned_service.queries.inbound import orders as order_queries
from consigned_service.queries.inventory import items as item_queries
from consigned_service.queries.inventory import stock as stock_queries
from consigned_service.queries.inventory import title as title_queries
from consigned_service.queries.settlement import advices as advice_queries
from consigned_service.queries.settlement import agreements as agreement_queries
from consigned_service.queries.settlement import payables as owed_queries
from consigned_service.records import models
from tests.daybooks import acts, words
from tests.daybooks.acts import BY, after, at
from tests.daybooks.words import End
from tests.support.lines import rewritten


class Service(*acts.mixins()):
    def __init__(self) -> None:
        self.organizations: dict[str, OrganizationId] = {}
        self.viewer = ""
        self.holders: dict[str, str] = {}
        self.ordered_in: dict[str, str] = {}
        self.told_by_us = 0
        self.seen: dict[tuple[str, int], int] = {}
        self.booked: dict[str, set[tuple[int, int]]] = {}

    # --- who there is, what is traded, what was agreed ---------------------------------

    def party(self, day: date, code: str, name: str) -> list[str]:
        line = written(parties.PartyLine, code, name)
        return self._register(
            parties.register_parties(lines=[line], told_by=RecordedBy(BY, at(day)))
        )

    def organization(
        self, day: date, code: str, name: str, party: str, currency: str, pick_order: str
    ) -> list[str]:
        line = written(parties.OrganizationLine, code, name, party, currency, pick_order)
        self._register(parties.register_organizations(lines=[line], by=BY, at=at(day)))
        self.organizations[code] = OrganizationId(models.Organization.objects.get(code=code).pk)
        self.holders[code] = party
        self.viewer = self.viewer or party
        return []

    def place(self, day: date, code: str, organization: str, zone: str, owned: str) -> list[str]:
        line = written(
            parties.PlaceLine, code, "", zone, {"": "", "owned": "yes", "not-owned": "no"}[owned]
        )
        return self._register(
            parties.register_places(
                organization=self._in(organization), lines=[line], by=BY, at=at(day)
            )
        )

    def item(
        self, day: date, code: str, name: str, unit: str, ownership: str, units: str
    ) -> list[str]:
        line = written(items.ItemLine, code, name, unit, ownership, "", units)
        return self._register(items.register_items(lines=[line], told_by=RecordedBy(BY, at(day))))

    def agreement(
        self, day: date, number: str, consignor: str, consignee: str, currency: str, terms: str
    ) -> list[str]:
        line = written(
            agreements.AgreementLine,
            number,
            consignor,
            consignee,
            currency,
            **words.terms(terms)._asdict(),
        )
        return self._register(
            agreements.register_agreements(lines=[line], told_by=RecordedBy(BY, at(day)))
        )

    def price(
        self, day: date, item: str, agreement: str, price: str, unit: str, starts_on: str,
        ends_on: str,
    ) -> list[str]:  # fmt: skip
        line = written(agreements.PriceLine, agreement, item, starts_on, price, ends_on, unit)
        return self._register(
            agreements.register_prices(lines=[line], told_by=RecordedBy(BY, at(day)))
        )

    def extend(self, day: date, agreement: str, ends_on: str) -> list[str]:
        stands = models.Agreement.objects.select_related("consignor", "consignee").get(
            number=agreement
        )
        line = written(agreements.AgreementLine,
            agreement, stands.consignor.code, stands.consignee.code, stands.currency,
            stands.starts_on.isoformat(), stands.frequency, ends_on, stands.title_rule,
            stands.first_closing_on.isoformat(), stands.summary_level, stands.settlement_method,
            stands.price_sources, str(stands.payment_days),
        )  # fmt: skip
        return self._register(
            agreements.register_agreements(lines=[line], told_by=RecordedBy(BY, at(day)))
        )

    def _register(self, outcome: Result) -> list[str]:
        outcome.or_raise()
        return []

    # --- goods arrive ------------------------------------------------------------------

    def order(
        self, day: date, order: str, line: str, quantity: str, unit: str, item: str,
        consignor: str, agreement: str, price: str, ownership: str, needed_on: str,
        organization: str,
    ) -> list[str]:  # fmt: skip
        said = written(orders.OrderLine,
            order, line or "1", day.isoformat(), consignor, item, quantity, agreement, unit,
            ownership, price, "", needed_on,
        )  # fmt: skip
        outcome = orders.place_orders(
            organization=self._in(organization), lines=[said], at=at(day)
        ).or_raise()
        self.ordered_in[order] = organization or self._first()
        return self._news(outcome) if outcome.repeated else []

    def ship(
        self, day: date, notice: str, line: str, quantity: str, unit: str, order: str,
        order_line: str, lot: str, expected_on: str,
    ) -> list[str]:  # fmt: skip
        said = written(shipments.ShipNoticeLine,
            notice, line or "1", day.isoformat(), order, order_line or "1", quantity, "", "",
            expected_on, unit, lot,
        )  # fmt: skip
        organization = self._in(self.ordered_in.get(order, ""))
        outcome = shipments.record_ship_notices(
            organization=organization, lines=[said], by=BY, at=at(day)
        ).or_raise()
        if outcome.repeated:
            return self._news(outcome)
        return [*self._entries(), *self._waiting()]

    def receive(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, item: str,
        agreement: str, place: str, lot: str, serial: str, expires_on: str, on: str,
        organization: str,
    ) -> list[str]:  # fmt: skip
        return self._receive(
            day, organization,
            written(receipts.ReceiptLine,
                receipt, line or "1", on or day.isoformat(), agreement=agreement, item=item,
                quantity=quantity, unit=unit, lot=lot, serial=serial, place=place,
                expires_on=expires_on,
            ),
        )  # fmt: skip

    def receive_ordered(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, order: str,
        order_line: str, place: str, lot: str, serial: str, expires_on: str, on: str,
        organization: str,
    ) -> list[str]:  # fmt: skip
        return self._receive(
            day, organization or self.ordered_in.get(order, ""),
            written(receipts.ReceiptLine,
                receipt, line or "1", on or day.isoformat(), order=order,
                order_line=order_line or "1", quantity=quantity, unit=unit, lot=lot,
                serial=serial, place=place, expires_on=expires_on,
            ),
        )  # fmt: skip

    def receive_announced(
        self, day: date, receipt: str, notice: str, consignor: str, line: str, quantity: str,
        unit: str, place: str,
    ) -> list[str]:  # fmt: skip
        organization = self._in("")
        lines = receipts.lines_from_ship_notice(
            organization=organization, ship_notice=notice, receipt=receipt, received_on=day,
            consignor=consignor,
        )  # fmt: skip
        counted = [
            rewritten(
                said,
                place=place,
                **({"quantity": quantity, "unit": unit} if str(said.line) == line else {}),
            )
            for said in lines
        ]
        return self._receive(day, "", *counted)

    def _receive(self, day: date, organization: str, *lines: receipts.ReceiptLine) -> list[str]:
        outcome = receipts.record_receipts(
            organization=self._in(organization), lines=lines, by=BY, at=at(day)
        )
        return self._news(outcome.or_raise())

    def put_away(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, place: str
    ) -> list[str]:
        said = written(
            putaway.PutawayLine,
            self._reference(""),
            receipt,
            line or "1",
            quantity,
            place,
            day.isoformat(),
            unit,
        )
        outcome = putaway.put_away(
            organization=self._in(""), lines=[said], by=BY, at=at(day)
        ).or_raise()
        return self._news(outcome)

    # --- goods are used ----------------------------------------------------------------

    def use(self, day: date, **said: str) -> list[str]:
        return self._use(day, said, source="desk")

    def till(self, day: date, **said: str) -> list[str]:
        return self._use(day, said, source="till", queue_shortages=True)

    def take_back(self, day: date, quantity: str, **said: str) -> list[str]:
        return self._use(day, {**said, "quantity": f"-{quantity}"}, source="desk")

    def _use(
        self, day: date, said: dict[str, str], *, source: str, queue_shortages: bool = False
    ) -> list[str]:
        organization, on = said["organization"], said["on"]
        line = written(consumption.Reported,
            self._reference(said["reference"]), occurred_at=on or day.isoformat(),
            **{name: said[name] for name in consumption.Reported._fields if name in said
               and name != "reference"},
        )  # fmt: skip
        outcome = consumption.record_consumption(
            organization=self._in(organization),
            lines=[line],
            source=source,
            by=BY,
            at=at(day),
            queue_shortages=queue_shortages,
        )
        return self._news(outcome.or_raise())

    def move(
        self, day: date, quantity: str, unit: str, item: str, source: str, target: str,
        consignor: str, lot: str, on: str, organization: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = written(custody.TransferLine,
            self._reference(reference), item, quantity, source, target, on or day.isoformat(),
            unit, consignor, lot,
        )  # fmt: skip
        outcome = custody.transfer_goods(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return self._news(outcome)

    def reserve(
        self, day: date, quantity: str, unit: str, item: str, consignor: str, lot: str,
        serial: str, reference: str, organization: str,
    ) -> list[str]:  # fmt: skip
        line = written(
            reservations.ReservationLine, reference, item, quantity, unit, consignor, lot, serial
        )
        outcome = reservations.reserve_many(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else []

    def resubmit(self, day: date, organization: str) -> list[str]:
        tried = exceptions.resubmit(organization=self._in(organization), by=BY, at=at(day))
        return [*self._entries(), *self._waiting(),
                f"{tried.resolved} resolved, {tried.waiting} waiting still"]  # fmt: skip

    def close(self, day: date, organization: str, through: str) -> list[str]:
        parties.close_period(
            organization=self._in(organization), through=date.fromisoformat(through), by=BY,
            at=at(day),
        )  # fmt: skip
        return []

    # --- what was used is settled ------------------------------------------------------

    def advise(self, day: date) -> list[str]:
        for holder in dict.fromkeys(self.holders.values()):
            advices.run_advices(consignee=_party(holder), on=day, by=BY, at=after(day))
        return [*self._advices(), *self._invoices()] or ["nothing is due"]

    def invoice(
        self, day: date, number: str, consignor: str, advice: str, currency: str, lines: str
    ) -> list[str]:
        told = models.Advice.objects.filter(number=advice).first()
        said = invoices.SupplierInvoice(
            number, advice, day, currency or (told.currency if told else "USD"),
            _billed(told, lines),
        )  # fmt: skip
        invoices.record_invoices(
            consignor=_party(consignor), invoices=[said], by=BY, at=at(day)
        ).or_raise()
        return list(self._invoices())

    def reject(self, day: date, number: str, consignor: str, because: str) -> list[str]:
        invoices.reject_invoice(
            consignor=_party(consignor), number=number, by=BY, at=at(day), because=because
        )
        return []

    def release(self, day: date, number: str, consignor: str) -> list[str]:
        invoices.accept_invoice(consignor=_party(consignor), number=number, by=BY, at=at(day))
        return []

    def pay(self, day: date) -> list[str]:
        for holder in dict.fromkeys(self.holders.values()):
            payments.run_payments(consignee=_party(holder), on=day, by=BY, at=at(day))
        return list(self._payments()) or ["nothing is to be paid"]

    # --- questions ---------------------------------------------------------------------

    def on_hand(self, day: date, item: str, as_of: str, viewer: str) -> list[str]:
        page = stock_queries.on_hand(
            self._viewer(viewer), item or None, today=day,
            as_of=date.fromisoformat(as_of) if as_of else None,
        )  # fmt: skip
        return [
            words.holding(
                words.amount(row.quantity.micros, row.quantity.unit, row.item),
                self._layer(row.organization, row.layer),
                row.owner_name,
                self._place(row.organization, row.place),
            )
            + ("" if row.condition == "unrestricted" else f", {row.condition}")
            for row in page.rows
        ] or words.NOTHING

    def held(self, day: date, viewer: str) -> list[str]:
        page = stock_queries.on_hand(
            self._viewer(viewer), ownership=Ownership.CONSIGNED, today=day
        )  # fmt: skip
        return [self._far(row, f"of {row.owner_name}") for row in page.rows] or words.NOTHING

    def elsewhere(self, day: date, viewer: str) -> list[str]:
        page = stock_queries.off_site(self._viewer(viewer), today=day)
        return [self._far(row, f"with {row.holder_name}") for row in page.rows] or words.NOTHING

    def _far(self, row: stock_queries.StockLine, whom: str) -> str:
        goods = words.amount(row.quantity.micros, row.quantity.unit, row.item)
        order = f", order {row.order} line {row.order_line}" if row.order else ""
        place = f"{row.organization} {row.place}"
        return f"{goods} {whom}, at {place}{order}, for {row.age_days} days, worth {row.value}"

    def figures(self, day: date, item: str, viewer: str) -> list[str]:
        found = item_queries.item_360(self._viewer(viewer), item, today=day)
        if found is None:
            return words.NOTHING
        return [
            f"{at_one.organization}: "
            + ", ".join(
                f"{getattr(at_one, name)} {name.replace('_', ' ')}"
                for name in (
                    "owned", "consigned", "non_owned", "on_order", "in_transit", "reserved",
                    "available",
                )
                if getattr(at_one, name).micros or name in ("owned", "consigned", "available")
            )
            for at_one in found.organizations
        ]  # fmt: skip

    def progress(self, day: date, order: str, viewer: str) -> list[str]:
        organization = self.ordered_in.get(order) or self._first()
        found = order_queries.order(self._viewer(viewer), organization, order)
        if found is None:
            return words.NOTHING
        return [
            f"line {line.line}, {line.ownership}: {line.ordered} of {line.item} ordered, "
            f"{line.in_transit} in transit, {line.received} received, "
            f"{line.consumed if line.consumed is not None else 'none'} consumed, "
            f"{line.consigned_on_hand} consigned on hand"
            + (f", {line.returned} returned" if line.returned.micros else "")
            + (f", price {line.price}" if line.price else "")
            for line in found.lines
        ]

    def history(self, day: date, item: str, viewer: str) -> list[str]:
        found = title_queries.title_history(self._viewer(viewer), item)
        return [
            f"{row.happened_on} {row.kind} {row.quantity} of {row.item}: {row.source} > "
            f"{row.target}"
            for row in reversed(found.entries)
        ] or words.NOTHING

    def owed(self, day: date, viewer: str) -> list[str]:
        return [
            words.owed(
                row.agreement, row.organization, row.total.currency, row.running.minor,
                row.advised.minor, row.invoiced.minor, row.credited.minor, row.asked_back.minor,
                row.elsewhere.minor,
            )
            for row in owed_queries.owed(self._viewer(viewer))
        ] or words.NOTHING  # fmt: skip

    def advices(self, day: date, viewer: str) -> list[str]:
        page = advice_queries.advices(self._viewer(viewer), order=["number"])
        return [
            f"{row.number} of {row.amount}: {row.state}"
            + (f" by {row.invoice}" if row.invoice else "")
            for row in page.rows
        ] or words.NOTHING

    def exceptions(self, day: date, viewer: str) -> list[str]:
        page = exception_queries.exceptions(self._viewer(viewer))
        return [
            words.exception(
                words.amount(row.quantity.micros, row.quantity.unit, row.item), row.reason,
                row.sentence,
            )
            for row in page.rows
        ] or words.NOTHING  # fmt: skip

    def next_closing(self, day: date, agreement: str) -> list[str]:
        found = agreement_queries.agreement(self._viewer(""), agreement, today=day)
        assert found
        return [str(found.line.next_closing_on)]

    def books(self, day: date, party: str) -> list[str]:
        """What was booked for a party since it was last asked."""
        since = self.booked.setdefault(party, set())
        rows = [row for row in self._journal(party) if row.pk not in since]
        since.update(row.pk for row in rows)
        return [
            f"{row.happened_on} {row.debit} / {row.credit} {words.money(row.amount, row.currency)}"
            for row in rows
        ] or words.NOTHING

    def accounts(self, day: date, party: str) -> list[str]:
        sums: dict[tuple[str, str], int] = {}
        for row in self._journal(party):
            for account, amount in ((row.debit, row.amount), (row.credit, -row.amount)):
                key = (account, row.currency)
                sums[key] = sums.get(key, 0) + amount
        assert not sum(sums.values()), "a book does not balance"
        return [
            f"{account} {'debit' if amount > 0 else 'credit'} {words.money(abs(amount), currency)}"
            for (account, currency), amount in sorted(sums.items())
            if amount
        ] or words.NOTHING

    def _journal(self, party: str) -> list[models.Journal]:
        rows = models.Journal.objects.filter(book=_party(party))
        return list(rows.order_by("organization_id", "number"))

    # --- what came of an act -----------------------------------------------------------

    def _news(self, outcome: Result) -> list[str]:
        if outcome.repeated and not outcome.new:
            return words.NOTHING_CHANGES
        return [*self._entries(), *self._waiting()] or words.NOTHING_MOVES

    def _entries(self) -> Iterator[str]:
        for code, organization in self.organizations.items():
            rows = self._new(models.Entry, organization)
            if not rows:
                continue
            positions = models.Position.objects.select_related("item", "owner")
            where = {p.number: p for p in positions.filter(organization_id=organization)}
            places = models.Place.objects.filter(organization_id=organization)
            named = {place.number: self._place(code, place.code) for place in places}
            for row in rows:
                item = where[row.source].item
                ends = (
                    End(where[n].owner.name, named[where[n].place])
                    for n in (row.source, row.target)
                )
                yield words.entry(
                    row.kind, words.amount(row.quantity, item.unit, item.code),
                    self._layer(code, row.layer), *ends,
                )  # fmt: skip

    def _waiting(self) -> Iterator[str]:
        for organization in self.organizations.values():
            for row in self._new(models.WaitingException, organization):
                item = models.Item.objects.get(pk=row.item_id)
                yield words.waiting(row.reason, words.amount(row.quantity, item.unit, item.code))

    def _new(self, model: type, organization: OrganizationId) -> Sequence:
        key = (model.__name__, organization)
        rows = list(
            model.objects.filter(organization_id=organization, number__gt=self.seen.get(key, 0))
            .order_by("number")
        )  # fmt: skip
        if rows:
            self.seen[key] = rows[-1].number
        return rows

    def _unseen(self, model: type) -> Sequence:
        last = self.seen.get((model.__name__, 0), 0)
        rows = list(model.objects.filter(pk__gt=last).order_by("pk"))
        if rows:
            self.seen[model.__name__, 0] = rows[-1].pk
        return rows

    def _advices(self) -> Iterator[str]:
        for row in self._unseen(models.Advice):
            yield words.advice(
                row.number, row.consignor.name, row.agreement.number, row.starts_on,
                row.closes_on,
                (row.organization and row.organization.code, row.item and row.item.code,
                 row.happened_on),
                row.amount, row.currency, row.tax_amount,
            )  # fmt: skip
            for line in row.lines.select_related("item", "organization").order_by("line"):
                yield words.advice_line(
                    line.line, words.amount(line.quantity, line.item.unit, line.item.code),
                    line.organization.code, line.price, line.amount, row.currency, line.tax,
                    line.tax_amount,
                )  # fmt: skip

    def _invoices(self) -> Iterator[str]:
        for row in self._unseen(models.Invoice):
            decision = row.decisions.order_by("pk").last()
            due = f", due on {row.due_on}" if decision.standing == "accepted" else ""
            amount = words.money(row.amount, row.currency)
            yield f"{row.number} for {row.advice.number}, {amount}: {decision.standing}{due}"
            yield from (f"  {difference}" for difference in decision.because.splitlines())

    def _payments(self) -> Iterator[str]:
        for row in self._unseen(models.Payment):
            paid = ", ".join(line.invoice.number for line in row.lines.order_by("pk"))
            if netted := [one.credit_note.number for one in row.credits.order_by("pk")]:
                paid += f", less {', '.join(netted)}"
            amount = words.money(row.amount, row.currency)
            yield f"{row.number} to {row.consignor.name}: {amount} for {paid}"

    # --- names -------------------------------------------------------------------------

    def _first(self) -> str:
        return next(iter(self.organizations))

    def _in(self, code: str) -> OrganizationId:
        return self.organizations[code or self._first()]

    def _viewer(self, code: str) -> Viewer:
        viewer = viewer_of_party(code or self.viewer)
        assert viewer
        return viewer

    def _place(self, organization: str, code: str) -> str:
        return f"{organization} {code}" if len(self.organizations) > 1 else code

    def _layer(self, organization: str, number: int) -> str:
        inside = self.organizations[organization]
        row = models.Layer.objects.get(organization_id=inside, number=number)
        if row.from_layer is not None:
            ids = {number: code for code, number in self.organizations.items()}
            return self._layer(ids[row.from_organization], row.from_layer)
        if row.receipt is None:
            if made := models.Production.objects.filter(
                organization_id=inside, layer=number
            ).first():
                return made.reference
            shipped = models.ShippedGoods.objects.get(organization_id=inside, layer=number)
            notice = models.ShipNotice.objects.get(pk=shipped.ship_notice)
            return words.layer(notice.number, shipped.line)
        receipt = models.GoodsReceipt.objects.get(organization_id=inside, number=row.receipt)
        return words.layer(receipt.reference, row.receipt_line)

    def _reference(self, said: str) -> str:
        self.told_by_us += 1
        return said or f"n{self.told_by_us}"


def _party(code: str) -> PartyId:
    return PartyId(models.Party.objects.get(code=code).pk)


def _billed(advice: models.Advice | None, said: str) -> list[Billed]:
    """'as advised', or '1 100C 120 at 1.25[ per 1] = 150.00[ tax 28.50]; 2 …'."""
    if said == "as advised":
        assert advice
        return [
            Billed(line.line, line.item.code, line.quantity, line.price, line.amount, 0,
                   line.tax_amount)
            for line in advice.lines.select_related("item").order_by("line")
        ]  # fmt: skip
    lines = []
    for one in said.split("; "):
        line, _, tax = one.partition(" tax ")
        number, item, quantity, _, price, *per, _, amount = line.split()
        currency = advice.currency if advice else "USD"
        lines.append(
            Billed(int(number), item, parse_micros(quantity), parse_price(price),
                   parse_amount(amount, currency), parse_micros(per[1]) if per else 0,
                   parse_amount(tax, currency) if tax else 0)
        )  # fmt: skip
    return lines
