"""That both parties' books agree with the goods, with what is owed, and with one another."""

from collections.abc import Collection, Iterator

from consigned.accounting.journals import Account
from consigned.measure.identity import label
from consigned.measure.money import show_amount
from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.title.laws import Breach
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.accounting import costs as own_costs
from consigned_service.records.audit import facts as audit_records

Sums = dict[tuple[str, str], int]
"""Amounts by agreement or party, and currency."""


def journals_balance(facts: Facts) -> Iterator[Breach]:
    return settlement_laws.journals_are_sound(
        audit_records.journals(facts.organization),
        audit_records.named_accounts(facts.organization),
    )


def both_books_agree(facts: Facts) -> Iterator[Breach]:
    """What each account of each agreement comes to, against the subledger and the other side."""
    numbers = {id: agreement.number for id, agreement in facts.agreements.items()}

    def by_agreement(accounts: dict[Account, int], ours: bool) -> Sums:
        sums: Sums = {}
        for (book, agreement, currency, account), amount in facts.booked.items():
            if account in accounts and agreement and (book == facts.party) is ours:
                key = (numbers[agreement], currency)
                sums[key] = sums.get(key, 0) + accounts[Account(account)] * amount
        return {key: amount for key, amount in sums.items() if amount}

    def subledger(*names: str, less: Collection[str] = ()) -> Sums:
        sums = {
            (numbers[agreement], currency): sum(amounts.get(name, 0) for name in names)
            - sum(amounts.get(name, 0) for name in less)
            for (agreement, currency), amounts in facts.owed.items()
        }
        return {key: amount for key, amount in sums.items() if amount}

    billed_tax = {
        (numbers[agreement], currency): tax
        for (agreement, currency), tax in audit_records.billed_tax(facts.organization).items()
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
        ("what is open elsewhere is advised less vouchered", subledger("elsewhere"),
         by_agreement({Account.SETTLED_ELSEWHERE: -1}, ours=True)),
        ("both books agree on what is open elsewhere",
         by_agreement({Account.SETTLED_ELSEWHERE: -1}, ours=True),
         by_agreement({Account.COLLECTED_ELSEWHERE: 1}, ours=False)),
        ("what is vouchered elsewhere was recorded", subledger("vouchered"),
         by_agreement({Account.VOUCHERED_ELSEWHERE: -1}, ours=True)),
        ("both books agree on what is vouchered elsewhere",
         by_agreement({Account.VOUCHERED_ELSEWHERE: -1}, ours=True),
         by_agreement({Account.BILLED_ELSEWHERE: 1}, ours=False)),
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


def books_are_of_the_agreements_parties(facts: Facts) -> Iterator[Breach]:
    for book, agreement in {(book, agreement) for book, agreement, _, _ in facts.booked}:
        if not agreement:
            continue
        parties = facts.agreements[agreement]
        if book not in (facts.party, parties.consignor) or facts.party != parties.consignee:
            yield Breach(
                "books are of the agreement's parties",
                parties.number,
                f"something is booked for it in the books of {facts.codes[book]}",
            )


def _in_account(facts: Facts, account: Account) -> Sums:
    """What an account comes to, by whose book it is in and currency."""
    sums: Sums = {}
    for (book, _, currency, named), amount in facts.booked.items():
        if named == account:
            key = (facts.codes[book], currency)
            sums[key] = sums.get(key, 0) + amount
    return sums


GOODS = "the goods come to {}, the books say {}"


def consigned_goods_are_in_both_books(facts: Facts) -> Iterator[Breach]:
    """What the consignor's goods here are worth is in its books, and noted beside ours."""
    held: Sums = {}
    in_custody: Sums = {}
    ours = facts.codes[facts.party]
    values = audit_records.consigned_values(facts.organization, facts.party)
    for (owner, currency, is_handed_on), value in values.items():
        in_custody[ours, currency] = in_custody.get((ours, currency), 0) + value
        if not is_handed_on:
            held[facts.codes[owner], currency] = value
    memo: Sums = {}
    for (_, currency), amount in _in_account(facts, Account.MEMO_CONSIGNED_GOODS).items():
        memo[ours, currency] = memo.get((ours, currency), 0) + amount
    agree = settlement_laws.amounts_agree
    elsewhere = _in_account(facts, Account.GOODS_ON_CONSIGNMENT)
    yield from agree("the owner's book is the goods elsewhere", held, elsewhere, GOODS)
    yield from agree("the memo is the goods held", in_custody, memo, GOODS)


def our_own_goods_are_costed(facts: Facts) -> Iterator[Breach]:
    lying, costed, cost = audit_records.owned_goods(facts.organization, facts.party)
    for layer in sorted(lying.keys() | costed.keys()):
        if lying.get(layer, 0) != costed.get(layer, 0):
            yield Breach(
                "our own goods are costed",
                label("lay", layer),
                f"{show_micros(lying.get(layer, 0))} lie there, "
                f"{show_micros(costed.get(layer, 0))} are costed",
            )
    miscosted = audit_records.miscosted_layers(facts.organization)
    for layer, quantity, kept, changed, told in miscosted:
        yield Breach(
            "our own goods are costed",
            label("lay", layer),
            f"{show_micros(int(quantity))} of it cost {int(kept)} as it is kept, "
            f"{show_micros(int(changed))} cost {int(told)} by what was told",
        )
    ours = facts.codes[facts.party]
    costs = {(ours, currency): amount for currency, amount in cost.items() if amount}
    yield from settlement_laws.amounts_agree(
        "the inventory account is the cost of our goods",
        costs, _in_account(facts, Account.INVENTORY), GOODS,
    )  # fmt: skip


def what_came_back_cost_what_it_went_out_at(facts: Facts) -> Iterator[Breach]:
    """What was sold and all came back cost nothing."""
    for layer, quantity, cost in own_costs.came_back_dearer(facts.organization):
        yield Breach(
            "what came back cost what it went out at",
            label("lay", layer),
            f"less what came back {show_micros(quantity)} went out to customers, at {cost} minor "
            "units",
        )


def our_own_goods_are_costed_on_each_day(facts: Facts) -> Iterator[Breach]:
    """As they lie, and at no cost below nothing; and that is what the books say on each day."""
    organization, party = facts.organization, facts.party
    for layer, on, lying, costed, cost in audit_records.owned_on_each_day(organization, party):
        yield Breach(
            "our own goods are costed",
            label("lay", layer),
            f"on {on} {show_micros(int(lying))} lie there, {show_micros(int(costed))} are costed, "
            f"at {int(cost)}",
        )
    for currency, on, booked, cost in audit_records.inventory_on_each_day(organization, party):
        yield Breach(
            "the inventory account is the cost of our goods",
            f"{facts.codes[party]} {currency}",
            f"on {on} the goods cost {show_amount(int(cost), currency)}, the books say "
            f"{show_amount(int(booked), currency)}",
        )


def what_is_in_process_went_in(facts: Facts) -> Iterator[Breach]:
    """What is in process is what went into production and did not go on, at what it cost."""
    for number, kept, went_in in audit_records.misprocessed_components(facts.organization):
        yield Breach(
            "what is in process went in",
            label("cmp", number),
            f"{show_micros(kept)} is kept as in process; {show_micros(int(went_in))} went in and "
            "did not go on, or at another cost",
        )
    ours = facts.codes[facts.party]
    costs = audit_records.cost_in_process(facts.organization)
    yield from settlement_laws.amounts_agree(
        "work in progress is what is in process",
        {(ours, currency): cost for currency, cost in costs.items()},
        _in_account(facts, Account.WORK_IN_PROGRESS),
        "the components come to {}, the books say {}",
    )


def bought_goods_are_invoiced_once(facts: Facts) -> Iterator[Breach]:
    """What invoices for bought goods clear is booked, and no more of a layer than was bought."""
    law = "bought goods are invoiced once"
    cleared, too_much = audit_records.purchases(facts.organization)
    for layer, bought, invoiced in too_much:
        yield Breach(
            law,
            label("lay", layer),
            f"{show_micros(bought or 0)} were bought, {show_micros(invoiced)} are invoiced",
        )
    ours = facts.codes[facts.party]
    booked = audit_records.booked_purchases(facts.organization)
    yield from settlement_laws.amounts_agree(
        law,
        {(ours, currency): amount for currency, amount in cleared.items()},
        {(ours, currency): amount for currency, amount in booked.items()},
        "the invoices clear {}, the books say {}",
    )


LAWS = (
    bought_goods_are_invoiced_once,
    journals_balance,
    both_books_agree,
    books_are_of_the_agreements_parties,
    consigned_goods_are_in_both_books,
    our_own_goods_are_costed,
    what_came_back_cost_what_it_went_out_at,
    our_own_goods_are_costed_on_each_day,
    what_is_in_process_went_in,
)
