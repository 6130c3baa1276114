"""Parties, sites, organizations and places in the database, as they are written and told again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from consigned.measure.identity import OrganizationId
from consigned_service.records import models
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data.agreements import party_ids
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class PartyRow(NamedTuple):
    code: str
    name: str


class SiteRow(NamedTuple):
    party: str
    code: str
    name: str
    gln: str

    @property
    def key(self) -> tuple[str, str]:
        return self.party, self.code


class OrganizationRow(NamedTuple):
    """An organization; what is empty or None is not said."""

    code: str
    name: str
    party: str
    currency: str
    pick_order: str
    owner_sequence: str
    one_consignor_per_item: bool | None
    allows_transfer_to_owned: bool | None
    rule_precedence: str
    two_step_receiving: bool | None
    exchange_rate_type: str
    cost_method: str
    payables_unit: str
    time_zone: str


SETTINGS = (
    Column("pick_order", "text"), Column("owner_sequence", "text"),
    Column("one_consignor_per_item", "boolean"), Column("allows_transfer_to_owned", "boolean"),
    Column("rule_precedence", "text"), Column("two_step_receiving", "boolean"),
    Column("exchange_rate_type", "text"), Column("cost_method", "text"),
    Column("payables_unit", "text"), Column("time_zone", "text"),
)  # fmt: skip
"""What an organization decides for itself, and may decide anew."""


class PlaceRow(NamedTuple):
    code: str
    name: str
    zone: str
    is_owned: bool
    is_nettable: bool


# --- parties -----------------------------------------------------------------------------


def add_parties(rows: Sequence[PartyRow]) -> set[str]:
    """Insert the parties that are not there yet; answers their codes."""
    columns = (Column("code", "text"), Column("name", "text"))
    added = bulk.upsert("party", columns, rows, key=("code",), update=None, returning=("code",))
    return {code for (code,) in added}


def parties(codes: Iterable[str]) -> dict[str, PartyRow]:
    rows = models.Party.objects.filter(code__in=set(codes))
    return {row.code: PartyRow(row.code, row.name) for row in rows}


def rename_parties(rows: Sequence[PartyRow]) -> None:
    names = {row.code: row.name for row in rows}
    found = list(models.Party.objects.filter(code__in=names))
    for party in found:
        party.name = names[party.code]
    models.Party.objects.bulk_update(found, ["name"])


# --- sites -------------------------------------------------------------------------------


def add_sites(rows: Sequence[SiteRow]) -> set[tuple[str, str]]:
    """Insert the sites that are not there yet; answers their party's code and their own."""
    ids = party_ids(row.party for row in rows)
    codes = {pk: code for code, pk in ids.items()}
    added = bulk.upsert(
        "site",
        (Column("party_id"), Column("code", "text"), Column("name", "text"), Column("gln", "text")),
        [(ids[row.party], row.code, row.name, row.gln) for row in rows],
        key=("party_id", "code"),
        update=None,
        returning=("party_id", "code"),
    )
    return {(codes[party], code) for party, code in added}


def sites(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SiteRow]:
    return {row.key: row for row in map(_site, _sites(keys))}


