"""Lots and serials are numbers that whoever supplied the goods gave them: the same one of another
supplier is another one. A line that names one of several without saying whose is refused.

Refuses: NumberOfSeveral (from parties).
"""

from collections.abc import Iterable

from consigned.master_data.parties import NumberOfSeveral
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.records.inventory import lots
from consigned_service.records.inventory.lots import Marks
from consigned_service.records.master_data import agreements as agreement_records


def of_several(organization: OrganizationId, named: Iterable[Marks]) -> dict[Marks, Refusal]:
    """Which of some lots and serials, named without whose they are, lie here of several suppliers,
    and why they are refused. Asks nothing where nothing is named."""
    marks = {one for one in named if one[1] or one[2]}
    if not marks:
        return {}
    found = {
        one: given for one, given in lots.makers(organization, marks).items() if len(given) > 1
    }
    codes = agreement_records.items_by_id({item for item, _, _ in found}) if found else {}
    return {
        (item, lot, serial): _refusal(codes[item].code, lot, serial, given)
        for (item, lot, serial), given in found.items()
    }


def check(organization: OrganizationId, named: Iterable[Marks]) -> None:
    """Refuse lines of which one names a lot or a serial of several suppliers, and not whose."""
    for refusal in of_several(organization, named).values():
        raise refusal


def _refusal(item: str, lot: str | None, serial: str | None, given: list[str]) -> Refusal:
    what = f"serial of {item}" if serial else f"lot of {item}"
    return NumberOfSeveral(what, serial or lot or "", tuple(given))
