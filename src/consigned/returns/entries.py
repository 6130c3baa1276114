"""Going back: what was used becomes its consignor's again, and goods leave for the supplier.

    transfer 3 EA to consigned   transferred-to-consigned   us > Acme, where they lie
    send 10 EA back, Acme's      returned-to-supplier       STORE > SUPPLIER  (Acme's throughout)
    send 2 EA back, ours         returned-to-supplier       STORE > SUPPLIER  (ours)
                                 sold-back                  us > Acme, at the supplier

Title goes back for a transfer of title that made goods ours and that no advice has told yet: the
oldest first, unless lot, serial, consignor or receipt line is named (checklist O34, O52). What an
advice has told goes back to the supplier as ours, and is sold back there (O53). Goods that are
still their consignor's leave as its own, from the dock or from their place, and nothing is owed
for them (O49, O50, L13).

What a customer brings back comes from where it went, newest first, into the layers it left. Where
it was never consigned it is its owner's. Else the agreement says whose it is (`customer_returns`):
its first owner's again while no advice tells the use, so that a use and its return in one cycle
come to nothing, and ours after that (as-issued, X20); or ours in any case (owned, P41). A return
may say it for itself.

Refuses: AlreadyAdvised, TransferFirst, NothingGoesBack, OwnedLocation (from lines);
NotEnoughOnHand, NotEnoughIssued (from issues).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import GOES_TO, Issued, OwnedIssue, Shortage, Use, Used
from consigned.measure.identity import (
    ConsumptionNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
)
from consigned.returns.allocation import Desk, fits
from consigned.returns.lines import ComingBack, GoingBack, Goods, ReturnedQuantity, TurnedBack
from consigned.title.entry import Cause
from consigned.title.layer import Ownership
from consigned.title.position import Zone
from consigned.title.post import Book


def transfer_to_consigned(
    book: Book, goods: Goods, lines: Iterable[GoingBack], *, first_document: int
) -> ReturnedQuantity:
    """Make goods of ours their consignor's again, where they lie (checklist O34, O52).

    Goods in an owned place, which keeps only ours, go to the consignor's store first.
    """
    desk = Desk(book, goods, first_document)
    for line in lines:
        wanted = desk.turn_back(line, line.quantity)
        if wanted:
            desk.went.shortages.append(desk.short(line, wanted))
    return desk.close()


def return_to_supplier(
    book: Book, goods: Goods, lines: Iterable[GoingBack], *, first_document: int
) -> ReturnedQuantity:
    """Send goods back to the supplier: what is still its own first, then what became ours.

    What became ours and is on no advice yet goes back as consigned, where the line asks for that
    transfer; what an advice has told is sold back (checklist O49-O53).
    """
    desk = Desk(book, goods, first_document)
    for line in lines:
        wanted = line.quantity
        if line.is_owned is not True:
            wanted = desk.send_theirs(line, desk.theirs(line), wanted)
        if wanted and line.is_owned is not False:
            wanted = desk.send_ours(line, wanted)
        if wanted:
            desk.went.shortages.append(desk.short(line, wanted))
    return desk.close()


def come_back(
    book: Book,
    goods: Goods,
    lines: Iterable[ComingBack],
    *,
    issued: Mapping[ItemId, Sequence[Issued]],
    outer: Mapping[Zone, PlaceNumber],
    first_document: int,
) -> ReturnedQuantity:
    """Take back what went out, into the layers it left, newest first; whose it is then, the line
    says or the agreement (checklist P41, X20)."""
    desk = Desk(book, goods, first_document)
    _take_in(desk, lines, issued, outer)
    return desk.close()


def bring_back(
    book: Book,
    goods: Goods,
    uses: Iterable[Use],
    *,
    issued: Mapping[ItemId, Sequence[Issued]],
    outer: Mapping[Zone, PlaceNumber],
) -> tuple[Used, list[TurnedBack]]:
    """Take in what lines of consumption below zero report: what came of them, and the title that
    went back with it. What never went out is answered as a shortage."""
    told = {use.number: use for use in uses}
    desk = Desk(book, goods, 0, Cause.CONSUMPTION)
    lines = [as_coming_back(use, goods.consigned_store) for use in told.values()]
    _take_in(desk, lines, issued, outer)
    went = desk.close()
    used = Used()
    for holding, quantity, line in went.came:
        used.own_issues.append(OwnedIssue(told[ConsumptionNumber(line.line)], holding, -quantity))
    for short in went.shortages:
        use = told[ConsumptionNumber(short.line)]
        missing = use.quantity + short.could
        used.shortages.append(
            Shortage(use, missing, short.could, came_later=short.later, theirs=short.theirs)
        )
    return used, went.turned


def as_coming_back(use: Use, returns_to: PlaceNumber) -> ComingBack:
    """A line of consumption below zero as goods that come back; where to, if it says nothing."""
    return ComingBack(
        use.number, use.item, -use.quantity, use.happened_on, use.kind, use.place or returns_to,
        consignor=use.consignor, lot=use.lot, serial=use.serial,
    )  # fmt: skip


def reached(
    book: Book,
    lines: Iterable[ComingBack],
    *,
    issued: Mapping[ItemId, Sequence[Issued]],
    outer: Mapping[Zone, PlaceNumber],
    suppliers: Mapping[LayerNumber, PartyId],
) -> list[Holding]:
    """The goods outside that lines may bring back: in turn what they ask for, and all that fits a
    line which passes over what an advice has told, or what stays others'."""
    taken: dict[int, int] = defaultdict(int)
    found: dict[int, Holding] = {}
    for line in lines:
        wanted = line.quantity
        zone = GOES_TO[line.kind]
        for holding, went_on in issued.get(line.item, ()):
            left = holding.left - taken[id(holding)]
            if (
                left <= 0
                or went_on > line.happened_on
                or not zone
                or book.describe(holding.position).place != outer[zone]
                or not fits(line, holding, suppliers)
            ):
                continue
            found[id(holding)] = holding
            if not line.to_original_owner and holding.ownership != Ownership.NON_OWNED:
                part = min(left, wanted)
                taken[id(holding)] += part
                wanted -= part
            if not wanted:
                break
    return list(found.values())


def _take_in(
    desk: Desk,
    lines: Iterable[ComingBack],
    issued: Mapping[ItemId, Sequence[Issued]],
    outer: Mapping[Zone, PlaceNumber],
) -> None:
    for line in lines:
        zone = GOES_TO[line.kind]
        outside = outer[zone] if zone else None
        desk.take_in(line, issued.get(line.item, ()), outside)
