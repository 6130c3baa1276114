"""The audit: every law of title and settlement on the live database, and every seal.

It reads one unmoving picture of each organization's ledger, tells each breach with the entry,
posting, layer or document that breaks the law, and changes nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice, starmap
from typing import NamedTuple

from consigned.measure.identity import OrganizationId, PartyId, label
from consigned.measure.money import show_price
from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.settlement.journals import Account
from consigned.title import laws as title_laws
from consigned.title.laws import Breach
from consigned.title.seal import FIRST, entry_text, facts_text, seal_entry, seal_posting
from consigned.trade import laws as trade_laws
from consigned.trade.rates import show_rate
from consigned_service.records import audit as audit_records
from consigned_service.records import audit_terms, passing_on
from consigned_service.records.audit import KeptPosting, PostedEntry
from consigned_service.records.bulk import Row, as_json
from consigned_service.records.ledger import FACTS


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
"""An audit that finds this many in one organization has said enough of it."""


def audit(progress: Callable[[str], None] = lambda organization: None) -> Audited:
    """Check every law and every seal of every organization."""
    postings = entries = 0
    breaches: list[Breach] = []
    with audit_records.snapshot():
        organizations = audit_records.organizations()
        for organization, code, party in organizations:
            progress(code)
            counted, _ = audit_records.counters(organization)
            postings += counted["posting"] - 1
            entries += counted["entry"] - 1
            found = islice(_read(_organization(organization, party)), MOST_BREACHES)
            breaches += [b._replace(where=f"{code} {b.where}") for b in found]
        breaches += title_laws.what_left_arrived(*audit_records.sent_and_arrived())
        breaches += settlement_laws.sent_and_arrived_cost_the_same(
            audit_records.between_organizations()
        )
        breaches += [
            Breach(
                "what an item is was decided",
                f"{item} {what}",
                f"it is {stands}; the last change says {said}",
            )
            for item, what, said, stands in audit_records.misdesignated(None)
        ]
        breaches += [
            Breach("settled once", which, f"{law}: {why}")
            for law, which, why in audit_records.misdrawn_documents()
        ]
        breaches += starmap(Breach, audit_terms.misagreed())
        breaches += [
            Breach(
                "use is passed on once",
                f"{one.agreement} at {one.organization}",
                f"{show_micros(one.used)} used, {show_micros(one.passed_on)} passed on",
            )
            for one in passing_on.misreported()
        ]
    return Audited(len(organizations), postings, entries, breaches)


def _organization(organization: OrganizationId, party: PartyId) -> Iterator[Breach]:
    return chain(
        _counters(organization),
        _seals(organization),
        _title(organization),
        _papers(organization),
        _status(organization, party),
        _reported(organization),
        _counted(organization),
        _settlement(organization, party),
        _books(organization, party),
    )


def _read(breaches: Iterator[Breach]) -> Iterator[Breach]:
    """A fact altered into nonsense ends the reading of its ledger; that too is a breach."""
    try:
        yield from breaches
    except (LookupError, ValueError, TypeError) as error:
        yield Breach("every fact can be read", "", f"the rest was not audited: {error!r}")


def _counters(organization: OrganizationId) -> Iterator[Breach]:
    kept, _ = audit_records.counters(organization)
    for kind, highest in audit_records.highest(organization).items():
        if kept[kind] != highest + 1:
            yield Breach(
                "no fact is missing",
                f"{kind} {highest}",
                f"it is the last one found; the ledger says that {kept[kind]} is next",
            )


def _seals(organization: OrganizationId) -> Iterator[Breach]:
    """Each posting's seal covers what went before and everything it wrote; each entry has its
    own, so that an altered entry is named."""
    entries = audit_records.entries(organization)
    waiting: PostedEntry | None = next(entries, None)
    streams = {table: _Facts(audit_records.facts(organization, table)) for table in FACTS}
    positions = audit_records.positions(organization)
    before, number, entry_number = FIRST, 1, 1
    for posting in audit_records.postings(organization):
        if posting.number != number or posting.first_entry != entry_number:
            yield Breach(
                "no fact is missing",
                label("pst", number),
                f"the next posting found is {label('pst', posting.number)}",
            )
        batch = []
        while waiting and waiting.posting <= posting.number:
            batch.append(waiting)
            waiting = next(entries, None)
        yield from _entry_seals(batch)
        yield from title_laws.entries_are_numbered_without_gaps(
            (posted.entry for posted in batch), entry_number
        )
        yield from title_laws.each_entry_tells_one_story(
            (posted.entry for posted in batch), positions
        )
        if _seal(before, posting, batch, streams) != posting.seal:
            yield Breach(
                "the seal holds",
                label("pst", posting.number),
                "its seal does not fit what it holds and what went before",
            )
        before, number, entry_number = posting.seal, posting.number + 1, posting.end_entry
    for table, stream in streams.items():
        if stream.posting is not None:
            yield Breach("the seal holds", table, "it holds rows of no posting")
    if waiting:
        yield Breach("the seal holds", label("ent", waiting.entry.number), "it is of no posting")
    if audit_records.counters(organization)[1] != before:
        yield Breach("the seal holds", label("pst", number - 1), "it is not the last one sealed")


class _Facts:
    """The rows of one table, taken posting by posting."""

    def __init__(self, groups: Iterator[tuple[int, list[Row]]]) -> None:
        self._groups = groups
        self.posting: int | None = None
        self.rows: list[Row] = []
        self._next()

    def _next(self) -> None:
        self.posting, self.rows = next(self._groups, (None, []))

    def take(self, posting: int) -> list[Row]:
        """The rows of a posting; rows of postings before it were taken by none and break it."""
        taken: list[Row] = []
        while self.posting is not None and self.posting <= posting:
            taken += self.rows
            self._next()
        return taken


def _entry_seals(batch: Iterable[PostedEntry]) -> Iterator[Breach]:
    for posted in batch:
        if seal_entry(entry_text(posted.entry)) != posted.seal:
            yield Breach(
                "the seal holds",
                label("ent", posted.entry.number),
                "it was altered after it was sealed",
            )


def _seal(
    before: str, posting: KeptPosting, batch: Iterable[PostedEntry], streams: dict[str, _Facts]
) -> str:
    written = {table: stream.take(posting.number) for table, stream in streams.items()}
    return seal_posting(
        before,
        posting.head,
        (entry_text(posted.entry) for posted in batch),
        (facts_text(table, as_json(rows)) for table, rows in written.items() if rows),
    )


def _title(organization: OrganizationId) -> Iterator[Breach]:
    positions = audit_records.positions(organization)
    balances = audit_records.balances(organization)
    outer = audit_records.outer_places(organization)
    entries = (posted.entry for posted in audit_records.entries(organization))
    yield from title_laws.replay_gives_the_balances(entries, balances)
    yield from title_laws.goods_are_conserved(balances, positions)
    yield from title_laws.nothing_below_nothing(balances, positions, outer)
    for position, layer in audit_records.misplaced_balances(organization, outer):
        yield Breach(
            "no ghost goods",
            f"{label('pos', position)} {label('lay', layer)}",
            "its balance is kept on the wrong side of the walls",
        )
    for layer, said, received in audit_records.misreceived_layers(organization):
        yield Breach(
            "goods are conserved",
            label("lay", layer),
            f"it says {show_micros(said)}; {show_micros(int(received))} were received",
        )
    for receipt, line, layer, said, received in audit_records.misreceived_lines(organization):
        yield Breach(
            "receipts tell what came",
            f"{label('rcp', receipt)} line {line} {label('lay', layer)}",
            f"it says {show_micros(int(said))}; {show_micros(int(received))} were received",
        )


def _papers(organization: OrganizationId) -> Iterator[Breach]:
    """What is named is what was meant: an entry's paper tells of its goods, a reference of its
    line."""
    for entry, cause, document, line in audit_records.misnamed_papers(organization):
        yield Breach(
            "an entry names its paper",
            label("ent", entry),
            f"no {cause} {document} line {line} tells of these goods",
        )
    for (reference,) in audit_records.misfiled_receipts(organization):
        yield Breach("told once", reference, "it is kept as another line of a receipt")


def _status(organization: OrganizationId, party: PartyId) -> Iterator[Breach]:
    """In an owned place goods are ours, whatever their item is (checklist P42)."""
    for place, layer, owner, quantity in audit_records.theirs_in_owned_places(organization, party):
        yield Breach(
            "owned places hold our goods",
            f"{place} {label('lay', layer)}",
            f"{show_micros(quantity)} there are {owner}'s",
        )
    for item, what, said, stands in audit_records.misdesignated(organization):
        yield Breach(
            "what an item is was decided",
            f"{item} {what}",
            f"it is {stands}; the last change says {said}",
        )


def _reported(organization: OrganizationId) -> Iterator[Breach]:
    for number, said, posted, waiting in audit_records.unaccounted_consumption(organization):
        yield Breach(
            "nothing reported is lost",
            label("use", number),
            f"{show_micros(said)} reported, {show_micros(int(posted))} posted, "
            f"{show_micros(int(waiting))} waiting",
        )
    for (number,) in audit_records.keyless_consumption(organization):
        yield Breach("told once", label("use", number), "its reference is not kept as told")


def _counted(organization: OrganizationId) -> Iterator[Breach]:
    yield from trade_laws.counts_are_told_whole(audit_records.counts(organization))
    yield from trade_laws.differences_are_settled_once(
        audit_records.differences(organization), audit_records.count_settlements(organization)
    )
    for (number,) in audit_records.uncounted_entries(organization):
        yield Breach("a difference is settled once", label("ent", number), "no difference knows it")


def _settlement(organization: OrganizationId, party: PartyId) -> Iterator[Breach]:
    transfers = audit_records.transfers(organization)
    charges = audit_records.charges(organization)
    totals = audit_records.totals(organization)
    waiting = audit_records.waiting_entries(organization)
    reversals = audit_records.reversals(organization)
    yield from settlement_laws.each_transfer_is_told_once(transfers, charges, waiting, reversals)
    yield from settlement_laws.nothing_goes_back_twice(transfers, charges, reversals)
    yield from settlement_laws.totals_count_their_charges(
        transfers, charges, totals, audit_records.price_corrections(organization)
    )
    yield from settlement_laws.price_changes_move_no_goods(
        audit_records.moved_by_price_changes(organization)
    )
    yield from settlement_laws.lines_tell_their_totals(
        totals, audit_records.advice_lines(organization)
    )
    for number, said, went in audit_records.misreturned_goods(organization):
        yield Breach(
            "nothing goes back twice",
            label("ret", number),
            f"{show_micros(said)} are said to have gone back, {show_micros(int(went))} did",
        )
    for entry, currency, rate, on, used_on in audit_records.misrated_charges(organization):
        yield Breach(
            "kept rates were in force",
            label("ent", entry),
            f"{currency} is kept at {show_rate(rate)} of {on}; that was not in force on {used_on}",
        )
    for number, agreement, closes_on, through in audit_records.forgotten_totals(organization):
        yield Breach(
            "told once",
            label("tot", number),
            f"no advice tells it; those of {agreement} are made through {through}, and its cycle "
            f"closed on {closes_on}",
        )
    for number, alone, entry in audit_records.mixed_uses(organization):
        yield Breach(
            "what is paid on use is paid by itself",
            label("tot", number),
            f"it counts the use of {label('ent', alone)}, and {label('ent', entry)} of another",
        )
    for number, agreement, price, currency in audit_records.misattributed_prices(organization):
        yield Breach(
            "agreed prices were agreed",
            label("tot", number),
            f"{agreement} never had a price of {show_price(price)} {currency} on that day",
        )
    for agreement, tax in audit_records.mistaxed_agreements(organization):
        yield Breach(
            "kept taxes were told",
            agreement,
            f"{tax} is kept, and was not told" if tax else "it is taxed, and no tax is kept",
        )
    for number, advice in audit_records.misdrawn_totals(organization):
        yield Breach(
            "told once", label("tot", number), f"advice {advice} is of other terms or days"
        )


def _books(organization: OrganizationId, party: PartyId) -> Iterator[Breach]:
    """Both parties' books agree with the subledger and with one another."""
    yield from settlement_laws.journals_are_sound(
        audit_records.journals(organization), audit_records.named_accounts(organization)
    )
    booked = audit_records.booked(organization)
    agreements = audit_records.agreements()
    numbers = {id: agreement.number for id, agreement in agreements.items()}
    codes = audit_records.party_codes()

    def by_agreement(accounts: dict[Account, int], ours: bool) -> dict[tuple[str, str], int]:
        sums: dict[tuple[str, str], int] = {}
        for (book, agreement, currency, account), amount in booked.items():
            if account in accounts and agreement and (book == party) is ours:
                key = (numbers[agreement], currency)
                sums[key] = sums.get(key, 0) + accounts[Account(account)] * amount
        return {key: amount for key, amount in sums.items() if amount}

    owed = audit_records.owed(organization)
    for key, amounts in audit_records.asked_back(organization).items():
        owed.setdefault(key, {}).update(amounts)

    def subledger(*names: str, less: Collection[str] = ()) -> dict[tuple[str, str], int]:
        sums = {
            (numbers[agreement], currency): sum(amounts.get(name, 0) for name in names)
            - sum(amounts.get(name, 0) for name in less)
            for (agreement, currency), amounts in owed.items()
        }
        return {key: amount for key, amount in sums.items() if amount}

    billed_tax = {
        (numbers[agreement], currency): tax
        for (agreement, currency), tax in audit_records.billed_tax(organization).items()
    }
    checks = (
        ("revenue is what was charged",
         subledger("charged", "differs", less=["requested", "credits differ"]),
         by_agreement({Account.REVENUE: -1}, ours=False)),
        ("rounding is what lines and their days differ by", subledger("lines", less=["told"]),
         by_agreement({Account.ROUNDING: 1}, ours=True)),
        ("both books agree on the rounding", by_agreement({Account.ROUNDING: 1}, ours=True),
         by_agreement({Account.ROUNDING: -1}, ours=False)),
        ("accrual is advised less invoiced", subledger("untold", "advised"),
         by_agreement({Account.CONSIGNED_PAYABLES_ACCRUAL: -1}, ours=True)),
        ("payables are invoiced less paid", subledger("settled", less=["credited"]),
         by_agreement({Account.ACCOUNTS_PAYABLE: -1}, ours=True)),
        ("what is paid is invoiced", subledger("paid", less=["netted"]),
         by_agreement({Account.CASH: -1}, ours=True)),
        ("both books agree on the accrual",
         by_agreement({Account.CONSIGNED_PAYABLES_ACCRUAL: -1}, ours=True),
         by_agreement({Account.CONSIGNED_RECEIVABLES_ACCRUAL: 1}, ours=False)),
        ("both books agree on what is invoiced",
         by_agreement({Account.ACCOUNTS_PAYABLE: -1}, ours=True),
         by_agreement({Account.ACCOUNTS_RECEIVABLE: 1}, ours=False)),
        ("what is asked back is booked", subledger("asked"),
         by_agreement({Account.SUPPLIER_DEBITS: 1}, ours=True)),
        ("both books agree on what is asked back",
         by_agreement({Account.SUPPLIER_DEBITS: 1}, ours=True),
         by_agreement({Account.CUSTOMER_CREDITS: -1}, ours=False)),
        ("tax is what was invoiced of it",
         {key: one.tax for key, one in billed_tax.items()},
         by_agreement({Account.RECOVERABLE_TAX: 1, Account.TAX_COST: 1}, ours=True)),
        ("recovered tax is its part of tax",
         {key: one.recovered for key, one in billed_tax.items() if one.recovered},
         by_agreement({Account.RECOVERABLE_TAX: 1}, ours=True)),
        ("both books agree on tax",
         by_agreement({Account.RECOVERABLE_TAX: 1, Account.TAX_COST: 1}, ours=True),
         by_agreement({Account.TAX_PAYABLE: -1}, ours=False)),
        ("both books agree on what is paid", by_agreement({Account.CASH: -1}, ours=True),
         by_agreement({Account.CASH: 1}, ours=False)),
    )  # fmt: skip
    for law, one, other in checks:
        yield from settlement_laws.amounts_agree(law, one, other, "one record says {}, one {}")
    for book, agreement in {(book, agreement) for book, agreement, _, _ in booked if agreement}:
        parties = agreements[agreement]
        if book not in (party, parties.consignor) or party != parties.consignee:
            yield Breach(
                "books are of the agreement's parties",
                parties.number,
                f"something is booked for it in the books of {codes[book]}",
            )
    yield from _values(organization, party, booked, codes)
    yield from _in_process(organization, party, booked, codes)


