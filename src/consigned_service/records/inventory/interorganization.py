"""What is read of the layers of goods that go to another organization."""

from collections.abc import Iterable

from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.title.layer import Layer, Ownership
from consigned_service.records import models

ALIKE = (
    "received_on", "agreement", "order_line", "receipt", "receipt_line", "shipped_on",
    "expires_on", "lot", "serial", "customs_status", "customs_document", "origin",
    "from_organization", "from_layer",
)  # fmt: skip
"""What a layer and its row call by the same name."""


def read_layers(
    organization: OrganizationId, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, Layer]:
    """Layers as they were received."""
    rows = models.Layer.objects.filter(organization_id=organization, number__in=set(layers))
    return {
        LayerNumber(row.number): Layer(
            number=LayerNumber(row.number),
            item=ItemId(row.item_id),
            supplier=PartyId(row.supplier_id),
            ownership=Ownership(row.ownership),
            price=_price(row),
            **{name: getattr(row, name) for name in ALIKE},
        )
        for row in rows
    }


def _price(row: models.Layer) -> Price | None:
    return None if row.price is None else Price(row.price, row.currency or "", row.per or 0)


def held_by(organizations: Iterable[OrganizationId]) -> dict[OrganizationId, tuple[str, str]]:
    """The codes of some organizations and of their parties."""
    rows = models.Organization.objects.filter(pk__in=set(organizations))
    return {
        OrganizationId(pk): (code, party)
        for pk, code, party in rows.values_list("pk", "code", "party__code")
    }
