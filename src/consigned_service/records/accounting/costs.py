"""What our own goods cost, layer by layer, and at which standards they are kept."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from consigned.accounting.accruals import TotalKey
from consigned.accounting.costs import OwnedCost, WentOut, less_what_came_back
from consigned.accounting.journals import IN_PROCESS
from consigned.inventory.title_transfers import GOES_TO, UseKind
from consigned.master_data.parties import Organization
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
)
from consigned.measure.money import Price
from consigned.title.position import Zone
from consigned_service.records import models
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.returns.returns import standing
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

NOT_GONE = IN_PROCESS | {UseKind.TRANSFER_TO_OWNED.value}
"""The kinds of use after which goods are on the shelf still, or in what is made of them."""
TO_CUSTOMERS = ", ".join(f"'{kind}'" for kind, zone in GOES_TO.items() if zone is Zone.CUSTOMER)


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
        LayerNumber(layer): OwnedCost(
            LayerNumber(layer), ItemId(item), quantity, cost, currency, changed_on
        )
        for layer, item, quantity, cost, currency, changed_on in rows.values_list(
            "layer", "item_id", "quantity", "cost", "currency", "changed_on"
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
        "inventory_cost",
        (Column("organization_id"), Column("layer"), Column("item_id"), Column("quantity"),
         Column("cost"), Column("currency", "text"), Column("changed_on", "date")),
        [(organization, c.layer, c.item, c.quantity, c.cost, c.currency, c.changed_on.isoformat())
         for c in costs],
        key=("organization_id", "layer"),
        update="quantity = excluded.quantity, cost = excluded.cost, "
        "changed_on = excluded.changed_on",
    )  # fmt: skip


def came_back_dearer(organization: OrganizationId) -> list[tuple[LayerNumber, int, int]]:
    """Layers of which more came back from customers than went out to them, or at more than that
    had cost: layer, and what is out still and its cost, of which one is below nothing."""
    net: dict[LayerNumber, list[int]] = {}
    for layer, quantity, cost in bulk.fetch(
        "SELECT layer, -SUM(quantity), -SUM(cost) FROM cost_entry WHERE organization_id = %s "
        f"AND kind IN ({TO_CUSTOMERS}) GROUP BY layer HAVING SUM(quantity) >= 0 OR SUM(cost) >= 0",
        [organization],
    ):
        net[LayerNumber(layer)] = [int(quantity), int(cost)]
    for one in standing(organization, net).values() if net else ():
        passed, key = one.passed, one.key
        if GOES_TO[passed.kind] is Zone.CUSTOMER:
            went = net[passed.layer]
            went[0] += passed.left
            went[1] += key.price.extend_down(passed.left) + 1 if key else 0
    return [
        (layer, quantity, cost)
        for layer, (quantity, cost) in sorted(net.items())
        if min(quantity, cost) < 0
    ]


class CameBack(NamedTuple):
    """What came back as ours from customers of one layer, less what went to them as ours."""

    item: ItemId
    quantity: int
    cost: int


def came_back_as_ours(
    organization: OrganizationId, agreement: AgreementId, item: ItemId
) -> dict[LayerNumber, CameBack]:
    """The layers of an item under an agreement of which anything came back as ours."""
    return {
        LayerNumber(layer): CameBack(item, int(quantity), int(cost))
        for layer, quantity, cost in bulk.fetch(
            "SELECT x.layer, SUM(x.quantity), SUM(x.cost) FROM cost_entry x JOIN layer l "
            "ON l.organization_id = x.organization_id AND l.number = x.layer "
            "WHERE x.organization_id = %s AND l.agreement = %s AND l.item_id = %s "
            f"AND x.kind IN ({TO_CUSTOMERS}) GROUP BY x.layer HAVING MAX(x.quantity) > 0",
            [organization, agreement, item],
        )
    }


def costs_after(
    posting: OpenPosting, layers: Iterable[LayerNumber], since: date
) -> dict[LayerNumber, Counter[date]]:
    """By how much what our own goods of some layers cost changed on each day after one, as it
    stands and as the posting has changed it so far."""
    subquery, wanted = bulk.among(set(layers))
    moved: dict[LayerNumber, Counter[date]] = defaultdict(Counter)
    for layer, on, cost in bulk.fetch(
        "SELECT layer, happened_on, cost FROM cost_entry "
        f"WHERE organization_id = %s AND layer IN ({subquery}) AND happened_on > %s",
        [posting.organization.id, wanted, since],
    ):
        moved[layer][on] += cost
    for _, _, _, layer, said, _, cost, *_ in posting.facts.get("cost_entry", ()):
        if (on := date.fromisoformat(said)) > since:
            moved[layer][on] += cost
    return moved


def went_out_at(
    posting: OpenPosting, layers: Iterable[LayerNumber]
) -> dict[LayerNumber, list[WentOut]]:
    """What of each layer's goods went out and did not come back, by the kind of use, and what it
    cost as it went: goods of our own at what they were kept at, and others at what their title was
    charged at, what was used first first: its title goes back first, too. What the posting brought
    back so far is out no longer."""
    organization, wanted = posting.organization.id, set(layers)
    found: dict[LayerNumber, list[WentOut]] = defaultdict(list)
    charged: dict[tuple[LayerNumber, TotalKey], int] = defaultdict(int)
    turned = _turned_back(posting)
    for entry, one in sorted(standing(organization, wanted).items()):
        if one.key is not None and one.passed.kind not in NOT_GONE:
            charged[one.passed.layer, one.key] += one.passed.left - turned[entry]
    for (layer, key), left in charged.items():
        found[layer].append(
            WentOut(key.kind, left, key.price.extend_down(left), key.price.currency)
        )
    own = _own_that_went(posting, wanted)
    for (layer, kind, currency), (quantity, cost, otherwise) in own.items():
        if quantity > 0:
            out = found[layer]
            of_kind = [one for one in _like(out, kind, currency) if one.kind == kind]
            less_what_came_back(of_kind, 0, -otherwise)
            out.insert(0, WentOut(kind, quantity, cost, currency))
    for (layer, kind, currency), (quantity, cost, otherwise) in own.items():
        if quantity <= 0:
            like_it = _like(found[layer], kind, currency)
            less_what_came_back(like_it, -quantity, -cost - otherwise)
    return found


def _like(out: Iterable[WentOut], kind: str, currency: str) -> list[WentOut]:
    """What went out in a kind of use, and after it what went where that kind takes goods: more may
    have come back in one kind than is out in it, where the title of another one went back."""
    zone = GOES_TO[kind]
    like_it = [one for one in out if GOES_TO[one.kind] is zone and one.currency == currency]
    return sorted(like_it, key=lambda one: one.kind != kind)


def _turned_back(posting: OpenPosting) -> Counter[EntryNumber]:
    """How much of each transfer of title the posting has turned back so far."""
    turned = Counter[EntryNumber]()
    for _, _, _, reverses, quantity in posting.facts.get("reversal", ()):
        turned[reverses] += quantity
    return turned


def _own_that_went(
    posting: OpenPosting, wanted: Collection[LayerNumber]
) -> dict[tuple[LayerNumber, str, str], list[int]]:
    """How much of our own goods of some layers went out in each kind of use, less what came back,
    and what it cost: as it stands and as the posting has changed it so far. By how much others'
    that are gone cost otherwise than their charges say (decision 0042) is told apart."""
    subquery, numbers = bulk.among(wanted)
    went: dict[tuple[LayerNumber, str, str], list[int]] = {
        (LayerNumber(layer), kind, currency): [int(quantity), int(cost), int(otherwise)]
        for layer, kind, currency, quantity, cost, otherwise in bulk.fetch(
            "SELECT layer, kind, currency, -SUM(quantity), "
            "-SUM(CASE quantity WHEN 0 THEN 0 ELSE cost END), "
            "-SUM(CASE quantity WHEN 0 THEN cost ELSE 0 END) FROM cost_entry "
            f"WHERE organization_id = %s AND layer IN ({subquery}) AND kind <> '' "
            "GROUP BY layer, kind, currency",
            [posting.organization.id, numbers],
        )
    }
    for _, _, _, layer, _, quantity, cost, _, currency, kind in posting.facts.get("cost_entry", ()):
        if kind and layer in wanted:
            sums = went.setdefault((layer, kind, currency), [0, 0, 0])
            sums[0] -= quantity
            sums[1 if quantity else 2] -= cost
    return went
