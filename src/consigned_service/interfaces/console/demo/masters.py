"""Who and what there is before the first delivery: parties, sites, stores, items, agreements."""

from datetime import UTC, datetime, time, timedelta

from consigned_service.interfaces.console.demo.programme import GROCER, LARGEST, Programme
from consigned_service.interfaces.console.demo.sales import Sales
from consigned_service.interfaces.console.demo.supply import PLACES, plan
from consigned_service.interfaces.console.demo.suppliers import Desk
from consigned_service.interfaces.console.demo.year import BY, FIRST_DAY, Stage, Store, done
from consigned_service.operations import agreements, items, parties
from consigned_service.queries.account import organization_ids
from consigned_service.queries.viewers import Viewer, viewer_of_party

AT = datetime.combine(FIRST_DAY - timedelta(1), time(23), UTC)


def code_of(store: int) -> str:
    return f"S{store}"


def register(programme: Programme, sales: Sales) -> None:
    """Register everything; what is registered already stays as it is."""
    grocer = parties.PartyLine(GROCER, "The Grocer")
    makers = [parties.PartyLine(c.code, c.name) for c in programme.consignors.values()]
    done(parties.register_parties(lines=[grocer, *makers]))
    sites = [
        parties.SiteLine(c.code, "PLANT", f"Plant of {c.name}")
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
        parties.OrganizationLine(code_of(store), f"Store {store}", GROCER, "USD")
        for store in sales.stores
    ]
    done(parties.register_organizations(lines=stores, by=BY, at=AT))
    grocer = viewer_of_party(GROCER)
    assert grocer is not None
    for organization in organization_ids(grocer).values():
        done(parties.register_places(organization=organization, lines=PLACES, by=BY, at=AT))


def set_up(programme: Programme, sales: Sales, grocer: Viewer) -> Stage:
    """The stage for the year: each store with what will come to it."""
    ids = organization_ids(grocer)
    stores = tuple(
        Store(
            store,
            ids[code_of(store)],
            plan(programme, store, sales.by_product(store), sales.last_day),
        )
        for store in sales.stores
    )
    return Stage(grocer, programme, sales, stores, Desk(programme.seed))