def site_ids(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {(row.party.code, row.code): row.pk for row in _sites(keys)}


def correct_sites(rows: Sequence[SiteRow]) -> None:
    said = {row.key: row for row in rows}
    found = _sites(said)
    for site in found:
        site.name, site.gln = said[site.party.code, site.code][2:]
    models.Site.objects.bulk_update(found, ["name", "gln"])


def _sites(keys: Iterable[tuple[str, str]]) -> list[models.Site]:
    wanted = set(keys)
    rows = models.Site.objects.select_related("party").filter(
        party__code__in=bulk.writable(party for party, _ in wanted),
        code__in=bulk.writable(code for _, code in wanted),
    )
    return [row for row in rows if (row.party.code, row.code) in wanted]


def _site(row: models.Site) -> SiteRow:
    return SiteRow(row.party.code, row.code, row.name, row.gln)


# --- organizations -----------------------------------------------------------------------


def add_organizations(rows: Sequence[OrganizationRow]) -> set[str]:
    """Insert the organizations that are not there yet, each with an empty ledger."""
    ids = party_ids(row.party for row in rows)
    added = bulk.upsert(
        "organization",
        (Column("code", "text"), Column("name", "text"), Column("party_id"),
         Column("currency", "text"), *SETTINGS),
        [(row.code, row.name, ids[row.party], *row[3:]) for row in rows],
        key=("code",),
        update=None,
        returning=("id", "code"),
    )  # fmt: skip
    models.Ledger.objects.bulk_create([models.Ledger(organization_id=pk) for pk, _ in added])
    return {code for _, code in added}


def organizations(codes: Iterable[str]) -> dict[str, OrganizationRow]:
    rows = models.Organization.objects.select_related("party").filter(code__in=set(codes))
    return {
        row.code: OrganizationRow(
            row.code, row.name, row.party.code, row.currency,
            *(getattr(row, column.name) for column in SETTINGS),
        )
        for row in rows
    }  # fmt: skip


SETTLED_ANEW = ["name", *(column.name for column in SETTINGS)]


def holders(codes: Iterable[str]) -> dict[str, str]:
    """Whose some organizations are: the code of the party, by the organization's."""
    rows = models.Organization.objects.filter(code__in=bulk.writable(codes))
    return dict(rows.values_list("code", "party__code"))


def correct_organizations(rows: Sequence[OrganizationRow]) -> None:
    said = {row.code: row for row in rows}
    found = list(models.Organization.objects.filter(code__in=said))
    for organization in found:
        for name in SETTLED_ANEW:
            setattr(organization, name, getattr(said[organization.code], name))
    models.Organization.objects.bulk_update(found, SETTLED_ANEW)


def with_costs(codes: Iterable[str]) -> set[str]:
    """Those of some organizations that keep, or kept, what goods of their own cost."""
    has_costs = Exists(models.OwnedCost.objects.filter(organization_id=OuterRef("pk")))
    rows = models.Organization.objects.filter(has_costs, code__in=bulk.writable(codes))
    return set(rows.values_list("code", flat=True))


def close_books(posting: OpenPosting, through: date) -> None:
    """Write down that the books are closed through a day: a fact of the ledger, sealed with it."""
    organization = posting.organization.id
    number = posting.take_numbers("period_close", 1)
    posting.add("period_close", [(organization, number, posting.number, through.isoformat())])
    models.Organization.objects.filter(pk=organization).update(closed_through=through)


# --- places ------------------------------------------------------------------------------


def add_places(posting: OpenPosting, rows: Sequence[PlaceRow]) -> None:
    """New places of the posting's organization: facts of its ledger, sealed with it."""
    organization, number = posting.organization.id, posting.number
    first = posting.take_numbers("place", len(rows))
    posting.add(
        "place",
        [
            (organization, place, number, row.code, row.name, row.zone, row.is_owned,
             row.is_nettable)
            for place, row in enumerate(rows, start=first)
        ],
    )  # fmt: skip


def places(organization: OrganizationId) -> Mapping[str, PlaceRow]:
    rows = models.Place.objects.filter(organization_id=organization)
    return {
        row.code: PlaceRow(row.code, row.name, row.zone, row.is_owned, row.is_nettable)
        for row in rows
    }


# --- who holds goods -----------------------------------------------------------------------


def parties_with_organizations(*, limit: int) -> list[str]:
    rows = models.Party.objects.filter(organizations__isnull=False).distinct().order_by("code")
    return list(rows.values_list("code", flat=True)[:limit])


def organization_ids_of(party: int) -> dict[str, int]:
    rows = models.Organization.objects.filter(party_id=party).order_by("pk")
    return dict(rows.values_list("code", "pk"))
