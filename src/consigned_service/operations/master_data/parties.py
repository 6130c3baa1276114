"""Parties, their sites, organizations and places: who there is, and where goods may lie.

An organization begins with a ledger of its own, the places outside the walls, and four inside: a
dock, the store of consigned goods, the stockroom of our own, and the way there.

Refuses: UnknownParty, UnknownOrganization, UnknownTimeZone, Differs, ClosesBackwards, ExternalZone;
what a field may not say.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, ClassVar, NamedTuple

from consigned.inventory.stock import PickOrder
from consigned.master_data.parties import (
    OUTER_PLACES,
    CostMethod,
    RulePrecedence,
    UnknownOrganization,
    UnknownParty,
    check_has_come,
)
from consigned.measure.gs1 import GLN, check_gs1
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.refusal import Refusal
from consigned.title.position import UNPICKED_ZONES, Zone
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Result,
)
from consigned_service.operations.core.upsert import (
    RecordedBy,
    leave_unsaid,
    read_lines,
    settle_fields,
    tell,
)
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import read_time_zone
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import parties as party_records
from consigned_service.records.master_data.changes import Master
from consigned_service.records.master_data.parties import (
    OrganizationRow,
    PartyRow,
    PlaceRow,
    SiteRow,
)

FIRST_PLACES = [
    *(PlaceRow(code, "", zone, False, False) for zone, code in OUTER_PLACES.items()),
    PlaceRow("DOCK", "Dock", Zone.DOCK, False, False),
    PlaceRow("STORE", "Consigned store", Zone.CONSIGNED_STORE, False, True),
    PlaceRow("STOCK", "Stockroom", Zone.STOCKROOM, True, True),
    PlaceRow("TRANSIT", "In transit", Zone.IN_TRANSIT, False, False),
]
"""The places of every organization from its first day."""


@dataclass(eq=False)
class ClosesBackwards(Refusal):
    organization: str
    closed_through: date
    through: date
    code: ClassVar[str] = "close-date-not-later"
    remedy: ClassVar[str] = "What is closed stays closed; correct it in an open period."

    def __str__(self) -> str:
        return (
            f"{self.organization} closed its books through {self.closed_through}; they cannot be "
            f"closed through {self.through} only"
        )


@dataclass(eq=False)
class ExternalZone(Refusal):
    place: str
    zone: str
    code: ClassVar[str] = "external-zone"
    remedy: ClassVar[str] = "Every organization has its one place there from its first day."

    def __str__(self) -> str:
        return f"place {self.place} lies inside the walls, and {self.zone} outside"


class PartyLine(NamedTuple):
    """A party."""

    code: Annotated[str, fields.Text("short name of the firm, used in every other file", 40)]
    name: Annotated[str, fields.NAME]


class SiteLine(NamedTuple):
    """A site of a party."""

    party: Annotated[str, fields.PARTY, "code of the party whose address it is"]
    code: Annotated[str, fields.Text("short name of the site, one of its own within the party", 40)]
    name: Annotated[str, fields.NAME] = ""
    gln: Annotated[str, fields.Text("its Global Location Number, 13 digits")] = ""


class OrganizationLine(NamedTuple):
    """An organization."""

    code: Annotated[
        str, fields.Text("short name of the store, warehouse or plant with books of its own", 40)
    ]
    name: Annotated[str, fields.NAME]
    party: Annotated[str, fields.PARTY, "code of the party whose it is"]
    currency: Annotated[str, fields.CURRENCY, "currency of its books, as USD"]
    pick_order: Annotated[
        PickOrder | None,
        fields.Choice(PickOrder, "which goods are used first", empty=PickOrder.OWN_FIRST),
    ] = None
    owner_sequence: Annotated[
        str, fields.Text("for named-owners: codes of parties, the first one's goods first", 500)
    ] = ""
    one_consignor_per_item: Annotated[
        bool | None, fields.YES_OR_NO, "yes where only one party may consign an item"
    ] = None
    allows_transfer_to_owned: Annotated[
        bool | None, fields.YES_OR_NO, "no where consigned goods may not be moved to an owned place"
    ] = None
    rule_precedence: Annotated[
        RulePrecedence | None,
        fields.Choice(
            RulePrecedence,
            "which of two matching consumption rules wins",
            empty=RulePrecedence.SPECIFIC_FIRST,
        ),
    ] = None
    two_step_receiving: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where received goods wait at the dock until they are put away",
    ] = None
    exchange_rate_type: Annotated[
        str,
        fields.Text(
            "the kind of exchange rate that is kept where an agreement has another "
            "currency; empty: none is kept",
            20,
        ),
    ] = ""
    cost_method: Annotated[
        CostMethod | None,
        fields.Choice(CostMethod, "what its own goods leave at", empty=CostMethod.FIFO),
    ] = None
    payables_unit: Annotated[
        str,
        fields.ORGANIZATION,
        "code of the organization that pays for what is received here; where several "
        "agreements could be meant, the one that is billed to it is; empty: itself",
    ] = ""
    time_zone: Annotated[
        str,
        fields.Text(
            "whose day it is here, by its name in the IANA database, as "
            "America/Los_Angeles; empty: the installation's",
            40,
        ),
    ] = ""


class PlaceLine(NamedTuple):
    """A place of an organization."""

    code: Annotated[str, fields.Text("short name of the place within the organization", 40)]
    name: Annotated[str, fields.NAME] = ""
    zone: Annotated[
        Zone | None,
        fields.Choice(
            Zone,
            "consigned-store (if empty), stockroom, shop-floor, finished-goods, dock, "
            "inspection, quarantine or in-transit",
        ),
    ] = None
    owned: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where only our own goods lie, so that goods put there become ours",
    ] = None
    nettable: Annotated[bool | None, fields.YES_OR_NO, "no where goods may not be picked from"] = (
        None
    )


def register_parties(*, lines: Sequence[PartyLine], told_by: RecordedBy | None = None) -> Result:
    """Register parties, many at once; a name told anew is changed."""
    outcome = Result()
    tell(
        read_lines(lines, _read_party, outcome),
        outcome,
        key=lambda row: row.code,
        add=party_records.add_parties,
        standing=party_records.parties,
        settle=lambda stands, said: settle_fields(
            "party", said.code, stands, said, may_change={"name"}
        ),
        correct=party_records.rename_parties,
        complete=lambda said: leave_unsaid(said._replace(name=said.code), said),
        master=lambda row: Master("party", row.code, party=row.code),
        told_by=told_by,
    )
    return outcome


def register_sites(*, lines: Sequence[SiteLine], told_by: RecordedBy | None = None) -> Result:
    """Register sites of parties, many at once; a name or GLN told anew is changed."""
    outcome = Result()
    known = agreement_records.party_ids(line.party for line in lines)
    tell(
        read_lines(lines, partial(_read_site, known), outcome),
        outcome,
        key=lambda row: row.key,
        add=party_records.add_sites,
        standing=party_records.sites,
        settle=lambda stands, said: settle_fields(
            "site", said.code, stands, said, may_change={"name", "gln"}
        ),
        correct=party_records.correct_sites,
        complete=lambda said: leave_unsaid(said._replace(name=said.code), said),
        master=lambda row: Master("site", " ".join(row.key), party=row.party),
        told_by=told_by,
    )
    return outcome


def register_organizations(*, lines: Sequence[OrganizationLine], by: str, at: datetime) -> Result:
    """Register organizations, many at once, each with its ledger and its first places.

    A name or a setting told anew is changed, and what a line leaves unsaid stays as it is;
    party and currency stand, and the cost method once there were goods of its own.
    """
    outcome = Result()
    known = agreement_records.party_ids(
        code for line in lines for code in (line.party, *line.owner_sequence.split())
    )

    units = party_records.holders(line.payables_unit for line in lines)
    units |= {line.code: line.party for line in lines}

    def add(rows: Sequence[OrganizationRow]) -> set[str]:
        new = party_records.add_organizations(rows)
        for organization in agreement_records.organization_ids(new).values():
            _give_first_places(organization, by, at)
        return new

    tell(
        read_lines(lines, partial(_read_organization, known, units), outcome),
        outcome,
        key=lambda row: row.code,
        add=add,
        standing=party_records.organizations,
        settle=partial(_settle_organization, _with_costs(lines)),
        correct=party_records.correct_organizations,
        complete=_complete,
        master=lambda row: Master("organization", row.code, party=row.party),
        told_by=RecordedBy(by, at),
    )
    return outcome


def register_places(
    *, organization: OrganizationId, lines: Sequence[PlaceLine], by: str, at: datetime
) -> Result:
    """Add places inside the walls of one organization; a place once made is never changed."""
    outcome = Result()
    with ledger.posting(organization, cause="places", recorded_at=at, recorded_by=by) as posting:
        there = party_records.places(organization)

        def add(rows: Sequence[PlaceRow]) -> set[str]:
            new = [row for row in rows if row.code not in there]
            party_records.add_places(posting, new)
            return {row.code for row in new}

        def standing(codes: Iterable[str]) -> Mapping[str, PlaceRow]:
            return {code: there[code] for code in codes}

        tell(
            read_lines(lines, _read_place, outcome),
            outcome,
            key=lambda row: row.code,
            add=add,
            standing=standing,
            settle=lambda stands, said: settle_fields("place", said.code, stands, said),
        )
    return outcome


def organization_named(code: str) -> OrganizationId:
    """The organization of a code, or a refusal."""
    ids = agreement_records.organization_ids([code.strip()])
    if not ids:
        raise UnknownOrganization(code.strip())
    return ids[code.strip()]


def party_named(code: str) -> PartyId:
    """The party of a code, or a refusal."""
    ids = agreement_records.party_ids([code.strip()])
    if not ids:
        raise UnknownParty(code.strip())
    return ids[code.strip()]


def close_period(*, organization: OrganizationId, through: date, by: str, at: datetime) -> None:
    """Close an organization's books through a day; nothing is posted into a closed period.

    It is kept who closed them and when. Closing the same day again changes nothing; an earlier
    day is refused, and so is one to come.
    """
    with ledger.posting(
        organization, cause="period-close", recorded_at=at, recorded_by=by
    ) as posting:
        standing = posting.organization
        check_has_come(through, today=posting.recorded_on)
        if standing.closed_through == through:
            return
        if standing.closed_through and through < standing.closed_through:
            raise ClosesBackwards(standing.code, standing.closed_through, through)
        party_records.close_books(posting, through)


# --- reading -----------------------------------------------------------------------------


def _read_party(line: PartyLine) -> PartyRow:
    return PartyRow(line.code, line.name)


def _read_site(known: Mapping[str, object], line: SiteLine) -> SiteRow:
    party = _known_party(known, line.party)
    return SiteRow(party, line.code, line.name, check_gs1(line.gln, "GLN", GLN))


def _read_organization(
    known: Mapping[str, object], units: Mapping[str, str], line: OrganizationLine
) -> OrganizationRow:
    if line.time_zone:
        read_time_zone(line.time_zone)
    return OrganizationRow(
        line.code,
        line.name,
        _known_party(known, line.party),
        line.currency,
        str(line.pick_order or ""),
        known_owners(line.owner_sequence, known),
        line.one_consignor_per_item,
        line.allows_transfer_to_owned,
        str(line.rule_precedence or ""),
        line.two_step_receiving,
        line.exchange_rate_type,
        str(line.cost_method or ""),
        _payables_unit(units, line),
        line.time_zone,
    )


def _payables_unit(units: Mapping[str, str], line: OrganizationLine) -> str:
    """The organization of the same party that pays for what this one receives, if it is named."""
    unit = line.payables_unit
    if unit and units.get(unit) != line.party:
        raise UnknownOrganization(unit)
    return unit


def _complete(said: OrganizationRow) -> OrganizationRow:
    """A new organization, with what its line leaves unsaid."""
    usual = said._replace(
        name=said.code,
        pick_order=PickOrder.OWN_FIRST.value,
        one_consignor_per_item=False,
        allows_transfer_to_owned=True,
        rule_precedence=RulePrecedence.SPECIFIC_FIRST.value,
        two_step_receiving=False,
        cost_method=CostMethod.FIFO.value,
    )
    return leave_unsaid(usual, said)


def _with_costs(lines: Sequence[OrganizationLine]) -> set[str]:
    """Those of some organizations, with a cost method said, that had goods of their own."""
    return party_records.with_costs({line.code for line in lines if line.cost_method})


def _settle_organization(
    with_costs: Collection[str], stands: OrganizationRow, said: OrganizationRow
) -> OrganizationRow:
    may_change = set(party_records.SETTLED_ANEW)
    if said.code in with_costs and said.cost_method:
        may_change.remove("cost_method")
    return settle_fields("organization", said.code, stands, said, may_change=may_change)


def _read_place(line: PlaceLine) -> PlaceRow:
    zone = line.zone or Zone.CONSIGNED_STORE
    if zone.is_outer:
        raise ExternalZone(line.code, zone)
    return PlaceRow(
        line.code,
        line.name,
        str(zone),
        zone is Zone.STOCKROOM if line.owned is None else line.owned,
        zone not in UNPICKED_ZONES if line.nettable is None else line.nettable,
    )


def known_owners(said: str, known: Collection[str]) -> str:
    """Codes of owners in the order in which their goods go; each must be a party."""
    owners = said.split()
    for owner in owners:
        if owner not in known:
            raise UnknownParty(owner)
    return " ".join(owners)


def _known_party(known: Mapping[str, object], code: str) -> str:
    if code not in known:
        raise UnknownParty(code)
    return code


def _give_first_places(organization: OrganizationId, by: str, at: datetime) -> None:
    with ledger.posting(organization, cause="places", recorded_at=at, recorded_by=by) as posting:
        party_records.add_places(posting, FIRST_PLACES)