def _in_process(
    organization: OrganizationId,
    party: PartyId,
    booked: dict[tuple[int, int | None, str, str], int],
    codes: dict[int, str],
) -> Iterator[Breach]:
    """What is in process is what went into production and did not go on, at what it cost."""
    for number, kept, went_in in audit_records.misprocessed_components(organization):
        yield Breach(
            "what is in process went in",
            label("cmp", number),
            f"{show_micros(kept)} is kept as in process; {show_micros(int(went_in))} went in and "
            "did not go on, or at another cost",
        )
    in_process = {
        (codes[party], currency): cost
        for currency, cost in audit_records.cost_in_process(organization).items()
    }
    work: dict[tuple[str, str], int] = {}
    for (book, _, currency, account), amount in booked.items():
        if account == Account.WORK_IN_PROGRESS:
            work[codes[book], currency] = work.get((codes[book], currency), 0) + amount
    yield from settlement_laws.amounts_agree(
        "work in progress is what is in process", in_process, work,
        "the components come to {}, the books say {}",
    )  # fmt: skip


def _values(
    organization: OrganizationId,
    party: PartyId,
    booked: dict[tuple[int, int | None, str, str], int],
    codes: dict[int, str],
) -> Iterator[Breach]:
    """The value of goods in the books is the value of the goods that lie there."""
    held: dict[tuple[str, str], int] = {}
    in_custody: dict[tuple[str, str], int] = {}
    for (owner, currency, is_handed_on), value in audit_records.consigned_values(
        organization, party
    ).items():
        key = (codes[party], currency)
        in_custody[key] = in_custody.get(key, 0) + value
        if not is_handed_on:
            held[codes[owner], currency] = value
    owned: dict[tuple[str, str], int] = {}
    memo: dict[tuple[str, str], int] = {}
    inventory: dict[tuple[str, str], int] = {}
    for (book, _, currency, account), amount in booked.items():
        key = (codes[book], currency)
        if account == Account.GOODS_ON_CONSIGNMENT:
            owned[key] = owned.get(key, 0) + amount
        elif account == Account.MEMO_CONSIGNED_GOODS:
            memo[codes[party], currency] = memo.get((codes[party], currency), 0) + amount
        elif account == Account.INVENTORY:
            inventory[key] = inventory.get(key, 0) + amount
    agree = settlement_laws.amounts_agree
    say = "the goods come to {}, the books say {}"
    yield from agree("the owner's book is the goods elsewhere", held, owned, say)
    yield from agree("the memo is the goods held", in_custody, memo, say)
    lying, costed, cost = audit_records.owned_goods(organization, party)
    for layer in sorted(lying.keys() | costed.keys()):
        if lying.get(layer, 0) != costed.get(layer, 0):
            yield Breach(
                "our own goods are costed",
                label("lay", layer),
                f"{show_micros(lying.get(layer, 0))} lie there, "
                f"{show_micros(costed.get(layer, 0))} are costed",
            )
    for layer, quantity, kept, changed, told in audit_records.miscosted_layers(organization):
        yield Breach(
            "our own goods are costed",
            label("lay", layer),
            f"{show_micros(int(quantity))} of it cost {int(kept)} as it is kept, "
            f"{show_micros(int(changed))} cost {int(told)} by what was told",
        )
    costs = {(codes[party], currency): amount for currency, amount in cost.items() if amount}
    yield from agree("the inventory account is the cost of our goods", costs, inventory, say)
