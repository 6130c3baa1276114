"""That goods are where the ledger says and whose it says, and that what was told is kept."""

from collections.abc import Iterator
from itertools import groupby

from consigned.counting import laws as trade_laws
from consigned.measure.identity import label
from consigned.measure.quantity import show_micros
from consigned.title import laws as title_laws
from consigned.title.laws import Breach
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.audit import facts as audit_records


def replay_gives_the_balances(facts: Facts) -> Iterator[Breach]:
    entries = (posted.entry for posted in audit_records.entries(facts.organization))
    yield from title_laws.replay_gives_the_balances(entries, facts.balances)
    postings = (
        [posted.entry for posted in batch]
        for _, batch in groupby(audit_records.entries(facts.organization), lambda one: one.posting)
    )
    came_on = audit_records.came_on(facts.organization)
    yield from title_laws.replay_gives_the_days(postings, came_on)


def goods_are_conserved(facts: Facts) -> Iterator[Breach]:
    yield from title_laws.goods_are_conserved(facts.balances, facts.positions)
    for layer, said, received in audit_records.misreceived_layers(facts.organization):
        yield Breach(
            "goods are conserved",
            label("lay", layer),
            f"it says {show_micros(said)}; {show_micros(int(received))} were received",
        )


def no_ghost_goods(facts: Facts) -> Iterator[Breach]:
    outer = facts.outer_places
    moved = audit_records.moved_on_each_day(facts.organization)
    yield from title_laws.nothing_below_nothing(moved, facts.positions, outer)
    for position, layer in audit_records.misplaced_balances(facts.organization, outer):
        yield Breach(
            "no ghost goods",
            f"{label('pos', position)} {label('lay', layer)}",
            "its balance is kept on the wrong side of the walls",
        )


def pieces_are_whole(facts: Facts) -> Iterator[Breach]:
    """What is counted by the piece is whole, and what has a serial is one (checklist E34, O38)."""
    for item, where, quantity in audit_records.parts_of_pieces(facts.organization):
        yield Breach("pieces are whole", f"{item} {where}", f"it is {show_micros(quantity)}")
    for item, serial, quantity in audit_records.pieces_found_twice(facts.organization):
        yield Breach(
            "pieces are whole",
            f"{item} {serial}",
            f"it is one piece, and {show_micros(quantity)} of it lie here",
        )


def goods_on_hold_have_a_reason(facts: Facts) -> Iterator[Breach]:
    """As much is on hold as the holds that stand keep; of a recalled lot, everything."""
    for layer, kept, lying in audit_records.misheld(facts.organization):
        yield Breach(
            "goods on hold have a reason",
            label("lay", layer),
            f"{show_micros(lying)} are on hold; the holds that stand keep {show_micros(kept)}",
        )
    for layer, free in audit_records.free_of_recalled_lots(facts.organization):
        yield Breach(
            "goods on hold have a reason",
            label("lay", layer),
            f"its lot is recalled, and {show_micros(free)} of it may be used",
        )


def receipts_tell_what_came(facts: Facts) -> Iterator[Breach]:
    for receipt, line, layer, said, received in audit_records.misreceived_lines(facts.organization):
        yield Breach(
            "receipts tell what came",
            f"{label('rcp', receipt)} line {line} {label('lay', layer)}",
            f"it says {show_micros(int(said))}; {show_micros(int(received))} were received",
        )


def receipts_answer_their_suppliers_notices(facts: Facts) -> Iterator[Breach]:
    for receipt, notice, consignor in audit_records.misanswered_notices(facts.organization):
        yield Breach(
            "receipts tell what came",
            label("rcp", receipt),
            f"it answers ship notice {notice} of {consignor}, who did not supply it",
        )


def goods_come_in_as_agreed(facts: Facts) -> Iterator[Breach]:
    """What came under an agreement, or on a consigned order line, is its consignor's."""
    wrong = audit_records.misowned_layers(facts.organization, facts.party)
    for number, ownership, why in wrong:
        yield Breach("goods come in as agreed", label("lay", number), f"it is {ownership}; {why}")


def renewals_pass_goods_on(facts: Facts) -> Iterator[Breach]:
    """What passes to another agreement of the same parties is what it was, whose it was, where it
    lay; what was used before is charged by the agreement before."""
    law = "renewals pass goods on"
    for number, why in audit_records.mispassed(facts.organization):
        yield Breach(law, label("rnw", number), why)
    for what, number, why in audit_records.unrenewed(facts.organization):
        yield Breach(law, label(what, number), why)
    kept, said = audit_records.renewed_through(facts.organization)
    if kept != said:
        yield Breach(law, "", f"the ledger says that {kept} was the last day; it was {said}")


def components_keep_to_their_event(facts: Facts) -> Iterator[Breach]:
    """Title of what goes into a product passes when its agreement says so (checklist E08-E10)."""
    for component, agreement in audit_records.components_taken_early(facts.organization):
        yield Breach(
            "components keep to their event",
            label("cmp", component),
            f"it became ours before the event that {agreement} names",
        )


