"""What our own goods cost, layer by layer, and at which standards they are kept."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from consigned.measure.identity import ItemId, LayerNumber, OrganizationId
from consigned.measure.money import Price
from consigned.settlement.costs import OwnedCost
from consigned.trade.parties import Organization
from consigned_service.records import bulk, models
from consigned_service.records.bulk import Column


def read_owned_costs(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, OwnedCost]:
    """What our own goods of some layers cost."""
    return _owned_costs(Q(layer__in=list(layers)), organization)


def read_owned_costs_of_items(
    organization: OrganizationId, items: Iterable[ItemId], layers: Iterable[LayerNumber]
) -> dict[LayerNumber, OwnedCost]:
    """What all our own goods of some items cost that are here, and those of some layers."""
    here = Q(item__in=list(items), quantity__gt=0)
    return _owned_costs(here | Q(layer__in=list(layers)), organization)


def _owned_costs(which: Q, organization: OrganizationId) -> dict[LayerNumber, OwnedCost]:
    rows = models.OwnedCost.objects.filter(which, organization_id=organization).order_by("layer")
    return {
        LayerNumber(layer): OwnedCost(LayerNumber(layer), ItemId(item), quantity, cost, currency)
        for layer, item, quantity, cost, currency in rows.values_list(
            "layer", "item_id", "quantity", "cost", "currency"
        )
    }


def read_standard_costs(organization: Organization, items: Iterable[ItemId]) -> dict[ItemId, Price]:
    """What an organization says last that some items cost."""
    rows = models.StandardCost.objects.filter(
        organization_id=organization.id, item__in=list(items)
    ).order_by("number")
    return {
        ItemId(item): Price(cost, organization.currency, per)
        for item, cost, per in rows.values_list("item_id", "cost", "per")
    }


def write_owned_costs(organization: OrganizationId, costs: Iterable[OwnedCost]) -> None:
    bulk.upsert(
        "owned_cost",
        (Column("organization_id"), Column("layer"), Column("item_id"), Column("quantity"),
         Column("cost"), Column("currency", "text")),
        [(organization, c.layer, c.item, c.quantity, c.cost, c.currency) for c in costs],
        key=("organization_id", "layer"),
        update="quantity = excluded.quantity, cost = excluded.cost",
    )  # fmt: skip


def charged_unit_costs(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, Price]:
    """What the title of each layer's goods was last charged at, for goods that come back."""
    subquery, wanted = bulk.among(layers)
    prices: dict[LayerNumber, Price] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.layer, t.price, t.currency, t.per FROM title_entry e "
            "JOIN charge c ON c.organization_id = e.organization_id AND c.entry = e.number "
            "JOIN running_total t ON t.organization_id = c.organization_id AND t.number = c.total "
            f"WHERE e.organization_id = %s AND e.layer IN ({subquery}) ORDER BY e.layer, e.number",
            [organization, wanted],
        )
        for layer, price, currency, per in cursor.fetchall():
            prices[layer] = Price(price, currency, per)
    return prices
