"""What is told after a count and happened by its evening, held against that count.

What was told takes first what is open, then what the count wrote off: that is taken back, in a
posting of its own. What differs more than it did is settled at once where the count was: by its
reason, or as sold where the agreement settles by counts. By how much the book of the evening
changed is kept with each difference.
"""

from collections.abc import Sequence
from datetime import date

from consigned.counting.counts import Compared, CountOvertaken
from consigned.counting.late_records import Difference, Evenings, Line, WrittenOff, is_disputed
from consigned.counting.losses import Reason
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import OwnedIssue, Use, UseKind
from consigned.master_data.parties import default_place
from consigned.measure.identity import ConsumptionNumber
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Position, Zone
from consigned.title.post import post
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.ledger.count_settlement import Desk
from consigned_service.operations.ledger.recoveries import keep_taken, take_back
from consigned_service.records.counting import late_records as told_records
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import LedgerRow, OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


def follow(row: LedgerRow, told: OpenPosting) -> None:
    """Hold what a posting told against the counts of those evenings, in a posting that follows."""
    facts = told_records.facts_told(told)
    if not facts:
        return
    items = {fact.item for fact in facts}
    lines, on_the_way = told_records.lines_counted(told, items, min(fact.on for fact in facts))
    evenings = Evenings(lines, on_the_way, told.organization.party, told.number + 1, facts)
    if not any(line.meets(fact) for line in lines for fact in facts):
        return
    posting = ledger.open_posting(
        row, cause="told-after-count", reference=told.reference,
        recorded_at=told.recorded_at, recorded_by=told.recorded_by,
    )  # fmt: skip
    items = {line.scope.item for line in lines}
    named = agreement_records.items_by_id(items)
    desk = Desk.opened(
        posting, posting.places, named.values(), min(line.counted_on for line in lines)
    )
    work = _Work(desk, evenings)
    work.take_back()
    work.lose_again()
    work.settle_at_once()
    desk.settle()
    work.keep()
    ledger.close_posting(posting)


