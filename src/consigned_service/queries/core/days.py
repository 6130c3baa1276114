"""What day it is for a viewer: the one that has come in every organization of its party."""

from datetime import date, datetime

from consigned.measure.identity import OrganizationId
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.ledger import days


def today(viewer: Viewer | None, at: datetime) -> date:
    """The viewer's day at an instant; without organizations, the installation's."""
    return days.day_of_party(viewer.party_id if viewer else None, at)


def today_in(organization: OrganizationId, at: datetime) -> date:
    """The day that it is in an organization at an instant."""
    return days.days_of([organization], at)[organization]
