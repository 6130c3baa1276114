"""That both parties' books agree with the goods, with what is owed, and with one another."""

from collections.abc import Callable, Collection, Iterator

from consigned.accounting.journals import Account
from consigned.measure.identity import label
from consigned.measure.money import show_amount
from consigned.measure.quantity import show_micros
from consigned.settlement import laws as settlement_laws
from consigned.settlement.laws import amounts_agree
from consigned.title.laws import Broken, Law, law
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.records.accounting import costs as own_costs
from consigned_service.records.audit import facts as audit_records

Sums = dict[tuple[str, str], int]
"""Amounts by agreement or party, and currency."""


@settlement_laws.journals_are_sound.checked_by
def journals_balance(facts: Facts) -> Iterator[Broken]:
    return settlement_laws.journals_are_sound.check(
        audit_records.journals(facts.organization),
        audit_records.named_accounts(facts.organization),
    )


# --- what each account comes to, against the subledger and the other side ---------------------


def _subledger(*names: str, less: Collection[str] = ()) -> Callable[[Facts], Sums]:
    """What the documents of each agreement come to: amounts of some names, less those of others."""

    def read(facts: Facts) -> Sums:
        return {
            (facts.agreements[agreement].number, currency): sum(
                amounts.get(name, 0) for name in names
            )
            - sum(amounts.get(name, 0) for name in less)
            for (agreement, currency), amounts in facts.owed.items()
        }

    return read


def _ours(*accounts: Account, sign: int = 1) -> Callable[[Facts], Sums]:
    """What accounts come to in our books, agreement by agreement."""
    return lambda facts: _by_agreement(facts, accounts, sign, is_ours=True)


def _theirs(*accounts: Account, sign: int = 1) -> Callable[[Facts], Sums]:
    """What accounts come to in the books of the consignor."""
    return lambda facts: _by_agreement(facts, accounts, sign, is_ours=False)


def _by_agreement(facts: Facts, accounts: Collection[Account], sign: int, *, is_ours: bool) -> Sums:
    sums: Sums = {}
    for (book, agreement, currency, account), amount in facts.booked.items():
        if account in accounts and agreement and (book == facts.party) is is_ours:
            key = (facts.agreements[agreement].number, currency)
            sums[key] = sums.get(key, 0) + sign * amount
    return sums


def billed_tax(facts: Facts) -> Sums:
    """The tax that accepted invoices bill, less what credit notes give back."""
    return {
        (facts.agreements[agreement].number, currency): tax
        for (agreement, currency), (tax, _) in facts.billed_tax.items()
    }


def recovered_tax(facts: Facts) -> Sums:
    """What of that tax is recovered, by the codes of the lines."""
    return {
        (facts.agreements[agreement].number, currency): recovered
        for (agreement, currency), (_, recovered) in facts.billed_tax.items()
    }


def agree(
    name: str, sentence: str, one: Callable[[Facts], Sums], other: Callable[[Facts], Sums]
) -> Law[[Facts]]:
    """The law that two records of the same amounts agree."""

    def check(facts: Facts) -> Iterator[Broken]:
        return amounts_agree(one(facts), other(facts), "one record says {}, one {}")

    return Law(name, sentence, check)


TAXES = (Account.RECOVERABLE_TAX, Account.TAX_COST)
OUR_ACCRUAL = _ours(Account.CONSIGNED_PAYABLES_ACCRUAL, sign=-1)
OUR_PAYABLES = _ours(Account.ACCOUNTS_PAYABLE, sign=-1)

