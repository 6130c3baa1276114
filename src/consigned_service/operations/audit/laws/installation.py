"""What holds over all organizations: of documents that join several, and of what rows name."""

from collections.abc import Iterator
from itertools import starmap

from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.title import laws as title_laws
from consigned.title.laws import Breach
from consigned_service.operations.audit.laws.goods import what_an_item_is_was_decided
from consigned_service.records.audit import existence
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.audit import terms as audit_terms
from consigned_service.records.consumption import back_to_back as passing_on
from consigned_service.records.master_data import changes

IS_THERE = "what is named is there"


def organizations_are_there(_: None) -> Iterator[Breach]:
    """Each organization that has a ledger, or any row of one, is listed, and the reverse."""
    listed = {organization for organization, _, _ in audit_records.organizations()}
    for organization in sorted(existence.organizations_named() - listed):
        yield Breach(
            IS_THERE, f"org_{organization}", "its ledger is there; the organization is not"
        )


def what_is_named_is_there(_: None) -> Iterator[Breach]:
    """Each row that another one names stands: parties, agreements, documents and their lines."""
    for table, column, number, target in existence.names_of_nothing():
        yield Breach(IS_THERE, f"{table} {column} {number}", f"there is no such {target}")


def what_left_arrived(_: None) -> Iterator[Breach]:
    yield from title_laws.what_left_arrived(*audit_records.sent_and_arrived())
    yield from settlement_laws.sent_and_arrived_cost_the_same(audit_records.between_organizations())


def settled_once(_: None) -> Iterator[Breach]:
    for law, which, why in audit_records.misdrawn_documents():
        yield Breach("settled once", which, f"{law}: {why}")


def cycles_are_told_when_they_are_over(_: None) -> Iterator[Breach]:
    for which, why in audit_records.misplaced_cycles():
        yield Breach("cycles are told when they are over", which, why)


def terms_are_as_agreed(_: None) -> Iterator[Breach]:
    return starmap(Breach, audit_terms.misagreed())


def what_changed_was_told(_: None) -> Iterator[Breach]:
    for what, name, field, became, found in changes.broken_histories():
        yield Breach(
            "what changed was told",
            f"{what} {name}",
            f"its {field} was changed to {became!r}, and then it was {found!r}",
        )


def use_is_passed_on_once(_: None) -> Iterator[Breach]:
    for one in passing_on.misreported():
        yield Breach(
            "use is passed on once",
            f"{one.agreement} at {one.organization}",
            f"{show_micros(one.used)} used, {show_micros(one.back_to_back_progress)} passed on",
        )


def a_gtin_is_one_item(told: None) -> Iterator[Breach]:
    for gtin, items in audit_records.shared_gtins():
        yield Breach("a GTIN is one item", gtin, f"it is that of {' and of '.join(items)}")


LAWS = (
    a_gtin_is_one_item,
    organizations_are_there,
    what_is_named_is_there,
    what_left_arrived,
    what_an_item_is_was_decided,
    settled_once,
    cycles_are_told_when_they_are_over,
    terms_are_as_agreed,
    what_changed_was_told,
    use_is_passed_on_once,
)
