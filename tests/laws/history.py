"""A history of one store under two agreements: any act in any order, every law after each.

    Acme    weekly, title on use; prices that change on day 8; one advice an item
    Zeta    daily, title on withdrawal; no price for nuts, ever; one advice an item and day

Beside the ledger it keeps what the service would: charges, running totals, what waits, journals,
advices, invoices, and the cost of what is ours.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from consigned.accounting import accruals as totals
from consigned.accounting import journals
from consigned.accounting.accruals import Charge, TotalKey
from consigned.accounting.costs import OwnedCost
from consigned.accounting.journals import Account, JournalEntry, Parties
from consigned.inventory.stock import PickOrder
from consigned.inventory.title_transfers import TAKES_EXPIRED, TitleTransfer, Use, Used, UseKind
from consigned.inventory.transfers import ConsignedInOwnedLocation
from consigned.master_data.agreements import PriceSource, SummaryLevel, TitleRule
from consigned.measure.period import DAY, Frequency
from consigned.settlement import advices
from consigned.settlement.advices import Advice, Total, is_due
from consigned.settlement.laws import (
    Counted,
    KeptLine,
    KeptTotal,
    Transferred,
    amounts_agree,
    each_transfer_is_charged_once,
    journals_are_sound,
    lines_are_the_sum_of_their_totals,
    totals_count_their_charges,
)
from consigned.title.entry import EntryKind
from consigned.title.laws import (
    Breach,
    each_entry_tells_one_story,
    entries_are_numbered_without_gaps,
    goods_are_conserved,
    nothing_below_nothing,
    replay_gives_the_balances,
)
from consigned.title.layer import Layer, Ownership
from consigned.title.past import Slot
from consigned.title.position import Place
from consigned.title.replay import moved_on_each_day
from tests.business.store import (
    ACME,
    AGREEMENT_OF,
    BOLT,
    DOCK,
    NUT,
    OUTER_PLACES,
    PLACES,
    SHELF,
    STOCKROOM,
    US,
    ZETA,
    Store,
    day,
    each,
)
from tests.business.terms import agreement, terms_of, usd
from tests.laws import laws

ACMES = agreement(ACME, first_closing_on=day(5))
ZETAS = agreement(
    ZETA,
    frequency=Frequency.DAILY,
    summary_level=SummaryLevel.ITEM_AND_DAY,
    title_rule=TitleRule.ON_WITHDRAWAL,
)
DEALS = {deal.id: deal for deal in (ACMES, ZETAS)}
TERMS = terms_of(
    *DEALS.values(),
    prices={
        (ACMES.id, BOLT): [(day(1), None, usd(0.335)), (day(8), None, usd(0.125))],
        (ACMES.id, NUT): [(day(1), None, usd(0.005))],
        (ZETAS.id, BOLT): [(day(3), None, usd(9.99, per=each(7)))],
    },
)


def price_on(agreement: int, item: int, on: date):
    """The same prices, said again for the law to compare with."""
    if agreement == ACMES.id:
        return usd(0.005) if item == NUT else usd(0.335) if on < day(8) else usd(0.125)
    return usd(9.99, per=each(7)) if item == BOLT and on >= day(3) else None


class LawFails(AssertionError):
    def __init__(self, law: str, sentence: str) -> None:
        super().__init__(f"{law}: {sentence}")
        self.law = law


class History:
    def __init__(self, pick_order: PickOrder = PickOrder.OWN_FIRST) -> None:
        rules = {deal.id: deal.title_rule for deal in DEALS.values()}
        self.store = Store(pick_order, title_rules=rules)
        self.today = 1
        self.transfers: dict[int, Transferred] = {}
        self.agreement_of: dict[int, int] = {}
        self.charges: dict[int, Counted] = {}
        self.waiting: list[int] = []
        self.keys: list[TotalKey] = []
        self.quantities: list[int] = []
        self.line_of: list[int | None] = []
        self.is_told: list[bool] = []
        self.lines: list[KeptLine] = []
        self.closed_through: dict[int, date] = {}
        self.to_settle: list[tuple[Parties, int]] = []
        self.settled: Counter[int] = Counter()
        self.journals: list[JournalEntry] = []
        self.costs: dict[int, OwnedCost] = {}

    # --- acts --------------------------------------------------------------------------

    def a_day_passes(self) -> None:
        self.today += 1

    def receive(
        self, quantity: int, item: int, of: int, ownership: Ownership, at: Place,
        keeps: int | None = None,
    ) -> None:  # fmt: skip
        """Goods come in; they keep so many days, or for ever."""
        layer = self.store.receives(
            quantity, item, of=of, on=self.today, ownership=ownership, at=at,
            expires_on=day(self.today + keeps) if keeps is not None else None,
            agreement=AGREEMENT_OF[of] if ownership is Ownership.CONSIGNED else None,
        )  # fmt: skip
        if ownership is Ownership.OWNED:
            self._cost(layer).add(quantity, 100)

    def move(
        self, quantity: int, item: int, source: Place, target: Place, *, back: int = 0
    ) -> None:
        """Goods move to another place, as of some days ago."""
        on = max(1, self.today - back)
        before = self._lying_at(target)
        posted = len(self.store.entries)
        try:
            moved = self.store.moves(quantity, item, source=source, target=target, on=on)
        except ConsignedInOwnedLocation:
            assert target.is_owned
            assert self._lying_at(target) == before
            assert len(self.store.entries) == posted
            return
        missing = sum(shortage.missing for shortage in moved.shortages)
        went = self._lying_at(target)
        went.subtract(before)
        check(
            laws.asked_is_posted_or_missing({item: quantity}, went, {item: missing}),
            self._the_move_passes_title_where_agreed(posted, source, target),
        )
        self._pass_title(moved.transfers)

    def hold(self, quantity: int, item: int, *, back: int = 0, ends: bool = False) -> None:
        """Goods are held where they lie, or released, as of some days ago."""
        act = self.store.releases if ends else self.store.holds
        act(quantity, item, on=max(1, self.today - back))

    def use(
        self, quantity: int, item: int, kind: UseKind, *, back: int = 0, promised: int = 0, **named
    ) -> None:
        """Use goods as of some days ago; what is named narrows what may be taken."""
        on = max(1, self.today - back)
        line = self._line(quantity, item, kind, on, **named)
        fitting = self._fitting(line)
        before = self.store.balances.copy()
        self.use_all([line], reserved={item: {"somebody": promised}} if promised else None)
        after = self.store.balances
        inside = {slot: left for slot, left in before.items() if self.store.is_inside(slot[0])}
        taken = sum(inside[slot] - after[slot] for slot in fitting)
        check(
            laws.oldest_first(fitting, before, after, lambda slot: self._pick_key(slot)[:-1])
            if not promised
            else (),
            laws.nothing_else_is_taken(fitting, inside, after),
            laws.what_is_promised_stays(self.store.on_hand(item), taken, promised),
        )

    def give_back(self, quantity: int, item: int, kind: UseKind, *, back: int = 0) -> None:
        self.use_all([self._line(-quantity, item, kind, max(1, self.today - back))])

    def till_file(self, lines: Iterable[tuple[int, int, UseKind, int]]) -> None:
        """Uses and returns mixed, in one batch, each as of some days ago."""
        self.use_all(
            [
                self._line(quantity, item, kind, max(1, self.today - back))
                for quantity, item, kind, back in lines
            ]
        )

    def use_all(self, uses: list[Use], reserved=None) -> None:
        items = {use.item for use in uses}
        on_hand = {item: self.store.on_hand(item) for item in items}
        used = self.store.uses_all(uses, reserved=reserved)
        gone = {item: on_hand[item] - self.store.on_hand(item) for item in items}
        asked, missing, owned = Counter(), Counter(), Counter()
        for use in uses:
            asked[use.item] += use.quantity
        for shortage in used.shortages:
            missing[shortage.use.item] += shortage.missing
        for transfer in used.transfers:
            if transfer.use.kind == UseKind.TRANSFER_TO_OWNED:
                owned[transfer.use.item] += transfer.quantity
        posted = {item: gone[item] + owned[item] for item in items}
        check(laws.asked_is_posted_or_missing(asked, posted, missing))
        self._pass_title(used.transfers)
        self._take_costs(used)

    def advise(self) -> None:
        """Make the advices of the cycles that are over, and of the one that closes today: the day
        is over when it is run."""
        for deal in DEALS.values():
            on, after = day(self.today), day(self.today + 1)
            closing = deal.cycle_of(on).closes_on
            if not is_due(deal, closing, on=on, today=after):
                closing = deal.cycle_of(on).starts_on - DAY
            if closing <= self.closed_through.get(deal.id, day(0)):
                continue
            self.closed_through[deal.id] = closing
            due = [
                number
                for number, key in enumerate(self.keys)
                if key.agreement == deal.id and not self.is_told[number]
                if is_due(deal, key.closes_on, on=on, today=after)
            ]
            drawn = list(advices.draw_up(deal, [self._total(number) for number in due]))
            for number in due:
                self.is_told[number] = True
            check(self._an_advice_holds_what_its_level_says(deal.id, due, drawn))
            for advice in drawn:
                self._tell(advice)

    def settle(self) -> None:
        """The oldest advice is invoiced as advised, and paid."""
        if self.to_settle:
            parties, amount = self.to_settle.pop(0)
            on = day(self.today)
            self.journals += journals.invoice_accepted(parties, amount, "USD", on)
            self.journals += journals.invoice_paid(parties, amount, "USD", on)
            self.settled[parties.agreement] += amount

    # --- what follows from an act ------------------------------------------------------

    def _line(self, quantity: int, item: int, kind: UseKind, on: int, **named) -> Use:
        return Use(self.store.next_document(), kind, item, quantity, day(on), **named)

    def _pass_title(self, transfers: list[TitleTransfer]) -> None:
        for transfer in transfers:
            use = transfer.use
            told = Transferred(transfer.quantity, use.item, use.happened_on)
            self.transfers[transfer.entry] = told
            self.agreement_of[transfer.entry] = transfer.holding.agreement
            if use.kind == UseKind.TRANSFER_TO_OWNED:
                self._cost(transfer.holding.layer).add(transfer.quantity, 100)
        answer = totals.charge(
            transfers, TERMS, recorded_on=day(self.today), closed_through=self.closed_through
        )
        self.waiting += [unpriced.transfer.entry for unpriced in answer.unpriced]
        for charge in answer.charges:
            self._count(charge)
        check(self._each_is_charged_at_its_price_in_the_open_cycle(answer.charges))

    def _count(self, charge: Charge) -> None:
        if charge.total not in self.keys:
            self.keys.append(charge.total)
            self.quantities.append(0)
            self.line_of.append(None)
            self.is_told.append(False)
        number = self.keys.index(charge.total)
        before = self.quantities[number]
        self.quantities[number] = before + charge.quantity
        self.charges[charge.entry] = Counted(number, charge.quantity)
        amount = totals.growth(charge.total.price, before, before + charge.quantity)
        self.journals += journals.title_charged(
            self._parties(charge.total.agreement), charge.total.kind, amount, "USD", day(self.today)
        )

    def _tell(self, advice: Advice) -> None:
        parties = self._parties(advice.agreement.id)
        for line in advice.lines:
            for number in line.totals:
                self.line_of[number] = len(self.lines)
            name = f"line {len(self.lines)}"
            self.lines.append(KeptLine(name, line.item, line.price, line.quantity, line.amount))
            self.journals += journals.advice_rounded(
                parties, line.amount - line.booked, "USD", day(self.today)
            )
        self.to_settle.append((parties, advice.amount))

    def _take_costs(self, used: Used) -> None:
        for own in used.own_issues:
            cost = self._cost(own.holding.layer)
            if own.quantity > 0:
                cost.take(own.quantity)
            else:
                cost.add(-own.quantity, 100)

    def _cost(self, layer: int) -> OwnedCost:
        return self.costs.setdefault(layer, OwnedCost(layer, 0, 0, 0, "USD"))

    def _total(self, number: int) -> Total:
        key = self.keys[number]
        return Total(
            1, number, key.agreement, key.closes_on, key.item, key.happened_on, key.kind,
            key.price, self.quantities[number],
        )  # fmt: skip

    def _parties(self, agreement: int) -> Parties:
        return Parties(US, DEALS[agreement].consignor, agreement)

    def _lying_at(self, place: Place) -> Counter[int]:
        lying: Counter[int] = Counter()
        for (number, _), left in self.store.balances.items():
            where = self.store.where[number]
            if where.place == place.number:
                lying[where.item] += left
        return lying

    def _fitting(self, use: Use) -> list[Slot]:
        """The goods a use may take, in pick order, as the laws understand it."""
        fitting = []
        for slot, left in self.store.balances.items():
            where, layer = self.store.where[slot[0]], self.store.layers[slot[1]]
            stays = use.kind == UseKind.TRANSFER_TO_OWNED
            consigned = where.owner != US and layer.ownership is Ownership.CONSIGNED
            if (
                left > 0
                and where.item == use.item
                and where.place not in OUTER_PLACES
                and PLACES[where.place].is_nettable
                and layer.received_on <= use.happened_on
                and use.consignor in (None, where.owner)
                and use.place in (None, where.place)
                and (consigned or not stays)
                and not (self._has_expired(layer, use) and use.kind not in TAKES_EXPIRED)
            ):
                fitting.append(slot)
        return sorted(fitting, key=self._pick_key)

    def _has_expired(self, layer: Layer, use: Use) -> bool:
        return layer.expires_on is not None and layer.expires_on < use.happened_on

    def _pick_key(self, slot: Slot) -> tuple[object, ...]:
        is_ours = self.store.where[slot[0]].owner == US
        expires_on = self.store.layers[slot[1]].expires_on
        first = {
            PickOrder.OWN_FIRST: not is_ours,
            PickOrder.CONSIGNED_FIRST: is_ours,
            PickOrder.OLDEST_FIRST: False,
            PickOrder.FIRST_EXPIRING_FIRST: expires_on or date.max,
            PickOrder.NAMED_OWNERS: self.store.where[slot[0]].owner != ZETA,
        }[self.store.pick_order]
        return first, self.store.layers[slot[1]].received_on, slot[1], slot[0]

    # --- the laws ----------------------------------------------------------------------

    def keeps_every_law(self) -> None:
        store = self.store
        kept = dict(enumerate(self._kept_totals()))
        check(
            goods_are_conserved(store.balances, store.where),
            nothing_below_nothing(moved_on_each_day(store.entries), store.where, OUTER_PLACES),
            replay_gives_the_balances(store.entries, store.balances),
            each_entry_tells_one_story(store.entries, store.where),
            entries_are_numbered_without_gaps(store.entries),
            laws.title_passes_once(store.entries, store.where, US),
            each_transfer_is_charged_once(self.transfers, self.charges, self.waiting),
            totals_count_their_charges(self.transfers, self.charges, kept),
            lines_are_the_sum_of_their_totals(kept, dict(enumerate(self.lines))),
            journals_are_sound(
                (n, e.debit, e.credit, e.amount) for n, e in enumerate(self.journals)
            ),
            self._every_book_sums_to_nothing(),
            self._the_accrual_is_what_is_used_less_what_is_invoiced(),
            self._costs_follow_the_goods_that_are_ours(),
        )

    def _kept_totals(self) -> Iterator[KeptTotal]:
        for key, quantity, told, line in zip(
            self.keys, self.quantities, self.is_told, self.line_of, strict=True
        ):
            yield KeptTotal(key.item, key.happened_on, key.price, quantity, told, line)

    def _each_is_charged_at_its_price_in_the_open_cycle(
        self, charges: list[Charge]
    ) -> Iterator[Breach]:
        for charge in charges:
            key = charge.total
            agreement = self.agreement_of[charge.entry]
            closed = self.closed_through.get(agreement, date.min)
            opened = DEALS[agreement].cycle_of(
                max(day(self.today), date.fromordinal(closed.toordinal() + 1))
            )
            expected = (
                agreement, opened.closes_on, self.transfers[charge.entry].happened_on,
                price_on(agreement, key.item, key.happened_on), PriceSource.AGREEMENT,
            )  # fmt: skip
            said = (key.agreement, key.closes_on, key.happened_on, key.price, key.source)
            if said != expected:
                yield Breach("the price and cycle of the day", f"entry {charge.entry}", f"{key}")

    def _an_advice_holds_what_its_level_says(
        self, agreement: int, due: list[int], drawn: list[Advice]
    ) -> Iterator[Breach]:
        groups = set()
        for number in due:
            key = self.keys[number]
            on = key.happened_on if agreement == ZETAS.id else None
            groups.add((key.closes_on, key.item, on))
        told = [(a.cycle.closes_on, a.item, a.happened_on) for a in drawn]
        numbers = sorted(n for a in drawn for line in a.lines for n in line.totals)
        if sorted(told, key=str) != sorted(groups, key=str) or numbers != due:
            yield Breach("advised once, at the agreed level", f"agreement {agreement}", f"{told}")

    def _the_move_passes_title_where_agreed(
        self, posted: int, source: Place, target: Place
    ) -> Iterator[Breach]:
        """Into our own room always; Zeta's into the stockroom, where they come on; else never."""
        withdrawn = source in (DOCK, SHELF) and target is STOCKROOM
        for entry in self.store.entries[posted:]:
            layer = self.store.layers[entry.layer]
            passes = target.is_owned or (withdrawn and layer.agreement == ZETAS.id)
            is_theirs = self.store.where[entry.source].owner != US
            consigned = is_theirs and layer.ownership is Ownership.CONSIGNED
            if (entry.kind == EntryKind.TRANSFERRED_TO_OWNED) is not (consigned and passes):
                yield Breach("moves pass title where agreed", f"entry {entry.number}", f"{entry}")

    def _every_book_sums_to_nothing(self) -> Iterator[Breach]:
        sums: Counter[int] = Counter()
        for (book, _, _), amount in journals.balances(self.journals).items():
            sums[book] += amount
        for book, amount in sums.items():
            if amount:
                yield Breach("books balance", f"book {book}", f"{amount} is left over")

    def _the_accrual_is_what_is_used_less_what_is_invoiced(self) -> Iterator[Breach]:
        """Of what is not told yet each total is rounded; of what is told, each line."""
        owed: Counter[tuple[str, str]] = Counter()
        for number, total in enumerate(self._kept_totals()):
            if not total.is_told:
                name = str(self.keys[number].agreement)
                owed[name, "USD"] += total.price.extend(total.quantity)
        for parties, amount in self.to_settle:
            owed[str(parties.agreement), "USD"] += amount
        accrued: Counter[tuple[str, str]] = Counter()
        for entry in self.journals:
            for account, sign in ((entry.credit, 1), (entry.debit, -1)):
                if account == Account.CONSIGNED_PAYABLES_ACCRUAL and entry.book == US:
                    accrued[str(entry.agreement), "USD"] += sign * entry.amount
        for where, what in amounts_agree(owed, accrued, "{} owed, {} accrued"):
            yield Breach("the accrual is what is owed", where, what)

    def _costs_follow_the_goods_that_are_ours(self) -> Iterator[Breach]:
        ours: Counter[int] = Counter()
        for (number, layer), left in self.store.balances.items():
            if self.store.is_inside(number) and self.store.where[number].owner == US:
                ours[layer] += left
        for layer in ours.keys() | self.costs.keys():
            kept = self.costs.get(layer, OwnedCost(layer, 0, 0, 0, "USD"))
            if kept.quantity != ours[layer] or kept.cost < 0 or (kept.cost and not kept.quantity):
                yield Breach("costs follow the goods", f"layer {layer}", f"{kept}")


def check(*breaches: Iterable[Breach]) -> None:
    for breach in chain(*breaches):
        raise LawFails(breach.law, f"{breach.where}: {breach.sentence}")