BOOKS = (
    agree(
        "revenue is what was charged",
        "What the consignor has earned is what was charged for each use, what invoices differ by, "
        "less what is asked back.",
        _subledger("charged", "differs", less=["requested", "credits differ"]),
        _theirs(Account.REVENUE, sign=-1),
    ),
    agree(
        "rounding is what lines and their days differ by",
        "The rounding account is what lines of advices come to, less their days' rounded amounts.",
        _subledger("lines", less=["told"]),
        _ours(Account.ROUNDING),
    ),
    agree(
        "both books agree on the rounding",
        "What the consignee books as rounding, the consignor books too.",
        _ours(Account.ROUNDING),
        _theirs(Account.ROUNDING, sign=-1),
    ),
    agree(
        "accrual is advised less invoiced",
        "What is accrued in the books is what was used and not yet invoiced; of what is settled "
        "elsewhere, what was not advised yet.",
        _subledger("untold", "advised"),
        OUR_ACCRUAL,
    ),
    agree(
        "what is open elsewhere is advised less vouchered",
        "What was advised and is settled elsewhere, less what went back and what vouchers made "
        "there are recorded for, is what the books say.",
        _subledger("elsewhere"),
        _ours(Account.SETTLED_ELSEWHERE, sign=-1),
    ),
    agree(
        "both books agree on what is open elsewhere",
        "What the consignee's books say is open elsewhere, the consignor's books say too.",
        _ours(Account.SETTLED_ELSEWHERE, sign=-1),
        _theirs(Account.COLLECTED_ELSEWHERE),
    ),
    agree(
        "what is vouchered elsewhere was recorded",
        "What the books say was vouchered elsewhere is what the recorded vouchers come to.",
        _subledger("vouchered"),
        _ours(Account.VOUCHERED_ELSEWHERE, sign=-1),
    ),
    agree(
        "both books agree on what is vouchered elsewhere",
        "What the consignee's books say was vouchered elsewhere, the consignor's say was billed "
        "there.",
        _ours(Account.VOUCHERED_ELSEWHERE, sign=-1),
        _theirs(Account.BILLED_ELSEWHERE),
    ),
    agree(
        "payables are invoiced less paid",
        "What is payable in the books is what was invoiced and not yet paid, less what is "
        "credited.",
        _subledger("settled", less=["credited"]),
        OUR_PAYABLES,
    ),
    agree(
        "what is paid is invoiced",
        "The cash paid out in the books is what was paid on accepted invoices, less the credit "
        "notes netted.",
        _subledger("paid", less=["netted"]),
        _ours(Account.CASH, sign=-1),
    ),
    agree(
        "both books agree on the accrual",
        "What the consignee accrues as a payable, the consignor accrues as a receivable.",
        OUR_ACCRUAL,
        _theirs(Account.CONSIGNED_RECEIVABLES_ACCRUAL),
    ),
    agree(
        "both books agree on what is invoiced",
        "The consignee's payables are the consignor's receivables.",
        OUR_PAYABLES,
        _theirs(Account.ACCOUNTS_RECEIVABLE),
    ),
    agree(
        "what is asked back is booked",
        "What the debit requests ask for, and no credit note credits yet, is what the books say "
        "the consignor is to credit.",
        _subledger("asked"),
        _ours(Account.SUPPLIER_DEBITS),
    ),
    agree(
        "both books agree on what is asked back",
        "What the consignee's books ask back, the consignor's books owe as credits.",
        _ours(Account.SUPPLIER_DEBITS),
        _theirs(Account.CUSTOMER_CREDITS, sign=-1),
    ),
    agree(
        "tax is what was invoiced of it",
        "The tax in the books is what accepted invoices bill less what credit notes give back.",
        billed_tax,
        _ours(*TAXES),
    ),
    agree(
        "recovered tax is its part of tax",
        "What is recovered of tax in the books is what the codes of the invoices' lines say.",
        recovered_tax,
        _ours(Account.RECOVERABLE_TAX),
    ),
    agree(
        "both books agree on tax",
        "The tax that the consignee books is the tax that the consignor has to pay.",
        _ours(*TAXES),
        _theirs(Account.TAX_PAYABLE, sign=-1),
    ),
    agree(
        "both books agree on what is paid",
        "The cash that the consignee paid is the cash that the consignor received.",
        _ours(Account.CASH, sign=-1),
        _theirs(Account.CASH),
    ),
)


@law(
    "books are of the agreement's parties",
    "What is booked under an agreement is in the books of its two parties.",
)
def books_are_of_the_agreements_parties(facts: Facts) -> Iterator[Broken]:
    for book, agreement in {(book, agreement) for book, agreement, _, _ in facts.booked}:
        if not agreement:
            continue
        parties = facts.agreements[agreement]
        if book not in (facts.party, parties.consignor) or facts.party != parties.consignee:
            yield (
                parties.number,
                f"something is booked for it in the books of {facts.codes[book]}",
            )


# --- what the goods are worth, against the books ----------------------------------------------


def _in_account(facts: Facts, account: Account) -> Sums:
    """What an account comes to, by whose book it is in and currency."""
    sums: Sums = {}
    for (book, _, currency, named), amount in facts.booked.items():
        if named == account:
            key = (facts.codes[book], currency)
            sums[key] = sums.get(key, 0) + amount
    return sums


GOODS = "the goods come to {}, the books say {}"


@law(
    "the owner's book is the goods elsewhere",
    "The consignor's goods on consignment are worth what lies there of its goods.",
)
def the_owners_book_is_the_goods_elsewhere(facts: Facts) -> Iterator[Broken]:
    held = {
        (facts.codes[owner], currency): value
        for (owner, currency, is_handed_on), value in facts.consigned_values.items()
        if not is_handed_on
    }
    return amounts_agree(held, _in_account(facts, Account.GOODS_ON_CONSIGNMENT), GOODS)


@law(
    "the memo is the goods held",
    "What the consignee notes beside its balance sheet is what the consigned goods that lie here "
    "are worth.",
)
def the_memo_is_the_goods_held(facts: Facts) -> Iterator[Broken]:
    in_custody: Sums = {}
    memo: Sums = {}
    us = facts.codes[facts.party]
    for (_, currency, _), value in facts.consigned_values.items():
        in_custody[us, currency] = in_custody.get((us, currency), 0) + value
    for (_, currency), amount in _in_account(facts, Account.MEMO_CONSIGNED_GOODS).items():
        memo[us, currency] = memo.get((us, currency), 0) + amount
    return amounts_agree(in_custody, memo, GOODS)


