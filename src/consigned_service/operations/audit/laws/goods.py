"""That goods are where the ledger says and whose it says, and that what was told is kept."""

from collections.abc import Iterator
from itertools import groupby

from consigned.counting import laws as count_laws
from consigned.measure.identity import label
from consigned.measure.quantity import show_micros
from consigned.title import laws as title_laws
from consigned.title.laws import Broken, law
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.audit import facts as audit_records


@title_laws.replay_gives_the_balances.checked_by
def replay_gives_the_balances(facts: Facts) -> Iterator[Broken]:
    entries = (posted.entry for posted in audit_records.entries(facts.organization))
    yield from title_laws.replay_gives_the_balances.check(entries, facts.balances)
    postings = (
        [posted.entry for posted in batch]
        for _, batch in groupby(audit_records.entries(facts.organization), lambda one: one.posting)
    )
    came_on = audit_records.came_on(facts.organization)
    yield from title_laws.replay_gives_the_days.check(postings, came_on)


@title_laws.goods_are_conserved.checked_by
def goods_are_conserved(facts: Facts) -> Iterator[Broken]:
    yield from title_laws.goods_are_conserved.check(facts.balances, facts.positions)
    for layer, said, received in audit_records.misreceived_layers(facts.organization):
        yield (
            label("lay", layer),
            f"it says {show_micros(said)}; {show_micros(int(received))} were received",
        )


@title_laws.nothing_below_nothing.checked_by
def no_stock_is_negative(facts: Facts) -> Iterator[Broken]:
    outer = facts.outer_places
    moved = audit_records.moved_on_each_day(facts.organization)
    yield from title_laws.nothing_below_nothing.check(moved, facts.positions, outer)
    for position, layer in audit_records.misplaced_balances(facts.organization, outer):
        yield (
            f"{label('pos', position)} {label('lay', layer)}",
            "its balance is kept on the wrong side of the walls",
        )


@law(
    "pieces are whole",
    "What is counted by the piece lies, is used and is counted in whole numbers; one serial "
    "is one piece.",
)
def pieces_are_whole(facts: Facts) -> Iterator[Broken]:
    """What is counted by the piece is whole, and what has a serial is one (checklist E34, O38)."""
    for item, where, quantity in audit_records.parts_of_pieces(facts.organization):
        yield (f"{item} {where}", f"it is {show_micros(quantity)}")
    for item, serial, quantity in audit_records.pieces_found_twice(facts.organization):
        yield (
            f"{item} {serial}",
            f"it is one piece, and {show_micros(quantity)} of it lie here",
        )


@law(
    "goods on hold have a reason",
    "As much of a layer is on hold as the holds that stand keep; of a recalled lot, everything.",
)
def goods_on_hold_have_a_reason(facts: Facts) -> Iterator[Broken]:
    """As much is on hold as the holds that stand keep; of a recalled lot, everything."""
    for layer, kept, lying in audit_records.misheld(facts.organization):
        yield (
            label("lay", layer),
            f"{show_micros(lying)} are on hold; the holds that stand keep {show_micros(kept)}",
        )
    for layer, free in audit_records.free_of_recalled_lots(facts.organization):
        yield (
            label("lay", layer),
            f"its lot is recalled, and {show_micros(free)} of it may be used",
        )


@law("receipts state what came in", "What the lines of a receipt say came is what was received.")
def receipts_state_what_came_in(facts: Facts) -> Iterator[Broken]:
    for receipt, line, layer, said, received in audit_records.misreceived_lines(facts.organization):
        yield (
            f"{label('rcp', receipt)} line {line} {label('lay', layer)}",
            f"it says {show_micros(int(said))}; {show_micros(int(received))} were received",
        )


@law(
    "receipts answer notices of their supplier",
    "A receipt that answers a ship notice is of the goods of the consignor who sent the notice.",
)
def receipts_answer_notices_of_their_supplier(facts: Facts) -> Iterator[Broken]:
    for receipt, notice, consignor in audit_records.misanswered_notices(facts.organization):
        yield (
            label("rcp", receipt),
            f"it answers ship notice {notice} of {consignor}, who did not supply it",
        )


@law(
    "goods come in as agreed",
    "What arrived under an agreement or on a consigned order line is its consignor's until "
    "its title passes; what is only held never becomes ours.",
)
def goods_come_in_as_agreed(facts: Facts) -> Iterator[Broken]:
    """What came under an agreement, or on a consigned order line, is its consignor's."""
    wrong = audit_records.misowned_layers(facts.organization, facts.party)
    for number, ownership, why in wrong:
        yield (label("lay", number), f"it is {ownership}; {why}")


@law(
    "renewals pass goods on",
    "What passes to another agreement of the same parties is what it was, whose it was, "
    "where it lay, and by consent; what was used before is charged by the "
    "agreement before.",
)
def renewals_pass_goods_on(facts: Facts) -> Iterator[Broken]:
    """What passes to another agreement of the same parties is what it was, whose it was, where it
    lay; what was used before is charged by the agreement before."""
    for number, why in audit_records.mispassed(facts.organization):
        yield (label("rnw", number), why)
    for what, number, why in audit_records.unrenewed(facts.organization):
        yield (label(what, number), why)
    kept, said = audit_records.renewed_through(facts.organization)
    if kept != said:
        yield ("", f"the ledger says that {kept} was the last day; it was {said}")


