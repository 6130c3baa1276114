"""The audit: every law of title and settlement on the live database, and every seal.

It reads one unmoving picture of the database, names each breach with the entry, posting, layer or
document that breaks the law, and changes nothing. It begins with everything that is found
anywhere, so that what was deleted is missed and not passed over; and it checks each law by itself,
so that a fact nobody can read ends one law and not the audit.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, ParamSpec

from consigned.title.laws import Breach, Law
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.operations.audit.laws.registry import (
    OF_EACH_LEDGER,
    OF_THE_INSTALLATION,
    every_fact_can_be_read,
)
from consigned_service.records.audit import facts as audit_records


class Audited(NamedTuple):
    """What an audit looked at, and what it found."""

    organizations: int
    postings: int
    entries: int
    breaches: list[Breach]

    @property
    def holds(self) -> bool:
        return not self.breaches


MOST_BREACHES = 100
"""A law that is broken this often in one organization has said enough of it."""


def audit(progress: Callable[[str], None] = lambda organization: None) -> Audited:
    """Check every law and every seal of every organization."""
    postings = entries = 0
    with audit_records.snapshot():
        organizations = audit_records.organizations()
        breaches = list(_broken(OF_THE_INSTALLATION))
        for organization, code, party in organizations:
            progress(code)
            facts = Facts(organization, party)
            postings += facts.highest["posting"]
            entries += facts.highest["entry"]
            breaches += [
                b._replace(where=f"{code} {b.where}") for b in _broken(OF_EACH_LEDGER, facts)
            ]
    return Audited(len(organizations), postings, entries, breaches)


Read = ParamSpec("Read")


def _broken(laws: Sequence[Law[Read]], *facts: Read.args, **named: Read.kwargs) -> Iterator[Breach]:
    """What breaks each of some laws, up to so much of each that it has said enough."""
    for one in laws:
        yield from islice(_read(one, *facts, **named), MOST_BREACHES)


def _read(one: Law[Read], *facts: Read.args, **named: Read.kwargs) -> Iterator[Breach]:
    """What breaks one law. A fact that was altered into nonsense ends its reading; that too is a
    breach, and the other laws are checked all the same."""
    try:
        with audit_records.apart():
            yield from one(*facts, **named)
    except Exception as error:  # noqa: BLE001
        yield from every_fact_can_be_read(one.name, error)