@law(
    "our own goods are costed",
    "Goods of our own are kept at what they cost, to the last cent, on every day; no day's cost is "
    "below nothing.",
)
def our_own_goods_are_costed(facts: Facts) -> Iterator[Broken]:
    owned = facts.owned_goods
    for layer in sorted(owned.lying.keys() | owned.costed.keys()):
        lying, costed = owned.lying.get(layer, 0), owned.costed.get(layer, 0)
        if lying != costed:
            yield (
                label("lay", layer),
                f"{show_micros(lying)} lie there, {show_micros(costed)} are costed",
            )
    miscosted = audit_records.miscosted_layers(facts.organization)
    for layer, quantity, kept, changed, cost in miscosted:
        yield (
            label("lay", layer),
            f"{show_micros(int(quantity))} of it cost {int(kept)} as it is kept, "
            f"{show_micros(int(changed))} cost {int(cost)} by what was recorded",
        )
    for layer, on, lies, costs, cost in audit_records.owned_on_each_day(
        facts.organization, facts.party
    ):
        yield (
            label("lay", layer),
            f"on {on} {show_micros(int(lies))} lie there, {show_micros(int(costs))} are costed, "
            f"at {int(cost)}",
        )


@law(
    "the inventory account is the cost of our goods",
    "The inventory account is, at the end and on every day, what goods of our own cost.",
)
def the_inventory_account_is_the_cost_of_our_goods(facts: Facts) -> Iterator[Broken]:
    organization, party = facts.organization, facts.party
    us = facts.codes[party]
    costs = {(us, currency): amount for currency, amount in facts.owned_goods.cost.items()}
    yield from amounts_agree(costs, _in_account(facts, Account.INVENTORY), GOODS)
    for currency, on, booked, cost in audit_records.inventory_on_each_day(organization, party):
        yield (
            f"{us} {currency}",
            f"on {on} the goods cost {show_amount(int(cost), currency)}, the books say "
            f"{show_amount(int(booked), currency)}",
        )


@law(
    "what came back cost what it went out at",
    "No more comes back from customers of a delivery than went out to them, nor at more than it "
    "had cost: what was sold and all came back cost nothing.",
)
def what_came_back_cost_what_it_went_out_at(facts: Facts) -> Iterator[Broken]:
    for layer, quantity, cost in own_costs.came_back_dearer(facts.organization):
        yield (
            label("lay", layer),
            f"less what came back {show_micros(quantity)} went out to customers, at {cost} minor "
            "units",
        )


@law(
    "what is in process went in",
    "Components in process are those that went into production and did not go on, at what they "
    "cost.",
)
def what_is_in_process_went_in(facts: Facts) -> Iterator[Broken]:
    for number, kept, went_in in audit_records.misprocessed_components(facts.organization):
        yield (
            label("cmp", number),
            f"{show_micros(kept)} is kept as in process; {show_micros(int(went_in))} went in and "
            "did not go on, or at another cost",
        )


@law(
    "work in progress is what is in process",
    "The books keep components in process at their cost.",
)
def work_in_progress_is_what_is_in_process(facts: Facts) -> Iterator[Broken]:
    us = facts.codes[facts.party]
    costs = audit_records.cost_in_process(facts.organization)
    return amounts_agree(
        {(us, currency): cost for currency, cost in costs.items()},
        _in_account(facts, Account.WORK_IN_PROGRESS),
        "the components come to {}, the books say {}",
    )


@law(
    "bought goods are invoiced once",
    "What invoices for bought goods clear of the accrual is booked, and no more is invoiced of a "
    "receipt than was bought.",
)
def bought_goods_are_invoiced_once(facts: Facts) -> Iterator[Broken]:
    cleared, too_much = audit_records.purchases(facts.organization)
    for layer, bought, invoiced in too_much:
        yield (
            label("lay", layer),
            f"{show_micros(bought or 0)} were bought, {show_micros(invoiced)} are invoiced",
        )
    us = facts.codes[facts.party]
    booked = audit_records.booked_purchases(facts.organization)
    yield from amounts_agree(
        {(us, currency): amount for currency, amount in cleared.items()},
        {(us, currency): amount for currency, amount in booked.items()},
        "the invoices clear {}, the books say {}",
    )


LAWS = (
    bought_goods_are_invoiced_once,
    journals_balance,
    *BOOKS,
    books_are_of_the_agreements_parties,
    the_owners_book_is_the_goods_elsewhere,
    the_memo_is_the_goods_held,
    our_own_goods_are_costed,
    the_inventory_account_is_the_cost_of_our_goods,
    what_came_back_cost_what_it_went_out_at,
    what_is_in_process_went_in,
    work_in_progress_is_what_is_in_process,
)
