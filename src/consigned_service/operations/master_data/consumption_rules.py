"""Consumption rules: a holder says which of its transfers make goods its own, and which do not.

A rule once told stands; it can be put out of force and in force again. What it decided is kept
with the entry that it decided on.

Refuses: UnknownParty, NotTheirOrganization, UnknownItem, UseIsConsumption, Differs; what a field
may not say.
"""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, NamedTuple

from consigned.inventory.title_transfers import UseKind
from consigned.master_data.consumption_rules import (
    NotTheirOrganization,
    Transaction,
    UseIsConsumption,
    Verdict,
)
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownParty
from consigned.title.position import Zone
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result, one_of
from consigned_service.operations.core.upsert import RecordedBy, read_lines, settle_fields, tell
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import consumption_rules as rule_records
from consigned_service.records.master_data.changes import Master
from consigned_service.records.master_data.consumption_rules import RuleRow

INSIDE = [zone for zone in Zone if not zone.is_outer]


class RuleLine(NamedTuple):
    """A consumption rule; a condition that is empty is left open."""

    rule: Annotated[str, fields.Text("a short name of the rule, one of its own", 40)]
    party: Annotated[
        str, fields.PARTY, "code of the party whose rule it is; it holds in its organizations"
    ]
    verdict: Annotated[Verdict, fields.Choice(Verdict, "what becomes of goods that the rule fits")]
    kind: Annotated[
        str, fields.Text("transfer, putaway or transfer-between-organizations; empty: any", 40)
    ] = ""
    organization: Annotated[
        str, fields.ORGANIZATION, "code of the organization the goods are in; empty: any"
    ] = ""
    owner: Annotated[
        str, fields.PARTY, "code of the party whose goods they are; empty: anybody's"
    ] = ""
    item: Annotated[str, fields.ITEM, "code of the item, or its GTIN; empty: any"] = ""
    from_place: Annotated[str, fields.PLACE, "code of the place they leave; empty: any"] = ""
    from_zone: Annotated[
        Zone | None, fields.Choice(INSIDE, "zone of the place they leave; empty: any")
    ] = None
    to_place: Annotated[str, fields.PLACE, "code of the place they go to; empty: any"] = ""
    to_zone: Annotated[
        Zone | None, fields.Choice(INSIDE, "zone of the place they go to; empty: any")
    ] = None
    active: Annotated[
        bool | None, fields.YES_OR_NO, "no once the rule is to decide no more; empty: yes"
    ] = None


class Known(NamedTuple):
    """What of what the lines name is there; of organizations, whose they are."""

    parties: set[str]
    organizations: dict[str, str]
    items: dict[str, Item]


def register_rules(*, lines: Sequence[RuleLine], told_by: RecordedBy | None = None) -> Result:
    """Register consumption rules, many at once; one told anew may go out of force (O30-O32)."""
    outcome = Result()
    tell(
        read_lines(lines, partial(_read, _known(lines)), outcome),
        outcome,
        key=lambda row: row.code,
        add=rule_records.add_rules,
        standing=rule_records.rules,
        settle=lambda stands, said: settle_fields(
            "rule", said.code, stands, said, may_change={"is_active"}
        ),
        correct=rule_records.correct_rules,
        master=lambda row: Master("rule", row.code, party=row.party),
        told_by=told_by,
    )
    return outcome


def _known(lines: Sequence[RuleLine]) -> Known:
    parties = {line.party for line in lines} | {line.owner for line in lines}
    return Known(
        set(agreement_records.party_ids(parties)),
        agreement_records.holders_of({line.organization for line in lines}),
        agreement_records.items_by_code({line.item for line in lines}),
    )


def _read(known: Known, line: RuleLine) -> RuleRow:
    code = line.rule
    party = _one_of_known(line.party, known.parties)
    organization = line.organization
    if organization and known.organizations.get(organization) != party:
        raise NotTheirOrganization(organization, party)
    item = line.item
    if item and item not in known.items:
        raise UnknownItem(item)
    item = known.items[item].code if item else ""
    return RuleRow(
        code,
        party,
        str(line.verdict),
        _kind(code, line.kind),
        organization,
        _one_of_known(line.owner, known.parties) if line.owner else "",
        item,
        line.from_place,
        str(line.from_zone or ""),
        line.to_place,
        str(line.to_zone or ""),
        line.active is not False,
    )


def _one_of_known(code: str, parties: set[str]) -> str:
    if code not in parties:
        raise UnknownParty(code)
    return code


def _kind(rule: str, said: str) -> str:
    said = said.lower()
    if said in set(UseKind):
        raise UseIsConsumption(rule, said)
    return str(one_of(said, Transaction, "kind")) if said else ""
