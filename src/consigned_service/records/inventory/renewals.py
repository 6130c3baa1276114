"""Renewals in the database: what passed from one layer to another under another agreement."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consigned.inventory.renewed_layers import Origin, Passed
from consigned.measure.identity import AgreementId, ItemId, LayerNumber, OrganizationId
from consigned_service.records.inventory.interorganization import read_layers
from consigned_service.records.inventory.open_differences import STILL_OPEN
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day


class Consent(NamedTuple):
    """By whose word goods passed: under which reference, who of the consignor agreed, when, who of
    the consignee did, and why."""

    reference: str = ""
    consent: str = ""
    agreed_on: date | None = None
    agreed_by: str = ""
    because: str = ""


TAKEN_BACK = Consent()
"""What a late use takes back needs nobody's word."""


def add(posting: OpenPosting, passed: Iterable[tuple[Passed, Consent]]) -> None:
    organization, opened = posting.organization.id, posting.number
    posting.add(
        "renewal",
        [
            (organization, one.number, opened, said.reference, *_from_to(one), one.quantity,
             one.on.isoformat(), said.consent, said.agreed_on and said.agreed_on.isoformat(),
             said.agreed_by, said.because, one.takes_back)
            for one, said in passed
        ],
    )  # fmt: skip


def _from_to(one: Passed) -> tuple[LayerNumber, LayerNumber]:
    """The layer of the old agreement and that of the new one, whichever way goods pass."""
    if one.takes_back is None:
        return one.before.layer, one.after.layer
    return one.after.layer, one.before.layer


def origins(
    organization: OrganizationId, items: Iterable[ItemId], after: date
) -> dict[LayerNumber, Origin]:
    """What goods of some items were before they were renewed, of those that were after a day."""
    rows = {
        LayerNumber(becomes): (number, as_day(on), LayerNumber(layer))
        for becomes, number, on, layer in bulk.look_up(
            set(items),
            "bigint",
            "r.becomes, r.number, r.happened_on, r.layer",
            "renewal r JOIN layer l ON l.organization_id = r.organization_id "
            "AND l.number = r.becomes",
            "r.organization_id = %s AND l.item_id = w.value AND r.happened_on > %s "
            "AND r.takes_back IS NULL",
            [organization, after],
        )
    }
    were = read_layers(organization, {layer for _, _, layer in rows.values()}) if rows else {}
    return {
        becomes: Origin(number, on, were[layer]) for becomes, (number, on, layer) in rows.items()
    }


def became(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, list[LayerNumber]]:
    """The layers that goods of some layers go on in since they were renewed, once or more often."""
    roots = {layer: layer for layer in layers}
    found: dict[LayerNumber, list[LayerNumber]] = {}
    wanted = set(roots)
    while wanted:
        rows = bulk.look_up(
            wanted,
            "bigint",
            "r.layer, r.becomes",
            "renewal r",
            "r.organization_id = %s AND r.layer = w.value AND r.takes_back IS NULL",
            [organization],
        )
        for layer, becomes in rows:
            root = roots[becomes] = roots[layer]
            found.setdefault(root, []).append(becomes)
        wanted = {becomes for _, becomes in rows}
    return found


def items_under(organization: OrganizationId, agreements: Iterable[AgreementId]) -> set[ItemId]:
    """The items of which goods ever were in an organization under some agreements."""
    subquery, wanted = bulk.among(set(agreements))
    return {
        ItemId(item)
        for (item,) in bulk.fetch(
            "SELECT DISTINCT item_id FROM layer WHERE organization_id = %s "
            f"AND agreement IN ({subquery})",
            [organization, wanted],
        )
    }


def missing_under(
    organization: OrganizationId, agreements: Iterable[AgreementId]
) -> dict[tuple[AgreementId, ItemId], int]:
    """Of which items counts say that goods under some agreements are missing, and nobody has said
    why: the number of a difference."""
    subquery, wanted = bulk.among(set(agreements))
    return {
        (AgreementId(agreement), ItemId(item)): number
        for number, agreement, item in bulk.fetch(
            "SELECT d.number, d.agreement, c.item_id FROM count_difference d JOIN stock_count c "
            "ON c.organization_id = d.organization_id AND c.number = d.stock_count "
            f"WHERE d.organization_id = %s AND d.agreement IN ({subquery}) AND {STILL_OPEN} < 0",
            [organization, wanted],
        )
    }