def owned_places_hold_our_goods(facts: Facts) -> Iterator[Breach]:
    """In an owned place goods are ours, whatever their item is (checklist P42)."""
    theirs = audit_records.theirs_in_owned_places(facts.organization, facts.party)
    for place, layer, owner, quantity in theirs:
        yield Breach(
            "owned places hold our goods",
            f"{place} {label('lay', layer)}",
            f"{show_micros(quantity)} there are {owner}'s",
        )


def what_an_item_is_was_decided(facts: Facts | None) -> Iterator[Breach]:
    """For one organization, or for the company as a whole."""
    organization = facts.organization if facts else None
    for item, what, said, stands in audit_records.misdesignated(organization):
        yield Breach(
            "what an item is was decided",
            f"{item} {what}",
            f"it is {stands}; the last change says {said}",
        )


def what_is_closed_stays_closed(facts: Facts) -> Iterator[Breach]:
    """Books are closed as far as was decided, and nothing is posted into days that were closed."""
    law, organization = "what is closed stays closed", facts.organization
    for said, closed in audit_records.misclosed(organization):
        yield Breach(law, "", f"the books are closed through {said}; closed were {closed}")
    for what, number, on, through in audit_records.posted_into_closed(organization):
        yield Breach(law, label(what, number), f"it is of {on}; closed was {through} before")


def nothing_reported_is_lost(facts: Facts) -> Iterator[Breach]:
    unaccounted = audit_records.unaccounted_consumption(facts.organization)
    for number, said, posted, waiting, ended in unaccounted:
        yield Breach(
            "nothing reported is lost",
            label("use", number),
            f"{show_micros(said)} reported, {show_micros(int(posted))} posted, "
            f"{show_micros(int(waiting))} waiting, {show_micros(int(ended))} voided, replaced or "
            "closed",
        )


def no_use_is_voided_beyond_itself(facts: Facts) -> Iterator[Breach]:
    law = "no use is voided beyond itself"
    for number, used, voided in audit_records.overvoided_consumption(facts.organization):
        said = f"{show_micros(int(used))} used, {show_micros(int(voided))} voided"
        yield Breach(law, label("use", number), said)
    for number, layer in audit_records.mistaken_voids(facts.organization):
        yield Breach(
            law, label("use", number), f"it takes {label('lay', layer)} back, which was not used"
        )


def a_reference_is_kept_as_told(facts: Facts) -> Iterator[Breach]:
    for (number,) in audit_records.keyless_consumption(facts.organization):
        yield Breach("told once", label("use", number), "its reference is not kept as told")


def counts_are_told_whole(facts: Facts) -> Iterator[Breach]:
    return trade_laws.counts_are_told_whole(audit_records.counts(facts.organization))


def differences_are_settled_once(facts: Facts) -> Iterator[Breach]:
    organization = facts.organization
    yield from trade_laws.differences_are_settled_once(
        audit_records.differences(organization),
        audit_records.count_settlements(organization),
        lambda difference: audit_records.found_and_gone(organization, difference),
    )
    for number, left in audit_records.reopened_counts(organization):
        yield Breach(
            "a difference is settled once",
            label("cnt", number),
            f"another count took its place, and {show_micros(left)} of it is open",
        )
    for (number,) in audit_records.uncounted_entries(organization):
        yield Breach("a difference is settled once", label("ent", number), "no difference knows it")


def an_entry_names_its_paper(facts: Facts) -> Iterator[Breach]:
    """What is named is what was meant: an entry's paper tells of its goods."""
    for entry, cause, document, line in audit_records.misnamed_papers(facts.organization):
        yield Breach(
            "an entry names its paper",
            label("ent", entry),
            f"no {cause} {document} line {line} tells of these goods",
        )


def a_reference_names_its_line(facts: Facts) -> Iterator[Breach]:
    for (reference,) in audit_records.misfiled_receipts(facts.organization):
        yield Breach("told once", reference, "it is kept as another line of a receipt")


def counts_are_held_against_their_evening(facts: Facts) -> Iterator[Breach]:
    organization = facts.organization
    yield from trade_laws.counts_are_held_against_their_evening(
        audit_records.evenings(organization)
    )
    kept, said = audit_records.counted_through(organization)
    if kept != said:
        yield Breach(
            "a count is held against its evening",
            "",
            f"the ledger says that {kept} was the last evening counted; it was {said}",
        )


LAWS = (
    replay_gives_the_balances,
    goods_are_conserved,
    no_ghost_goods,
    pieces_are_whole,
    goods_on_hold_have_a_reason,
    receipts_tell_what_came,
    receipts_answer_their_suppliers_notices,
    goods_come_in_as_agreed,
    renewals_pass_goods_on,
    components_keep_to_their_event,
    owned_places_hold_our_goods,
    what_an_item_is_was_decided,
    what_is_closed_stays_closed,
    nothing_reported_is_lost,
    no_use_is_voided_beyond_itself,
    a_reference_is_kept_as_told,
    a_reference_names_its_line,
    an_entry_names_its_paper,
    counts_are_told_whole,
    differences_are_settled_once,
    counts_are_held_against_their_evening,
)
