"""Going back: what was used becomes its consignor's again, and goods leave for the supplier.

    transfer 3 EA to consigned   transferred-to-consigned   us > Acme, where they lie
    send 10 EA back, Acme's      returned-to-supplier       STORE > SUPPLIER  (Acme's throughout)
    send 2 EA back, ours         returned-to-supplier       STORE > SUPPLIER  (ours)
                                 sold-back                  us > Acme, at the supplier

Title goes back for a transfer of title that made goods ours and that no advice has told yet: the
oldest first, unless lot, serial, consignor or receipt line is named (checklist O34, O52). What an
advice has told goes back to the supplier as ours, and is sold back there (O53). Goods that are
still their consignor's leave as its own, from the dock or from their place, and nothing is owed
for them (O49, O50, L13). What a customer brings back is ours, or its owner's where it was never
consigned (P41); returned as issued, title goes back in the same act (X20).

Refuses: AlreadyAdvised, TransferFirst, NothingGoesBack, OnlyOurs (from going_back);
NotEnoughOnHand, NotEnoughIssued (from consumption).
"""

from collections.abc import Iterable, Mapping, Sequence

from consigned.measure.identity import ItemId, PlaceNumber
from consigned.title.position import Zone
from consigned.title.post import Book
from consigned.trade.consumption import GOES_TO, Issued
from consigned.trade.going_back import ComingBack, GoingBack, Goods, WentBack
from consigned.trade.return_desk import Desk


def transfer_to_consigned(
    book: Book, goods: Goods, lines: Iterable[GoingBack], *, first_document: int
) -> WentBack:
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
) -> WentBack:
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
) -> WentBack:
    """Take back what went out, into the layers it left, newest first: as ours, or as its owner's
    (checklist P41); returned as issued, title goes back in the same act (X20)."""
    desk = Desk(book, goods, first_document)
    for line in lines:
        zone = GOES_TO[line.kind]
        outside = outer[zone] if zone else None
        desk.take_in(line, issued.get(line.item, ()), outside)
    return desk.close()
