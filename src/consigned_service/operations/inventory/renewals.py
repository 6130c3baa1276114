"""Renewing: goods that lie under one agreement pass to another of the same two parties, by both
parties' consent.

A line lets everything pass that lies under an agreement in one organization, or what it names of
it. What waits to be received, inspected or put away stays under the agreement that it came by until
then; so does what comes in, or comes back, later.

Refuses: what trade.renewals refuses; UnknownAgreement, AgreementNotInForce,
UnknownItem, UnknownPlace; what a field may not say.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.inventory import renewals as trade
from consigned.inventory.renewals import NOT_PUT_AWAY, Renewing
from consigned.inventory.renewed_layers import Passed
from consigned.inventory.stock import Holding
from consigned.inventory.transfers import has_come_to_pass
from consigned.master_data.agreements import Agreement, UnknownAgreement
from consigned.master_data.items import UnknownItem
from consigned.master_data.ownership import comes_in_as
from consigned.master_data.parties import UnknownPlace, check_has_come
from consigned.measure.identity import ItemId, OrganizationId, PlaceNumber
from consigned.measure.period import Moment
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Condition, Zone
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.renewals_taken_back import book_passed, elsewhere
from consigned_service.records.inventory import interorganization as layer_records
from consigned_service.records.inventory import renewals as records
from consigned_service.records.inventory.renewals import Consent
from consigned_service.records.inventory.stock import read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class RenewalLine(NamedTuple):
    """Goods that pass to another agreement: all that lie there under the one, or what
    is named of them."""

    reference: Annotated[str, fields.REFERENCE]
    agreement: Annotated[str, fields.AGREEMENT, "number of the agreement that the goods lie under"]
    new_agreement: Annotated[
        str, fields.AGREEMENT, "number of the one, of the same two parties, that they pass to"
    ]
    happened_on: Annotated[
        Moment, fields.HAPPENED_ON, "first day on which they are used under that one, as 2026-03-31"
    ]
    consent: Annotated[str, fields.Text("who of the consignor agreed, and in which document", 200)]
    agreed_on: Annotated[date, fields.DAY, "day on which both agreed, as 2026-03-31"]
    agreed_by: Annotated[str, fields.Text("who of the consignee agreed; empty: who tells it")] = ""
    item: Annotated[str, fields.ITEM, "code of the item, or its GTIN; empty: all items"] = ""
    place: Annotated[str, fields.PLACE, "code of the place they lie at; empty: wherever"] = ""
    lot: Annotated[str, fields.LOT, "the maker's mark of a batch; empty: any"] = ""
    serial: Annotated[str, fields.SERIAL, "the maker's mark of one piece; empty: any"] = ""
    because: Annotated[str, fields.BECAUSE] = ""


def renew_goods(
    *, organization: OrganizationId, lines: Sequence[RenewalLine], by: str, at: datetime
) -> Result:
    """Let goods pass to another agreement, with both parties' consent on record, many lines at
    once, all in one posting. Owner, age and marks stay; from its day on they are used under the
    new one."""
    outcome = Result()
    with postings.posting(organization, cause="renewal", recorded_at=at, recorded_by=by) as posting:
        desk = _Desk(posting, lines, outcome)
        told = tell_once(posting, enumerate(lines), desk.renew, outcome, day="happened_on")
        desk.keep()
        outcome.new = len(told)
    return outcome


class _Desk:
    """One posting of renewals: what lies under the agreements that its lines name."""

    def __init__(self, posting: OpenPosting, lines: Sequence[RenewalLine], outcome: Result) -> None:
        self.posting, self.outcome = posting, outcome
        numbers = {number for line in lines for number in (line.agreement, line.new_agreement)}
        found = agreement_records.agreements_by_number(numbers)
        self.agreements = found
        self.sourced_from = {
            number: (row.sourced_from, row.sourced_from_place)
            for number, row in agreement_records.agreements(found).items()
        }
        organization = posting.organization
        old = {found[n].id for line in lines if (n := line.agreement) in found}
        self.items = agreement_records.items_by_code({line.item for line in lines})
        under = records.items_under(organization.id, old)
        self.codes = agreement_records.items_by_id(under)
        self.terms = agreement_records.read_terms({one.id for one in found.values()}, under)
        self.places = {place.number: place for place in posting.places}
        ledger.read_positions(posting.book, under)
        self.on_hand = read_on_hand(
            posting.book, under, ours=organization.party, conditions=frozenset(map(str, Condition)),
            places=[place._replace(is_nettable=True) for place in posting.places],
        )  # fmt: skip
        lying = [h for h in self.on_hand.pickable if h.agreement in old]
        self.lying = [
            h for h in lying
            if h.owner != organization.party and h.ownership != Ownership.OWNED
        ]  # fmt: skip
        self.layers = layer_records.read_layers(organization.id, {h.layer for h in self.lying})
        self.missing = records.missing_under(organization.id, old)
        self.passed: list[tuple[Passed, Consent]] = []

    def renew(self, index: int, line: RenewalLine) -> int:
        """Let pass what a line means; answers of how many holdings."""
        renewing, said = self._understood(index, line)
        meant = [h for h in self.lying if h.left and renewing.means(h)]
        here = [h for h in meant if self._zone(h) not in NOT_PUT_AWAY]
        passing = [
            (holding, self._as_renewed(holding, renewing))
            for holding in here
            if holding.received_on <= renewing.happened_on
        ]
        stays = self._in_words(meant, passing)
        if not passing:
            raise trade.NothingToRenew(
                self._goods(line), line.agreement, self.posting.organization.code,
                renewing.happened_on, stays,
            )  # fmt: skip
        for holding, layer in passing:
            self._check(holding, layer, renewing, line.agreement)
        passed = trade.renew(
            self.posting.book,
            renewing,
            passing,
            first=self.posting.ledger.next_renewal + len(self.passed),
            elsewhere=elsewhere(self.posting.places),
        )
        self.passed += [(one, said) for one in passed]
        if stays:
            self.outcome.notes.append(f"{line.reference}: {stays}")
        return len(passed)

    def keep(self) -> None:
        self.posting.take_numbers("renewal", len(self.passed))
        for layer in self.posting.book.new_layers:
            if layer.price:
                self.on_hand.values[layer.number] = layer.price
        records.add(self.posting, self.passed)
        for one, _ in self.passed:
            through = self.posting.ledger.renewed_through
            self.posting.ledger.renewed_through = max(one.on, through or one.on)
        book_passed(self.posting, [one for one, _ in self.passed], self.on_hand)

    # --- what a line says --------------------------------------------------------------------

    def _understood(self, index: int, line: RenewalLine) -> tuple[Renewing, Consent]:
        organization = self.posting.organization
        old, new = self._agreement(line.agreement), self._agreement(line.new_agreement)
        check_has_come(line.agreed_on, today=self.posting.recorded_on)
        on = organization.day_here(line.happened_on)
        trade.check_agreements(old, new, on)
        if self.sourced_from[old.number] != self.sourced_from[new.number]:
            raise trade.SuppliedOtherwise(old.number, new.number)
        renewing = Renewing(
            index + 1, old.id, new, on, self._item(line), self._place(line),
            line.lot or None, line.serial or None,
        )  # fmt: skip
        agreed_by = line.agreed_by or self.posting.recorded_by
        return renewing, Consent(
            line.reference, line.consent, line.agreed_on, agreed_by,
            line.because,
        )  # fmt: skip

    def _agreement(self, number: str) -> Agreement:
        if number not in self.agreements:
            raise UnknownAgreement(number)
        return self.agreements[number]

    def _item(self, line: RenewalLine) -> ItemId | None:
        code = line.item
        if code and code not in self.items:
            raise UnknownItem(code)
        return self.items[code].id if code else None

    def _place(self, line: RenewalLine) -> PlaceNumber | None:
        code = line.place
        if not code:
            return None
        for place in self.posting.places:
            if place.code == code and not place.is_outer:
                return place.number
        raise UnknownPlace(code, self.posting.organization.code)

    # --- the goods ---------------------------------------------------------------------------

    def _zone(self, holding: Holding) -> Zone:
        return self.places[holding.place].zone

    def _as_renewed(self, holding: Holding, renewing: Renewing) -> Layer:
        new, on = renewing.new, renewing.happened_on
        prices = self.terms.prices.get((new.id, holding.item))
        layer = self.layers[holding.layer]._replace(
            ownership=comes_in_as(Ownership.CONSIGNED, new),
        )
        price = prices.price_on(on) if prices else None
        return trade.as_renewed(layer, new, price, self.posting.book)

    def _check(self, holding: Holding, layer: Layer, renewing: Renewing, agreement: str) -> None:
        """Refuse what would change by passing whose it is, or what a count has still to explain."""
        item, place, new = self.codes[holding.item], self.places[holding.place], renewing.new
        if (renewing.old, holding.item) in self.missing:
            number = self.missing[renewing.old, holding.item]
            raise trade.DifferenceIsOpen(agreement, item.code, number)
        condition = self.posting.book.describe(holding.position).condition
        waits = new.title_after_inspection and condition != Condition.UNRESTRICTED
        if has_come_to_pass(new.title_rule, place) and not waits:
            raise trade.TitleWouldHavePassed(new.number, new.title_rule, item.code, place.code)

    def _goods(self, line: RenewalLine) -> str:
        named = {"": line.item or "goods", "lot": line.lot, "serial": line.serial, "at": line.place}
        return " ".join(f"{how} {said}".strip() for how, said in named.items() if said)

    def _in_words(self, meant: Iterable[Holding], passing: Iterable[tuple[Holding, Layer]]) -> str:
        """What is meant and does not pass, in words."""
        passes = {id(holding) for holding, _ in passing}
        waiting: dict[ItemId, int] = defaultdict(int)
        later: dict[ItemId, int] = defaultdict(int)
        for holding in meant:
            if id(holding) not in passes:
                is_here = self._zone(holding) not in NOT_PUT_AWAY
                (later if is_here else waiting)[holding.item] += holding.left
        said = []
        if waiting:
            said.append(f"{self._sums(waiting)} stay until they are put away")
        if later:
            said.append(f"{self._sums(later)} came later and stay")
        return ", ".join(said)

    def _sums(self, sums: dict[ItemId, int]) -> str:
        return ", ".join(self.codes[item].show(sums[item]) for item in sorted(sums))
