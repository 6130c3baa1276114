"""Where counts are worked on: the goods as they lie, what the book said, what is to be posted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from consigned.counting import counts as trade
from consigned.counting.counts import Compared, Lying, Scope
from consigned.counting.late_records import TakeBack
from consigned.counting.laws import RECOUNTED
from consigned.counting.losses import (
    ALL,
    CONSUMED_AS,
    LEAVES_AS,
    Find,
    Loss,
    Part,
    Reason,
    StillGone,
    borne,
    find_again,
    share_of,
)
from consigned.inventory.renewed_layers import Renewals
from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import Use, UseKind
from consigned.master_data.agreements import Agreement, UsageBasis
from consigned.master_data.items import Item
from consigned.master_data.parties import default_place
from consigned.measure.identity import (
    AgreementId,
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    PlaceNumber,
)
from consigned.returns.lines import OwnedLocation
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Ownership
from consigned.title.past import Slot
from consigned.title.position import Condition, Place, Position, Zone
from consigned.title.post import post
from consigned_service.operations.ledger import renewals_taken_back as renewals
from consigned_service.operations.ledger.losses import settle_losses
from consigned_service.operations.ledger.recoveries import Leaving, take_back, written_off_later
from consigned_service.records.counting import counts as count_records
from consigned_service.records.counting.counts import Counting, Kept, Moved, OpenDifference
from consigned_service.records.inventory.stock import OnHand, read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class Change(NamedTuple):
    """By how much a settlement changes what lies there of some goods, and when."""

    holding: Holding
    quantity: int
    on: date


class Settlement(NamedTuple):
    """Under which number a difference was settled, and what that changed."""

    number: int
    changes: Sequence[Change]


class Plan(NamedTuple):
    """How a difference, or a part of it, is to be settled."""

    item: ItemId
    scope: Scope
    compared: Compared
    reason: Reason
    quantity: int
    share: int
    happened_on: date
    parts: Sequence[Part]
    """Which goods are missing, or as which goods they are found."""
    back: Sequence[tuple[TakeBack, list[Holding]]] = ()
    """What is taken back for it of what counts of later evenings wrote off."""


@dataclass
class Desk:
    """One posting of counts: the goods as they lie, and what is to be posted of them."""

    posting: OpenPosting
    places: Sequence[Place]
    items: dict[ItemId, Item]
    on_hand: OnHand
    holdings: dict[ItemId, list[Holding]]
    """Everything that can be counted, in picking order; goods that may not be used come last."""
    on_the_way: frozenset[PlaceNumber]
    """Where goods are that only a line counts which names the place."""
    agreements: dict[AgreementId, Agreement]
    renewed: Renewals
    """What passed to other agreements after the evenings that are worked on."""
    open: list[OpenDifference]
    moved: list[Moved] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    finds: list[Find] = field(default_factory=list)
    _layers: list[Kept] | None = None
    _borne: dict[LayerNumber, tuple[int, int]] | None = None
    _since: dict[date, Counter[Slot]] = field(default_factory=dict)
    _later: list[tuple[Scope, date]] | None = None
    _looked_back_to: date = date.max

    @classmethod
    def opened(
        cls, posting: OpenPosting, places: Sequence[Place], items: Iterable[Item], since: date
    ) -> "Desk":
        """With all that lies here of some items, for counts of evenings since a day."""
        named = {item.id: item for item in items}
        organization, book = posting.organization, posting.book
        ledger.read_positions(book, named)
        counted = count_records.places_counted(places)
        on_hand = read_on_hand(
            book, named, places=[place._replace(is_nettable=True) for place in counted],
            ours=organization.party, conditions=frozenset(map(str, Condition)),
        )  # fmt: skip
        shelves = Shelves(
            on_hand.pickable, ours=organization.party, pick_order=organization.pick_order
        )
        holdings = {item: list(shelves.queue(item)) for item in named}
        for queue in holdings.values():
            queue.sort(key=lambda h: book.describe(h.position).condition != Condition.UNRESTRICTED)
        return cls(
            posting,
            places,
            named,
            on_hand,
            holdings,
            frozenset(place.number for place in counted if place.zone is Zone.IN_TRANSIT),
            agreement_records.read_agreements(
                {holding.agreement for holding in on_hand.pickable if holding.agreement}
            ),
            renewals.of_days_before(posting, on_hand, {(item, since) for item in named}),
            count_records.differences_of_items(organization.id, named),
        )

    def queue(self, scope: Scope) -> list[Holding]:
        """The goods that a line counts, in picking order."""
        return [h for h in self.holdings[scope.item] if self.holds(scope, h)]

    def holds(self, scope: Scope, holding: Holding) -> bool:
        return scope.holds(holding) and (
            scope.place is not None or holding.place not in self.on_the_way
        )

    def _counts_all_of(self, scope: Scope, other: Scope) -> bool:
        return scope.covers(other) and (other.place not in self.on_the_way or bool(scope.place))

    # --- the book on the evening of a count ----------------------------------------------

    def look_back_to(self, day: date) -> None:
        """Learn what moved after a day, so that counts of that day can be compared."""
        book = self.posting.book
        self._looked_back_to = day
        self.moved = count_records.moved_since(book, self.items, day)
        lying = {(h.position, h.layer) for queue in self.holdings.values() for h in queue}
        gone = {one.slot for one in self.moved} - lying
        count_records.know_positions(book, {position for position, _ in gone})
        places = {place.number: place for place in count_records.places_counted(self.places)}
        gone = {slot for slot in gone if book.describe(slot[0]).place in places}
        kept = {one.layer: one for one in self.layers()} if gone else {}
        for position, layer in sorted(gone):
            item, owner, place, _ = book.describe(position)
            then = kept[layer]._replace(owner=owner)
            self.holdings[item].append(then.lies(places[place], position))

    def compare(self, line: Counting) -> list[Compared]:
        """What the book said on the evening of the count, owner by owner, and what was counted."""
        since = self._moved_after(line.counted_on)
        lying = [
            Lying(holding, was)
            for holding in self.queue(line.scope)
            if (was := holding.left - since[holding.position, holding.layer])
        ]
        compared = trade.compare(lying, line.counted)
        if compared is None:
            compared = [self._of_one_owner(line, lying)]
        return compared

    def _moved_after(self, day: date) -> Counter[Slot]:
        if day not in self._since:
            self._since[day] = count_records.net(self.moved, day)
        return self._since[day]

    def _of_one_owner(self, line: Counting, lying: Sequence[Lying]) -> Compared:
        """More goods than booked, where the book alone does not say whose they are."""
        scope, item = self._findable(line.scope), self.items[line.scope.item]
        owners = {one.holding.owner for one in lying}
        if not owners:
            owners = {one.owner for one in self.layers() if self._fits(one, scope)}
        names = agreement_records.party_codes(owners | ({scope.owner} if scope.owner else set()))
        if len(owners) > 1:
            booked = sum(one.was for one in lying)
            raise trade.OneOwnerNeeded(
                item.code, item.unit, self.where(scope), booked, tuple(sorted(names.values())),
                line.counted,
            )  # fmt: skip
        if not owners:
            name = names[scope.owner] if scope.owner else None
            raise trade.NeverHad(item.code, item.unit, self.where(scope), name, line.counted)
        newest = self._layer_to_find(scope._replace(owner=owners.pop()))
        return Compared(newest.owner, newest.agreement, 0, line.counted)

    def _findable(self, scope: Scope) -> Scope:
        """What a line may find more of than booked: in an owned place only our goods."""
        place = next((one for one in self.places if one.number == scope.place), None)
        if place is None or not place.is_owned:
            return scope
        ours = self.posting.organization.party
        if scope.owner not in (None, ours):
            raise OwnedLocation(place.code)
        return scope._replace(owner=ours)

    # --- what is to become of a difference -----------------------------------------------

    def plan_at_once(self, line: Counting, compared: Compared, *, is_disputed: bool) -> Plan | None:
        """How a difference is settled with the count itself; None where it waits for somebody."""
        if not compared.difference or is_disputed:
            return None
        reason = Reason(line.reason) if line.reason else None
        is_there = line.scope.place not in self.on_the_way
        if reason is None and compared.difference < 0 and is_there:
            reason = Reason.SOLD if self.is_used_by_count(compared) else None
        if reason is None:
            return None
        return self.plan(line.scope, compared, reason, compared.difference, line.counted_on)

    def is_used_by_count(self, compared: Compared) -> bool:
        """Whether what is missing was sold, because the agreement settles by counts (L11)."""
        agreement = self._agreement(compared)
        return agreement is not None and agreement.usage_basis is UsageBasis.COUNTED

    def _agreement(self, compared: Compared) -> Agreement | None:
        if compared.agreement is None or compared.owner == self.posting.organization.party:
            return None
        if compared.agreement not in self.agreements:
            self.agreements |= agreement_records.read_agreements([compared.agreement])
        return self.agreements[compared.agreement]

    def plan(
        self, scope: Scope, compared: Compared, reason: Reason, quantity: int, counted_on: date
    ) -> Plan:
        """How so much of a difference is settled for a reason; refuses what cannot be."""
        item = self.items[scope.item]
        if quantity > 0 and reason not in trade.UPWARD:
            raise trade.ReasonDoesNotFit(reason, quantity, item.unit, item.code)
        organization = self.posting.organization
        closed = organization.closed_through
        happened_on = counted_on
        if closed and counted_on <= closed:
            happened_on = self.posting.recorded_on
        share = self._share(compared, reason, counted_on)
        if quantity > 0:
            parts = self._parts_to_find(scope, compared, quantity)
            return Plan(item.id, scope, compared, reason, quantity, 0, happened_on, parts)
        parts, missing = trade.goods_missing(
            self.queue(scope), scope, compared, -quantity, counted_on,
            lambda holding: self.renewed.agreement_on(holding, happened_on),
        )  # fmt: skip
        back = self._written_off_later(scope, compared, missing, counted_on) if missing else []
        came = [Part(goods, goods.left) for _, lying in back for goods in lying]
        parts += came
        missing -= sum(part.quantity for part in came)
        if missing:
            raise trade.CountOvertaken(
                item.code, item.unit, self.where(scope), -quantity, -quantity - missing, counted_on
            )
        return Plan(item.id, scope, compared, reason, quantity, share, happened_on, parts, back)

    def _written_off_later(
        self, scope: Scope, compared: Compared, missing: int, counted_on: date
    ) -> list[tuple[TakeBack, list[Holding]]]:
        """What counts of later evenings wrote off of goods that were missing on this one already:
        it is to be taken back for it."""
        return written_off_later(
            self.posting,
            Leaving(
                scope.item, missing, counted_on, scope.place, compared.owner, scope.lot,
                scope.serial,
            ),
        )  # fmt: skip

    def _share(self, compared: Compared, reason: Reason, on: date) -> int:
        """The consignee's share: all of what is its own, of others' goods as agreed."""
        if compared.owner == self.posting.organization.party:
            return ALL
        return share_of(self._agreement(compared), reason, on)

    def settle_as(self, difference: int, plan: Plan) -> Settlement:
        """Settle a difference, or a part of it, as planned."""
        posting = self.posting
        take_back(posting, self.on_hand, [one for one, _ in plan.back])
        for one, lying in plan.back:
            for goods in lying:
                self._moved((goods.position, goods.layer), goods.left, one.settled.happened_on)
        settlement = posting.take_numbers("count_settlement", 1)
        consumption = None
        if plan.quantity > 0:
            changes = [Change(*part, plan.happened_on) for part in plan.parts]
            for holding, quantity in plan.parts:
                use = self._use(plan, 0, quantity)
                self.finds.append(Find(settlement, use, holding, quantity))
        else:
            parts, changes = self._as_they_were(plan)
            mine = borne(parts, plan.share, posting.organization.party)
            if mine:
                consumption = posting.take_numbers("consumption", 1)
            self.losses.append(
                Loss(
                    Cause.COUNT, settlement, self._use(plan, consumption or 0, mine), plan.share,
                    parts, LEAVES_AS.get(plan.reason, EntryKind.LOST),
                )
            )  # fmt: skip
        for change in changes:
            self._move(*change)
        self._keep_settlement(
            settlement, difference, plan.reason, plan.quantity, plan.share, consumption,
            plan.happened_on,
        )  # fmt: skip
        return Settlement(settlement, changes)

    def _as_they_were(self, plan: Plan) -> tuple[list[Part], list[Change]]:
        """The goods that a plan lets go, as what they were on its day: where they passed to another
        agreement since, so much of that is taken back."""
        parts: list[Part] = []
        before = len(self.renewed.taken_back)
        for holding, quantity in plan.parts:
            if self.renewed.is_later(holding, plan.happened_on):
                were = self.renewed.as_before(
                    self.posting.book, holding, quantity, plan.happened_on
                )
                parts += [Part(was, some) for was, _, some in were]
            else:
                parts.append(Part(holding, quantity))
        post(self.posting.book, self.posting.book.drafts)
        passed = [
            Change(holding, quantity, one.on)
            for one in self.renewed.taken_back[before:]
            for holding, quantity in ((one.before, -one.quantity), (one.after, one.quantity))
        ]
        return parts, [*passed, *(Change(h, -quantity, plan.happened_on) for h, quantity in parts)]

    def _use(self, plan: Plan, number: int, quantity: int) -> Use:
        scope, compared = plan.scope, plan.compared
        kind = CONSUMED_AS.get(plan.reason, UseKind.COUNT)
        return Use(
            ConsumptionNumber(number), kind.value, plan.item, quantity, plan.happened_on,
            scope.place, compared.owner, scope.lot, scope.serial,
        )  # fmt: skip

    def _move(self, holding: Holding, quantity: int, on: date) -> None:
        """What a settlement takes or brings counts for the lines after it."""
        holding.left += quantity
        self._moved((holding.position, holding.layer), quantity, on)

    def _moved(self, slot: Slot, quantity: int, on: date) -> None:
        self.moved.append(Moved(slot, on, quantity))
        for day, sums in self._since.items():
            if on > day:
                sums[slot] += quantity

    def replace(self, line: Counting) -> None:
        """Close the differences that a later count takes the place of; what the other party
        counted for the same count stays, to be decided."""
        for one in list(self.open):
            is_other_side = one.reference == line.reference and one.side != line.side
            is_later = one.counted_on <= line.counted_on
            if is_later and not is_other_side and self._counts_all_of(line.scope, one.scope):
                self._close(one)

    def decide_for(self, chosen: OpenDifference) -> list[int]:
        """Close what other counts of the same thing differ by, now that one is decided for; answers
        the numbers of those differences."""
        closed = []
        for one in list(self.open):
            if one.number == chosen.number:
                self.open.remove(one)
            elif (one.reference, one.scope) == (chosen.reference, chosen.scope) and (
                one.counting != chosen.counting
            ):
                self._close(one)
                closed.append(one.number)
        return closed

    def _close(self, one: OpenDifference) -> None:
        self.close(one.number, one.still_open)
        self.open.remove(one)

    def close(self, difference: int, quantity: int) -> None:
        """Close so much of a difference, because another count took its place."""
        number = self.posting.take_numbers("count_settlement", 1)
        on = self.posting.recorded_on
        self._keep_settlement(number, difference, RECOUNTED, quantity, 0, None, on)

    def settle(self) -> int:
        """Post and book all that was settled; answers what waits for a price."""
        if not self.losses and not self.finds:
            return 0
        renewals.take_back(self.posting, self.renewed, self.on_hand)
        return settle_losses(self.posting, self.places, self.losses, self.finds, self.on_hand)

    # --- keeping what was told -----------------------------------------------------------

    def keep_count(self, line: Counting) -> int:
        """Keep a line of a count; answers its number."""
        posting, scope = self.posting, line.scope
        number = posting.take_numbers("count", 1)
        through = posting.ledger.counted_through
        posting.ledger.counted_through = max(line.counted_on, through or line.counted_on)
        posting.add(
            "stock_count",
            [(posting.organization.id, number, posting.number, line.reference, line.recount,
              line.side, line.counted_by, scope.item, scope.owner, scope.place, scope.lot,
              scope.serial, line.counted, line.said, line.counted_on.isoformat(), line.reason)],
        )  # fmt: skip
        return number

    def _is_carried_on(self, line: Counting) -> bool:
        through = self.posting.ledger.counted_through
        if not through or through <= line.counted_on:
            return False
        if self._later is None:
            self._later = count_records.counted_later(
                self.posting.organization.id, self.items, self._looked_back_to
            )
        return any(
            on > line.counted_on and self._counts_all_of(scope, line.scope)
            for scope, on in self._later
        )

    def keep_difference(self, counting: int, line: Counting, compared: Compared) -> int:
        """Keep what the book said of one owner's goods and what the count says; answers its
        number."""
        posting = self.posting
        number = posting.take_numbers("difference", 1)
        posting.add(
            "count_difference",
            [(posting.organization.id, number, posting.number, counting, *compared)],
        )
        return number

    def leave_open(
        self, difference: int, counting: int, line: Counting, compared: Compared
    ) -> None:
        """Remember what waits for a decision, for the lines after it; a count of a later evening
        that was told before carries it on."""
        if self._is_carried_on(line):
            self.close(difference, compared.difference)
            return
        self.open.append(
            OpenDifference(
                difference, counting, line.reference, line.side,
                line.scope._replace(owner=compared.owner), compared, line.counted_on,
                compared.difference,
            )
        )  # fmt: skip

    def _keep_settlement(
        self, number: int, difference: int, reason: str, quantity: int, share: int,
        consumption: int | None, on: date,
    ) -> None:  # fmt: skip
        posting = self.posting
        posting.add(
            "count_settlement",
            [(posting.organization.id, number, posting.number, difference, str(reason), quantity,
              share, consumption, on.isoformat(), None)],
        )  # fmt: skip

    # --- finding -------------------------------------------------------------------------

    def layers(self) -> list[Kept]:
        """Every layer of the items counted, with each owner it had; read once it is needed."""
        if self._layers is None:
            loss = default_place(list(self.places), Zone.LOSS)
            self._layers = count_records.layers_of(self.posting.book, self.items, loss.number)
        return self._layers

    def _fits(self, kept: Kept, scope: Scope) -> bool:
        return (
            kept.item == scope.item
            and scope.owner in (None, kept.owner)
            and scope.lot in (None, kept.lot)
            and scope.serial in (None, kept.serial)
            and (kept.owner == self.posting.organization.party or kept.ownership != Ownership.OWNED)
        )

    def _layer_to_find(self, scope: Scope) -> Kept:
        """The layer that found goods are of: of what was lost the last, else the newest."""
        return _last_lost(one for one in self.layers() if self._fits(one, scope))

    def _parts_to_find(self, scope: Scope, compared: Compared, quantity: int) -> list[Part]:
        """As which goods something is found: what a consignor's goods were missed as, by whom it
        was borne; what nobody missed, and our own goods, as their owner's in one layer."""
        owned = scope._replace(owner=compared.owner)
        fitting = [
            one
            for one in self.layers()
            if self._fits(one, owned) and one.agreement == compared.agreement
        ]
        ours = self.posting.organization.party
        parts, unmissed = [], quantity
        if compared.owner != ours:
            kept = {one.layer: one for one in fitting}
            found, unmissed = find_again(self._still_gone(kept.values()), quantity)
            for layer, is_ours, part in found:
                one = kept[layer]._replace(owner=ours) if is_ours else kept[layer]
                parts.append(Part(self._shelf_to_find(owned, one), part))
        if unmissed:
            parts.append(Part(self._shelf_to_find(owned, _last_lost(fitting)), unmissed))
        return parts

    def _still_gone(self, kept: Iterable[Kept]) -> list[StillGone]:
        """What counts missed of some layers; what lines of this posting found is not gone."""
        organization, found = self.posting.organization, Counter[tuple[LayerNumber, bool]]()
        for find in self.finds:
            is_ours = find.holding.owner == organization.party
            found[find.holding.layer, is_ours] += find.quantity
        if self._borne is None:
            self._borne = count_records.borne_by_us(organization.id, self.items, organization.party)
        lost = {one.layer: one.lost for one in self.layers() if one.owner == organization.party}
        gone = []
        for one in kept:
            layer, last, theirs = one.layer, one.last_lost, one.lost
            borne, last_borne = self._borne.get(layer, (0, 0))
            ours = min(borne, lost.get(layer, 0))
            gone.append(
                StillGone(
                    layer, EntryNumber(max(last, last_borne)),
                    max(0, ours - found[layer, True]), max(0, theirs - found[layer, False]),
                )
            )  # fmt: skip
        return gone

    def _shelf_to_find(self, scope: Scope, kept: Kept) -> Holding:
        """Where found goods go: into their layer, at the place that was counted."""
        if kept.price:  # of a layer of which nothing lies here any more it is not known
            self.on_hand.values.setdefault(kept.layer, kept.price)
        queue = self.holdings[scope.item]
        place = self._place_to_find(scope, queue)
        position = self.posting.book.position(Position(scope.item, kept.owner, place.number))
        for holding in queue:
            if (holding.position, holding.layer) == (position, kept.layer):
                return holding
        holding = kept.lies(place, position)
        queue.append(holding)
        return holding

    def _place_to_find(self, scope: Scope, queue: Iterable[Holding]) -> Place:
        """The place that was counted, else where the owner's goods lie, else the usual one."""
        named = {place.number: place for place in self.places}
        if scope.place is not None:
            return named[scope.place]
        lying = [one for one in queue if one.left > 0 and self.holds(scope, one)]
        if lying:
            return named[max(lying, key=lambda h: (h.received_on, h.layer)).place]
        is_ours = scope.owner == self.posting.organization.party
        return default_place(list(self.places), Zone.STOCKROOM if is_ours else Zone.CONSIGNED_STORE)

    def where(self, scope: Scope) -> str:
        """The place that was counted, as people call it."""
        codes = {place.number: place.code for place in self.places}
        organization = self.posting.organization.code
        return f"{organization} {codes[scope.place]}" if scope.place else organization


def _last_lost(layers: Iterable[Kept]) -> Kept:
    return max(layers, key=lambda one: (one.last_lost, one.received_on, one.layer))
