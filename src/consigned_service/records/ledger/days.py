"""Whose day it is: the time zones of organizations, and the installation's where one names none."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from consigned.master_data.parties import UnknownTimeZone
from consigned.measure.identity import OrganizationId
from consigned_service.records.sql import bulk


def read_time_zone(said: str) -> tzinfo:
    """A time zone of the IANA database by its name."""
    try:
        return ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(said) from None


def zone_of(name: str) -> tzinfo:
    """The time zone that an organization names, or the installation's."""
    return read_time_zone(name or settings.TIME_ZONE)


def days_of(organizations: Iterable[OrganizationId], at: datetime) -> dict[OrganizationId, date]:
    """The day that it is in some organizations at an instant."""
    chosen, ids = bulk.among(set(organizations))
    return {
        organization: at.astimezone(zone_of(name)).date()
        for organization, name in bulk.fetch(
            f"SELECT id, time_zone FROM organization WHERE id IN ({chosen})", [ids]
        )
    }


def day_of_party(party: int | None, at: datetime) -> date:
    """The day that has come in every organization of a party at an instant; without any, and for
    nobody in particular, the installation's."""
    names = bulk.fetch("SELECT DISTINCT time_zone FROM organization WHERE party_id = %s", [party])
    return min(at.astimezone(zone_of(name)).date() for (name,) in names or [("",)])


def latest_day(at: datetime) -> date:
    """The day that has come somewhere: in UTC, or in an organization farther to the east."""
    names = bulk.fetch("SELECT DISTINCT time_zone FROM organization", [])
    zones = (UTC, *(zone_of(name) for (name,) in names))
    return max(at.astimezone(zone).date() for zone in zones)
