"""Recording lines on behalf of somebody: only what is theirs, whichever door they come through.

An act on an organization is done by whose it is, and by whoever keeps its goods where the goods are
handled. Other acts name whose they are in a field of each line, or in several, which are then all
the asker's own. What belongs to no party, as items and rates, and what binds two, as agreements and
prices, is recorded by who runs the installation.

Refuses: UnknownOrganization, OnlyTheOperator; line by line NotYours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from consigned.master_data.parties import UnknownOrganization
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.operations.core.batch import Written, preview, record, refuse_alike
from consigned_service.operations.core.operation import Operation, Request
from consigned_service.operations.core.outcome import Result
from consigned_service.queries.core.rights import organization_for, own_among
from consigned_service.queries.core.viewers import Viewer


@dataclass(eq=False)
class OnlyTheOperator(Refusal):
    operation: str
    code: ClassVar[str] = "only-the-operator"
    remedy: ClassVar[str] = "Ask for a user added with --operator, or send the file to them."

    def __str__(self) -> str:
        return f"{self.operation} are recorded by who runs the installation"


@dataclass(eq=False)
class NotYours(Refusal):
    name: str
    said: str
    code: ClassVar[str] = "not-yours"

    def __str__(self) -> str:
        return f"{self.name} {self.said[:60]!r} is not one of yours"


class Asker(NamedTuple):
    """On whose behalf lines are recorded, and by whom."""

    viewer: Viewer
    name: str
    is_operator: bool


class Asked(NamedTuple):
    """What somebody asks to record: lines as the text of their fields, in their order."""

    lines: Sequence[Sequence[str]]
    organization: str = ""
    source: str = ""
    again: bool = False
    queue_shortages: bool = True
    is_preview: bool = False
    """Whether it is only to be said what would come of it."""


def record_for(asker: Asker, operation: Operation, asked: Asked, at: datetime) -> Result:
    """Record what is the asker's to record, and refuse the rest. An act that refuses lines as a
    whole records none of them. Of lines that are alike in one request the first is recorded."""
    organization = _organization(asker, operation, asked)
    outcome = Result()
    places = _own(asker.viewer, operation, asked, outcome)
    lines = [Written("", asked.lines[place]) for place in places]
    request = Request(
        organization, asker.name, at, asked.source, asked.again, asked.queue_shortages
    )
    do = preview if asked.is_preview else record
    part = do(operation, lines, request, is_split=False)
    refuse_alike(operation, lines, part)
    outcome.add(part, places)
    outcome.refused.sort(key=lambda line: line.index)
    return outcome


def _organization(asker: Asker, operation: Operation, asked: Asked) -> OrganizationId:
    if operation.is_of_organization:
        found = organization_for(asker.viewer, asked.organization, operation.right)
        if found is None:
            raise UnknownOrganization(asked.organization)
        return found
    if not operation.of and not asker.is_operator:
        raise OnlyTheOperator(operation.name)
    return OrganizationId(0)


def _own(viewer: Viewer, operation: Operation, asked: Asked, outcome: Result) -> list[int]:
    """The places of the lines that are the asker's to record."""
    places = list(range(len(asked.lines)))
    if operation.is_of_organization:
        return places
    names = [field.name for field in operation.fields]
    for name in operation.of:
        at, noun = names.index(name), operation.noun(name)
        own = own_among(viewer, noun, {line[at].strip() for line in asked.lines}) | {""}
        for place in places:
            said = asked.lines[place][at].strip()
            if said not in own:
                outcome.refuse(place, NotYours(noun, said), name)
        places = [place for place in places if asked.lines[place][at].strip() in own]
    return places