@law(
    "components keep to their event",
    "What goes into a product becomes ours by the event its agreement names: not before the "
    "product is complete, or has passed its test.",
)
def components_keep_to_their_event(facts: Facts) -> Iterator[Broken]:
    """Title of what goes into a product passes when its agreement says so (checklist E08-E10)."""
    for component, agreement in audit_records.components_taken_early(facts.organization):
        yield (
            label("cmp", component),
            f"it became ours before the event that {agreement} names",
        )


@law("owned places hold our goods", "What lies in an owned place is ours, whatever its item is.")
def owned_places_hold_our_goods(facts: Facts) -> Iterator[Broken]:
    """In an owned place goods are ours, whatever their item is (checklist P42)."""
    theirs = audit_records.theirs_in_owned_places(facts.organization, facts.party)
    for place, layer, owner, quantity in theirs:
        yield (
            f"{place} {label('lay', layer)}",
            f"{show_micros(quantity)} there are {owner}'s",
        )


@law(
    "what is closed stays closed",
    "Books are closed as far as was decided, and nothing is posted into days that were closed.",
)
def what_is_closed_stays_closed(facts: Facts) -> Iterator[Broken]:
    """Books are closed as far as was decided, and nothing is posted into days that were closed."""
    organization = facts.organization
    for said, closed in audit_records.misclosed(organization):
        yield ("", f"the books are closed through {said}; closed were {closed}")
    for what, number, on, through in audit_records.posted_into_closed(organization):
        yield (label(what, number), f"it is of {on}; closed was {through} before")


@law(
    "nothing reported is lost",
    "Each reported use is posted, or the rest of it waits, was voided, was replaced, or was "
    "closed with a reason.",
)
def nothing_reported_is_lost(facts: Facts) -> Iterator[Broken]:
    unaccounted = audit_records.unaccounted_consumption(facts.organization)
    for number, said, posted, waiting, ended in unaccounted:
        yield (
            label("use", number),
            f"{show_micros(said)} reported, {show_micros(int(posted))} posted, "
            f"{show_micros(int(waiting))} waiting, {show_micros(int(ended))} voided, replaced or "
            "closed",
        )


@law(
    "no use is voided beyond itself",
    "What voids of a use take back is what it took, and no more of it.",
)
def no_use_is_voided_beyond_itself(facts: Facts) -> Iterator[Broken]:
    for number, used, voided in audit_records.overvoided_consumption(facts.organization):
        said = f"{show_micros(int(used))} used, {show_micros(int(voided))} voided"
        yield (label("use", number), said)
    for number, layer in audit_records.mistaken_voids(facts.organization):
        yield (label("use", number), f"it takes {label('lay', layer)} back, which was not used")


@law(
    "a reference names its use",
    "The reference under which a use was reported is that use's alone, so that a report "
    "which comes again is known.",
)
def a_reference_names_its_use(facts: Facts) -> Iterator[Broken]:
    for (number,) in audit_records.keyless_consumption(facts.organization):
        yield (label("use", number), "its reference is not recorded as it was reported")


@count_laws.differences_are_settled_once.checked_by
def differences_are_settled_once(facts: Facts) -> Iterator[Broken]:
    organization = facts.organization
    yield from count_laws.counts_are_told_whole.check(audit_records.counts(organization))
    yield from count_laws.differences_are_settled_once.check(
        audit_records.differences(organization),
        audit_records.count_settlements(organization),
        lambda difference: audit_records.found_and_gone(organization, difference),
        lambda difference: audit_records.written_off_and_brought_back(organization, difference),
    )
    for number, left in audit_records.reopened_counts(organization):
        yield (
            label("cnt", number),
            f"another count took its place, and {show_micros(left)} of it is open",
        )
    for (number,) in audit_records.uncounted_entries(organization):
        yield (label("ent", number), "no difference knows it")


@law(
    "an entry names its document",
    "The document that an entry names exists, and is of the entry's goods.",
)
def an_entry_names_its_document(facts: Facts) -> Iterator[Broken]:
    """What is named is what was meant: an entry's paper tells of its goods."""
    for entry, cause, document, line in audit_records.misnamed_papers(facts.organization):
        yield (
            label("ent", entry),
            f"no {cause} {document} line {line} tells of these goods",
        )


@law(
    "a reference names its receipt line",
    "The reference of a receipt line names the first arrival of that very line.",
)
def a_reference_names_its_receipt_line(facts: Facts) -> Iterator[Broken]:
    for (reference,) in audit_records.misfiled_receipts(facts.organization):
        yield (reference, "it names another line of a receipt")


@count_laws.counts_are_held_against_their_evening.checked_by
def counts_are_held_against_their_evening(facts: Facts) -> Iterator[Broken]:
    organization = facts.organization
    yield from count_laws.counts_are_held_against_their_evening.check(
        audit_records.evenings(organization)
    )
    kept, said = audit_records.counted_through(organization)
    if kept != said:
        yield (
            "",
            f"the ledger says that {kept} was the last evening counted; it was {said}",
        )


LAWS = (
    replay_gives_the_balances,
    goods_are_conserved,
    no_stock_is_negative,
    pieces_are_whole,
    goods_on_hold_have_a_reason,
    receipts_state_what_came_in,
    receipts_answer_notices_of_their_supplier,
    goods_come_in_as_agreed,
    renewals_pass_goods_on,
    components_keep_to_their_event,
    owned_places_hold_our_goods,
    what_is_closed_stays_closed,
    nothing_reported_is_lost,
    no_use_is_voided_beyond_itself,
    a_reference_names_its_use,
    a_reference_names_its_receipt_line,
    an_entry_names_its_document,
    differences_are_settled_once,
    counts_are_held_against_their_evening,
)
