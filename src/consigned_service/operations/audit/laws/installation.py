"""What holds over all organizations: of documents that join several, and of what rows name."""

from collections.abc import Iterator

from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.title import laws as title_laws
from consigned.title.laws import Broken, law
from consigned_service.records.audit import existence
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.audit import terms as audit_terms
from consigned_service.records.consumption import back_to_back as passing_on
from consigned_service.records.master_data import changes


@law(
    "each ledger has its organization",
    "Each organization that has a ledger, or any row of one, is listed.",
)
def each_ledger_has_its_organization() -> Iterator[Broken]:
    """Each organization that has a ledger, or any row of one, is listed, and the reverse."""
    listed = {organization for organization, _, _ in audit_records.organizations()}
    for organization in sorted(existence.organizations_named() - listed):
        yield (f"org_{organization}", "its ledger is there; the organization is not")


@law(
    "what is named is there",
    "Whatever a row names is there: its party, agreement, document and line.",
)
def what_is_named_is_there() -> Iterator[Broken]:
    """Each row that another one names stands: parties, agreements, documents and their lines."""
    for table, column, number, target in existence.names_of_nothing():
        yield (f"{table} {column} {number}", f"there is no such {target}")


@title_laws.what_left_arrived.checked_by
def what_left_arrived() -> Iterator[Broken]:
    return title_laws.what_left_arrived.check(*audit_records.sent_and_arrived())


@settlement_laws.sent_and_arrived_cost_the_same.checked_by
def sent_and_arrived_cost_the_same() -> Iterator[Broken]:
    booked = audit_records.between_organizations()
    return settlement_laws.sent_and_arrived_cost_the_same.check(booked)


@law(
    "designations are as decided", "Designations and approvals are as their last change made them."
)
def designations_are_as_decided() -> Iterator[Broken]:
    """For the company as a whole, and in each organization."""
    scopes = [(organization, f"{code} ") for organization, code, _ in audit_records.organizations()]
    for organization, before in [(None, ""), *scopes]:
        for item, what, decided, found in audit_records.misdesignated(organization):
            yield f"{before}{item} {what}", f"it is {found}; the last change made it {decided}"


@law(
    "settled once",
    "One invoice at a time stands for an advice; what settles it says why where the amounts "
    "differ, is paid once, in full, and between the parties of its agreement. A debit "
    "request is on one debit memo, a memo is credited once, and a credit note is netted "
    "once. No more of an advice that is settled elsewhere is vouchered there than it comes "
    "to.",
)
def settled_once() -> Iterator[Broken]:
    return audit_records.misdrawn_documents()


@law(
    "advices are made when their cycle is over",
    "An advice is made once its cycle is over where the goods lie, and not for a day to "
    "come; no day lies in two of the cycles that an agreement's advices are made for.",
)
def advices_are_made_when_their_cycle_is_over() -> Iterator[Broken]:
    return audit_records.misplaced_cycles()


@law(
    "a withdrawn price holds on no day",
    "A price is withdrawn before its first day, and nothing is charged at it.",
)
def a_withdrawn_price_holds_on_no_day() -> Iterator[Broken]:
    return audit_terms.misdated_withdrawals()


@law(
    "terms are as agreed on their day",
    "An amendment begins at what stood, on a day that was to come; an advice is made by what was "
    "agreed on the day its cycle closed.",
)
def terms_are_as_agreed_on_their_day() -> Iterator[Broken]:
    return audit_terms.misamended()


@law(
    "changes of master data are recorded",
    "Each change of a master begins at what it was, and the last one ends at what it is.",
)
def changes_of_master_data_are_recorded() -> Iterator[Broken]:
    for what, name, field, became, found in changes.broken_histories():
        yield (
            f"{what} {name}",
            f"its {field} was changed to {became!r}, and then it was {found!r}",
        )


@law(
    "use is passed on once",
    "What a customer used of goods handed on is reported once to the programme they came out of.",
)
def use_is_passed_on_once() -> Iterator[Broken]:
    for one in passing_on.misreported():
        yield (
            f"{one.agreement} at {one.organization}",
            f"{show_micros(one.used)} used, {show_micros(one.back_to_back_progress)} passed on",
        )


@law("a GTIN is one item", "No two items have one GTIN, with or without leading zeros.")
def a_gtin_is_one_item() -> Iterator[Broken]:
    for gtin, items in audit_records.shared_gtins():
        yield (gtin, f"it is that of {' and of '.join(items)}")


LAWS = (
    a_gtin_is_one_item,
    each_ledger_has_its_organization,
    what_is_named_is_there,
    what_left_arrived,
    sent_and_arrived_cost_the_same,
    designations_are_as_decided,
    settled_once,
    advices_are_made_when_their_cycle_is_over,
    a_withdrawn_price_holds_on_no_day,
    terms_are_as_agreed_on_their_day,
    changes_of_master_data_are_recorded,
    use_is_passed_on_once,
)
