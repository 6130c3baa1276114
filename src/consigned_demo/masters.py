"""Who and what there is before the first delivery: parties, sites, stores, items, agreements."""

from datetime import UTC, datetime, time, timedelta

from consigned.measure.identity import OrganizationId
from consigned_demo.programme import GROCER, LARGEST, Programme
from consigned_demo.sales import Sales
from consigned_demo.suppliers import Desk
from consigned_demo.supply import PLACES, plan
from consigned_demo.year import BY, FIRST_DAY, Stage, Store, done
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.core.viewers import Viewer

AT = datetime.combine(FIRST_DAY - timedelta(1), time(23), UTC)


def code_of(store: int) -> str:
    return f"S{store}"


def register(programme: Programme, sales: Sales) -> None:
    """Register everything; what is registered already stays as it is."""
    grocer = written(parties.PartyLine, GROCER, "The Grocer")
    makers = [written(parties.PartyLine, c.code, c.name) for c in programme.consignors.values()]
    done(parties.register_parties(lines=[grocer, *makers]))
    sites = [
        written(parties.SiteLine, c.code, "PLANT", f"Plant of {c.name}")
        for c in programme.consignors.values()
        if c.rank < LARGEST
    ]
    done(parties.register_sites(lines=sites))
    _register_stores(sales)
    done(items.register_items(lines=[goods.item for goods in programme.goods.values()]))
    terms = [consignor.terms for consignor in programme.consignors.values()]
    done(agreements.register_agreements(lines=terms))
    done(agreements.register_prices(lines=list(programme.prices())))


def _register_stores(sales: Sales) -> None:
    stores = [
        written(parties.OrganizationLine, code_of(store), f"Store {store}", GROCER, "USD")
        for store in sales.stores
    ]
    done(parties.register_organizations(lines=stores, by=BY, at=AT))
    for organization in _organizations().values():
        done(parties.register_places(organization=organization, lines=PLACES, by=BY, at=AT))


def _organizations() -> dict[str, OrganizationId]:
    found = operator_for(GROCER).organizations
    return {code: OrganizationId(number) for code, number in found.items()}


def is_registered(programme: Programme) -> bool:
    """Whether these very agreements were registered, but for those that may have been extended."""
    terms = [c.terms for c in programme.consignors.values() if not c.terms.ends_on]
    return not agreements.register_agreements(lines=terms).refused


def set_up(programme: Programme, sales: Sales, grocer: Viewer) -> Stage:
    """The stage for the year: each store with what will come to it."""
    ids = _organizations()
    stores = tuple(
        Store(
            store,
            code_of(store),
            ids[code_of(store)],
            plan(programme, store, sales.by_product(store), sales.last_day),
        )
        for store in sales.stores
    )
    return Stage(grocer, programme, sales, stores, Desk(programme.seed, sales.last_day))
