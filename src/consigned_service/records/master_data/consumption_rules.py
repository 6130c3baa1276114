"""Consumption rules in the database, as they are written, told again, and read by the acts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consigned.inventory.transfers import RuleApplied
from consigned.master_data.consumption_rules import Rule, Rules, Transaction, Verdict
from consigned.master_data.parties import Organization
from consigned_service.records import models
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data.agreements import organization_ids, party_ids
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class RuleRow(NamedTuple):
    code: str
    party: str
    verdict: str
    kind: str
    organization: str
    owner: str
    item: str
    from_place: str
    from_zone: str
    to_place: str
    to_zone: str
    is_active: bool


PLAIN = ("code", "verdict", "kind", "from_place", "from_zone", "to_place", "to_zone")


def read_rules(organization: Organization) -> Rules:
    """The rules in force in one organization, the one that decides first first."""
    rows = bulk.fetch(
        "SELECT id, code, verdict, kind, organization_id, owner_id, item_id, from_place, "
        "from_zone, to_place, to_zone FROM consumption_rule WHERE party_id = %s AND is_active "
        "AND (organization_id IS NULL OR organization_id = %s)",
        [organization.party, organization.id],
    )
    return Rules(
        (
            Rule(
                id, code, Verdict(verdict), Transaction(kind) if kind else None,
                where, owner, item, *(named or None for named in places),
            )
            for id, code, verdict, kind, where, owner, item, *places in rows
        ),
        organization.rule_precedence,
    )  # fmt: skip


def keep_rules(posting: OpenPosting, applied: Iterable[RuleApplied]) -> None:
    """Keep with the entries of a posting which rule decided on them."""
    organization = posting.organization.id
    posting.add(
        "rule_applied", [(organization, entry, posting.number, rule) for entry, rule in applied]
    )


def add_rules(rows: Sequence[RuleRow]) -> set[str]:
    """Insert the rules that are not there yet; answers their codes."""
    parties = party_ids({row.party for row in rows} | {row.owner for row in rows})
    organizations = organization_ids({row.organization for row in rows})
    items = models.Item.objects.filter(code__in=bulk.writable(row.item for row in rows))
    item_ids = dict(items.values_list("code", "pk"))
    added = bulk.upsert(
        "consumption_rule",
        (*(Column(name, "text") for name in PLAIN), Column("party_id"), Column("organization_id"),
         Column("owner_id"), Column("item_id"), Column("is_active", "boolean")),
        [
            (*(getattr(row, name) for name in PLAIN), parties[row.party],
             organizations.get(row.organization), parties.get(row.owner), item_ids.get(row.item),
             row.is_active)
            for row in rows
        ],
        key=("code",),
        update=None,
        returning=("code",),
    )  # fmt: skip
    return {code for (code,) in added}


def rules(codes: Iterable[str]) -> dict[str, RuleRow]:
    found = models.ConsumptionRule.objects.select_related("party", "organization", "owner", "item")
    return {row.code: _row(row) for row in found.filter(code__in=bulk.writable(codes))}


def correct_rules(rows: Sequence[RuleRow]) -> None:
    """Put rules in force or out of it."""
    said = {row.code: row.is_active for row in rows}
    found = list(models.ConsumptionRule.objects.filter(code__in=said))
    for rule in found:
        rule.is_active = said[rule.code]
    models.ConsumptionRule.objects.bulk_update(found, ["is_active"], batch_size=1000)


def _row(row: models.ConsumptionRule) -> RuleRow:
    return RuleRow(
        party=row.party.code,
        organization=row.organization.code if row.organization else "",
        owner=row.owner.code if row.owner else "",
        item=row.item.code if row.item else "",
        is_active=row.is_active,
        **{name: getattr(row, name) for name in PLAIN},
    )