class _Work:
    """What one posting brings to the counts of earlier evenings."""

    def __init__(self, desk: Desk, evenings: Evenings) -> None:
        self.desk, self.posting, self.evenings = desk, desk.posting, evenings

    def _stand(self) -> list[Line]:
        return [line for line in self.evenings.lines if not line.gave_way]

    def take_back(self) -> None:
        """Take back what counts wrote off and was not missing."""
        taken = self.evenings.take_back()
        take_back(self.posting, self.desk.on_hand, taken)
        for one in taken:
            holding = one.gone.holding
            mine = self.evenings.ours if one.gone.stays_ours else holding.owner
            for owner, quantity in ((mine, one.ours), (holding.owner, one.theirs)):
                if quantity:
                    self._lies(holding, owner, quantity)

    def _lies(self, holding: Holding, owner: int, quantity: int) -> None:
        """Goods that came back can be missed by other counts."""
        book = self.posting.book
        where = book.describe(holding.position)._replace(owner=owner)  # type: ignore[arg-type]
        position = book.position(where)
        queue = self.desk.holdings[holding.item]
        for one in queue:
            if (one.position, one.layer) == (position, holding.layer):
                one.left += quantity
                return
        queue.append(holding.lying(position, holding.place, where.owner, quantity))

    # --- what was found and had only not been told ---------------------------------------

    def lose_again(self) -> None:
        """Take back what counts found, where what was told since is what they found."""
        lost: list[tuple[WrittenOff, Holding, int]] = []
        for line in self._stand():
            for settled in line.settled:
                for gone in settled.parts if settled.is_find else ():
                    missing = min(-self.evenings.too_many(line), gone.left)
                    if missing > 0:
                        lost += self._lose(settled, gone.holding, missing)
        if lost:
            self._post_lost(lost)

    def _lose(
        self, settled: WrittenOff, found: Holding, missing: int
    ) -> list[tuple[WrittenOff, Holding, int]]:
        """Goods of one owner that a count found, or in their place others of that owner: who counts
        a consignor's goods may have found ours among them."""
        lost = []
        queue = self.desk.queue(settled.line.scope._replace(owner=found.owner))
        for holding in sorted(queue, key=lambda h: h.layer != found.layer):
            part = min(missing, holding.left)
            if part > 0:
                holding.left -= part
                missing -= part
                settled.difference.still_open += part
                self.evenings.add(settled, holding, holding.owner, -part, settled.changes_on)
                lost.append((settled, holding, part))
        return lost

    def _post_lost(self, lost: Sequence[tuple[WrittenOff, Holding, int]]) -> None:
        posting, on_hand = self.posting, self.desk.on_hand
        numbers = keep_taken(posting, [(settled, -quantity) for settled, _, quantity in lost])
        loss = default_place(posting.places, Zone.LOSS).number
        own_issues: list[OwnedIssue] = []
        written_off: list[tuple[Holding, int, date]] = []
        for settled, holding, quantity in lost:
            on, book = settled.changes_on, posting.book
            away = book.position(Position(holding.item, holding.owner, loss))
            entry = book.draft(
                EntryKind.LOST.value, holding.layer, quantity, holding.position, away, on,
                Cause.COUNT.value, numbers[settled.number], 1,
            )  # fmt: skip
            if holding.owner == self.evenings.ours:
                use = Use(ConsumptionNumber(0), UseKind.COUNT.value, holding.item, quantity, on)
                own_issues.append(OwnedIssue(use, holding, quantity, entry.number))
            elif holding.ownership == Ownership.CONSIGNED:
                written_off.append((holding, quantity, entry.happened_on))
        post(posting.book, posting.book.drafts)
        own_costs.cost_own_goods(posting, own_issues)
        charges.write_off(posting, written_off, on_hand)

    # --- what is settled at once ---------------------------------------------------------

    def settle_at_once(self) -> None:
        """What is missing now and was not when it was counted: settled where the reason stands with
        the count, and sold where the agreement settles by counts. What comes on the very day of a
        count, and is told then, may have come after it: that is for somebody to say."""
        today = self.posting.recorded_on
        for line in self._stand():
            over = self.evenings.too_many(line)
            came_today = any(
                fact.on == today and fact.quantity > 0 and line.meets(fact)
                for fact in self.evenings.facts
            )
            if over >= 0 or came_today or is_disputed(line, self.evenings.lines):
                continue
            changed = self.evenings.changes(line)
            for one in list(line.differences):
                told = sum(quantity for difference, quantity in changed if difference is one)
                missing = max(one.still_open - told, over)
                reason = self._reason(line, one)
                if reason and missing < 0 < told:
                    over -= self._settle(line, one, missing, reason)

    def _reason(self, line: Line, difference: Difference) -> Reason | None:
        if line.reason:
            return Reason(line.reason)
        owed = Compared(difference.owner, difference.agreement, 0, 0)
        is_used = not line.is_on_the_way and self.desk.is_used_by_count(owed)
        return Reason.SOLD if is_used else None

    def _settle(self, line: Line, difference: Difference, missing: int, reason: Reason) -> int:
        """Settle what a difference grew by; answers how much that is."""
        desk = self.desk
        compared = Compared(difference.owner, difference.agreement, 0, 0)
        try:
            plan = desk.plan(line.scope, compared, reason, missing, line.counted_on)
        except CountOvertaken:
            return 0  # it was used or moved since: it stays open, for somebody to say why
        told_records.number(self.posting, line, difference)
        done = desk.settle_as(difference.number, plan)
        difference.still_open -= missing
        settled = WrittenOff(
            done.number,
            line,
            difference,
            reason,
            UseKind.COUNT,
            plan.share,
            plan.happened_on,
            plan.happened_on,
        )
        for holding, quantity, on in done.changes:
            self.evenings.add(settled, holding, holding.owner, quantity, on)
        return missing

    # --- keeping it ----------------------------------------------------------------------

    def keep(self) -> None:
        """Keep by how much the book of each counted evening changed. What makes no difference is
        closed, and so is what a count of a later evening carries on."""
        for line in self._stand():
            changed = self.evenings.changes(line)
            left = 0 if line.is_carried_on else self.evenings.too_many(line)
            told_records.keep(self.posting, line, changed)
            for one in line.differences:
                one.still_open -= sum(q for difference, q in changed if difference is one)
            close = sum(one.still_open for one in line.differences) - left
            for one in line.differences:
                way = 1 if close > 0 else -1
                part = min(abs(close), max(0, one.still_open * way)) * way
                if part:
                    self.desk.close(one.number, part)
                    close -= part
