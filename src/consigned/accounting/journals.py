"""The books of both parties, by posting rule, balanced by their very shape.

A journal entry debits one account and credits another by one positive amount in one currency, in
the books of one party; it takes exactly what it gives, like a title entry.

    what happens           consignee (the buyer)                   consignor (the supplier)
    receipt, consigned     memo: goods held / contra               goods on consignment / finished
    title passes           cost by use / consigned accrual         receivables accrual / revenue
                           memo: contra / goods held               cost of sales / on consignment
    lost, consignor's risk memo: contra / goods held               goods lost / on consignment
    went back, never came  memo: contra / goods held               finished / on consignment
    title goes back        consigned accrual / inventory           revenue / receivables accrual
                           memo: goods held / contra               on consignment / cost of sales
    sold back              supplier debits / inventory             revenue / customer credits
                                                                   finished / cost of sales
    price changed later    cost by use / consigned accrual         receivables accrual / revenue
    advice, rounding       rounding / consigned accrual            receivables accrual / rounding
    invoice accepted       consigned accrual / payables            receivables / rec. accrual
    invoice, tolerated     price differences / payables            receivables / revenue
    invoice, its tax       recoverable tax, tax cost / payables    receivables / tax payable
    payment                payables / cash                         cash / receivables
    goods sold back        supplier debits / inventory             revenue / customer credits
    billed too much        supplier debits / price differences     revenue / customer credits
    credit note accepted   payables / supplier debits              customer credits / receivables
    credit netted          cash / payables                         receivables / cash
    advised, report-only   consigned accrual / settled elsewhere   collected e. / rec. accrual
    its memo               settled elsewhere / supplier debits     customer credits / collected e.
    voucher made elsewhere settled elsewhere / vouchered elsewhere billed elsewhere / collected e.
    receipt, bought        inventory / goods received accrual
    own goods used         cost by use / inventory
    bought above standard  cost variance / inventory
    standard told anew     inventory / inventory revaluation
    own goods sent         between organizations / inventory       (there: the other way round)
    product completed      inventory / work in progress
    product taken apart    work in progress / inventory

The consignee books nothing at a consigned receipt (checklist L03, P53): the value held is told in
memo accounts of its own, which are in no balance sheet (O42). The consignor's goods stay on its
books until title passes (L09), and its revenue arises at that same moment (L08). What accrues is
without tax: tax is owed, and recovered, by the invoice that says it (X13). What of it is not
recovered is a cost of its own: goods and work have gone on by then at what they cost.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.inventory.title_transfers import UseKind
from consigned.measure.identity import AgreementId, PartyId


class Account(StrEnum):
    INVENTORY = "inventory"
    COST_OF_GOODS_SOLD = "cost-of-goods-sold"
    INVENTORY_ADJUSTMENT = "inventory-adjustment"
    WORK_IN_PROGRESS = "work-in-progress"
    WORK_ORDER = "work-order"
    SAMPLES = "samples"
    SCRAP = "scrap"
    GOODS_RECEIVED_ACCRUAL = "goods-received-accrual"
    CONSIGNED_PAYABLES_ACCRUAL = "consigned-payables-accrual"
    ACCOUNTS_PAYABLE = "accounts-payable"
    PURCHASES_PAYABLE = "purchases-payable"
    """What is invoiced for bought goods; it is paid elsewhere."""
    SETTLED_ELSEWHERE = "settled-elsewhere"
    """What was advised under `report-only`, and no voucher made elsewhere is recorded for."""
    VOUCHERED_ELSEWHERE = "vouchered-elsewhere"
    """What vouchers made elsewhere come to; it is owed and paid there."""
    CONSIGNED_RECEIVABLES_ACCRUAL = "consigned-receivables-accrual"
    COLLECTED_ELSEWHERE = "collected-elsewhere"
    BILLED_ELSEWHERE = "billed-elsewhere"
    ACCOUNTS_RECEIVABLE = "accounts-receivable"
    REVENUE = "revenue"
    COST_OF_CONSIGNED_SALES = "cost-of-consigned-sales"
    GOODS_ON_CONSIGNMENT = "goods-on-consignment"
    CONSIGNED_GOODS_LOST = "consigned-goods-lost"
    FINISHED_GOODS = "finished-goods"
    ROUNDING = "rounding"
    SUPPLIER_DEBITS = "supplier-debits"
    CUSTOMER_CREDITS = "customer-credits"
    PRICE_DIFFERENCES = "price-differences"
    COST_VARIANCE = "cost-variance"
    INVENTORY_REVALUATION = "inventory-revaluation"
    RECOVERABLE_TAX = "recoverable-tax"
    TAX_COST = "tax-cost"
    TAX_PAYABLE = "tax-payable"
    CASH = "cash"
    BETWEEN_ORGANIZATIONS = "between-organizations"
    MEMO_CONSIGNED_GOODS = "memo-consigned-goods"
    MEMO_CONSIGNORS = "memo-consignors"


MEMO_ACCOUNTS = frozenset({Account.MEMO_CONSIGNED_GOODS, Account.MEMO_CONSIGNORS})
"""Accounts that track value without being in the balance sheet."""

COST_OF: Mapping[str, Account] = {
    UseKind.SALE: Account.COST_OF_GOODS_SOLD,
    UseKind.ISSUE: Account.COST_OF_GOODS_SOLD,
    UseKind.EXPRESS_ISSUE: Account.COST_OF_GOODS_SOLD,
    UseKind.SAMPLE: Account.SAMPLES,
    UseKind.SCRAP: Account.SCRAP,
    UseKind.ADJUSTMENT: Account.INVENTORY_ADJUSTMENT,
    UseKind.COUNT: Account.INVENTORY_ADJUSTMENT,
    UseKind.PRODUCTION: Account.WORK_IN_PROGRESS,
    UseKind.BACKFLUSH: Account.WORK_IN_PROGRESS,
    UseKind.KIT: Account.WORK_IN_PROGRESS,
    UseKind.WORK_ORDER: Account.WORK_ORDER,
    UseKind.TRANSFER_TO_OWNED: Account.INVENTORY,
}
"""The account a use is debited to (checklist §3.1 e)."""


HOUSE_ACCOUNTS: frozenset[str] = frozenset(account.value for account in Account)

IN_PROCESS = frozenset(kind.value for kind in (
    UseKind.PRODUCTION, UseKind.BACKFLUSH, UseKind.KIT
))  # fmt: skip
"""The kinds of use whose cost is in process until what is made of the goods is complete."""


class JournalEntry(NamedTuple):
    """One debit and one credit of one amount in the books of one party.

    An account is one of the product's, or one that a work order names as its own.
    """

    book: PartyId
    debit: str
    credit: str
    amount: int
    currency: str
    happened_on: date
    agreement: AgreementId | None = None


class Parties(NamedTuple):
    """Whose books a settlement touches, under which agreement."""

    consignee: PartyId
    consignor: PartyId
    agreement: AgreementId | None


def journal(
    book: PartyId,
    debit: str,
    credit: str,
    amount: int,
    currency: str,
    on: date,
    agreement: AgreementId | None = None,
) -> tuple[JournalEntry, ...]:
    """One entry; below zero it turns round, and an amount of nothing books nothing."""
    if amount > 0:
        return (JournalEntry(book, debit, credit, amount, currency, on, agreement),)
    if amount < 0:
        return (JournalEntry(book, credit, debit, -amount, currency, on, agreement),)
    return ()


def consigned_received(
    parties: Parties, value: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """Goods arrive on consignment: a memo for the holder, another shelf for the owner."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.MEMO_CONSIGNED_GOODS, Account.MEMO_CONSIGNORS,
        value, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.GOODS_ON_CONSIGNMENT, Account.FINISHED_GOODS,
        value, currency, on, agreement,
    )  # fmt: skip


def goods_left_consignment(
    parties: Parties, value: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """Title passed: the goods leave the consignor's books and the holder's memo."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.MEMO_CONSIGNORS, Account.MEMO_CONSIGNED_GOODS,
        value, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.COST_OF_CONSIGNED_SALES, Account.GOODS_ON_CONSIGNMENT,
        value, currency, on, agreement,
    )  # fmt: skip


def consigned_goods_lost(
    parties: Parties, value: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """Goods are gone that stay the consignor's loss: no debt, and the holder's memo ends."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.MEMO_CONSIGNORS, Account.MEMO_CONSIGNED_GOODS,
        value, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.CONSIGNED_GOODS_LOST, Account.GOODS_ON_CONSIGNMENT,
        value, currency, on, agreement,
    )  # fmt: skip


def consigned_taken_back(
    parties: Parties, value: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """Goods went back, or never came: what was booked for their receipt is taken back."""
    yield from consigned_received(parties, -value, currency, on)


def title_turned_back(
    parties: Parties, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """What title was charged at is owed no longer, and earned no longer."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.CONSIGNED_PAYABLES_ACCRUAL, Account.INVENTORY,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.REVENUE, Account.CONSIGNED_RECEIVABLES_ACCRUAL,
        amount, currency, on, agreement,
    )  # fmt: skip


def sold_back(parties: Parties, amount: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """Goods that an advice had told went back: the consignor is to credit what was charged."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.SUPPLIER_DEBITS, Account.INVENTORY, amount, currency, on, agreement
    )
    yield from journal(
        consignor, Account.REVENUE, Account.CUSTOMER_CREDITS, amount, currency, on, agreement
    )


def billed_too_much(
    parties: Parties, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """An accepted invoice billed too much: the consignor is to credit it."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.SUPPLIER_DEBITS, Account.PRICE_DIFFERENCES,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.REVENUE, Account.CUSTOMER_CREDITS, amount, currency, on, agreement
    )


def sold_goods_came_home(
    parties: Parties, value: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """Goods that were sold back are among the consignor's finished goods again."""
    yield from journal(
        parties.consignor, Account.FINISHED_GOODS, Account.COST_OF_CONSIGNED_SALES,
        value, currency, on, parties.agreement,
    )  # fmt: skip


def kept_at_other_cost(
    consignee: PartyId,
    kind: str,
    difference: int,
    currency: str,
    on: date,
    account: str | None = None,
) -> Iterator[JournalEntry]:
    """Goods were taken back at another amount than they were kept at: the use they came from bears
    it, or the adjustment account where they had never left or are followed through production."""
    bearer: str = account or COST_OF[kind]
    if kind in IN_PROCESS or bearer == Account.INVENTORY:
        bearer = Account.INVENTORY_ADJUSTMENT
    yield from journal(consignee, Account.INVENTORY, bearer, difference, currency, on)


def title_charged(
    parties: Parties, kind: str, amount: int, currency: str, on: date, account: str | None = None
) -> Iterator[JournalEntry]:
    """Cost and payable in one entry for the consignee, revenue for the consignor (L07, L08); the
    cost goes where the kind of use says, or to the `account` of a work order."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, account or COST_OF[kind], Account.CONSIGNED_PAYABLES_ACCRUAL,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.CONSIGNED_RECEIVABLES_ACCRUAL, Account.REVENUE,
        amount, currency, on, agreement,
    )  # fmt: skip


KEEPS_ITS_COST = frozenset({
    Account.INVENTORY, Account.WORK_IN_PROGRESS, Account.WORK_ORDER
})  # fmt: skip
"""Accounts of goods or work whose cost stays what it was when a price changes later."""


def price_corrected(
    parties: Parties, kind: str, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """What a later price makes used goods cost more. Goods that are ours on the shelf, or in what
    was made of them, keep their cost: for them it is a difference of its own."""
    account = COST_OF[kind]
    differs = Account.PRICE_DIFFERENCES if account in KEEPS_ITS_COST else account
    yield from title_charged(parties, kind, amount, currency, on, differs)


def advice_rounded(
    parties: Parties, difference: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """An advice line is rounded once; where its days were rounded apart, this makes them meet."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.ROUNDING, Account.CONSIGNED_PAYABLES_ACCRUAL,
        difference, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.CONSIGNED_RECEIVABLES_ACCRUAL, Account.ROUNDING,
        difference, currency, on, agreement,
    )  # fmt: skip


def invoice_accepted(
    parties: Parties, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """The accrual becomes a payable, the consignor's a receivable."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.CONSIGNED_PAYABLES_ACCRUAL, Account.ACCOUNTS_PAYABLE,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.ACCOUNTS_RECEIVABLE, Account.CONSIGNED_RECEIVABLES_ACCRUAL,
        amount, currency, on, agreement,
    )  # fmt: skip


def invoice_differs(
    parties: Parties, difference: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """An invoice was accepted that bills more, or less, than was advised."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.PRICE_DIFFERENCES, Account.ACCOUNTS_PAYABLE,
        difference, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.ACCOUNTS_RECEIVABLE, Account.REVENUE,
        difference, currency, on, agreement,
    )  # fmt: skip


def invoice_taxed(
    parties: Parties, tax: int, recovered: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """The tax of an accepted invoice: owed by the consignee, who recovers its part of it, and by
    the consignor to the tax office."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.RECOVERABLE_TAX, Account.ACCOUNTS_PAYABLE,
        recovered, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignee, Account.TAX_COST, Account.ACCOUNTS_PAYABLE,
        tax - recovered, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.ACCOUNTS_RECEIVABLE, Account.TAX_PAYABLE, tax, currency, on, agreement
    )


def invoice_paid(parties: Parties, amount: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """The payable and the receivable become cash."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.ACCOUNTS_PAYABLE, Account.CASH, amount, currency, on, agreement
    )
    yield from journal(
        consignor, Account.CASH, Account.ACCOUNTS_RECEIVABLE, amount, currency, on, agreement
    )


def credit_accepted(
    parties: Parties, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """What was asked back is a credit: less is payable, and less receivable."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.ACCOUNTS_PAYABLE, Account.SUPPLIER_DEBITS,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.CUSTOMER_CREDITS, Account.ACCOUNTS_RECEIVABLE,
        amount, currency, on, agreement,
    )  # fmt: skip


def credit_differs(
    parties: Parties, difference: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """A credit note was accepted that credits more, or less, than was asked back."""
    yield from invoice_differs(parties, -difference, currency, on)


def credit_taxed(
    parties: Parties, tax: int, recovered: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """The tax of an accepted credit note is taken back where the invoice's was booked."""
    yield from invoice_taxed(parties, -tax, -recovered, currency, on)


def credit_netted(parties: Parties, amount: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """A payment is smaller by a credit: it takes back so much of what the invoices paid."""
    yield from invoice_paid(parties, -amount, currency, on)


def reported(parties: Parties, amount: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """An advice is made of what another system settles: it is no accrual of an invoice any more."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.CONSIGNED_PAYABLES_ACCRUAL, Account.SETTLED_ELSEWHERE,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.COLLECTED_ELSEWHERE, Account.CONSIGNED_RECEIVABLES_ACCRUAL,
        amount, currency, on, agreement,
    )  # fmt: skip


def credit_reported(
    parties: Parties, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """A debit memo tells what went back of what another system settles: so much less is settled
    there."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.SETTLED_ELSEWHERE, Account.SUPPLIER_DEBITS,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.CUSTOMER_CREDITS, Account.COLLECTED_ELSEWHERE,
        amount, currency, on, agreement,
    )  # fmt: skip


def vouchered(parties: Parties, amount: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """A voucher was made in another system: it is owed there, and open here no longer."""
    consignee, consignor, agreement = parties
    yield from journal(
        consignee, Account.SETTLED_ELSEWHERE, Account.VOUCHERED_ELSEWHERE,
        amount, currency, on, agreement,
    )  # fmt: skip
    yield from journal(
        consignor, Account.BILLED_ELSEWHERE, Account.COLLECTED_ELSEWHERE,
        amount, currency, on, agreement,
    )  # fmt: skip


def goods_bought(consignee: PartyId, cost: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """Ordinary goods are ours, and owed for, at receipt (checklist L18)."""
    yield from journal(
        consignee, Account.INVENTORY, Account.GOODS_RECEIVED_ACCRUAL, cost, currency, on
    )


def purchase_invoiced(
    consignee: PartyId, accrued: int, amount: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """What was accrued for bought goods is invoiced; what the invoice differs by is its own."""
    yield from journal(
        consignee, Account.GOODS_RECEIVED_ACCRUAL, Account.PURCHASES_PAYABLE, accrued, currency, on
    )
    yield from journal(
        consignee, Account.PRICE_DIFFERENCES, Account.PURCHASES_PAYABLE, amount - accrued,
        currency, on,
    )  # fmt: skip


def cost_variance(
    consignee: PartyId, variance: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """What our own goods cost more than the standard that they are kept at."""
    yield from journal(consignee, Account.COST_VARIANCE, Account.INVENTORY, variance, currency, on)


def inventory_revalued(
    consignee: PartyId, grown: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """What our own goods on the shelf are worth more since their standard cost was told anew."""
    yield from journal(
        consignee, Account.INVENTORY, Account.INVENTORY_REVALUATION, grown, currency, on
    )


def own_goods_used(
    consignee: PartyId, kind: str, cost: int, currency: str, on: date, account: str | None = None
) -> Iterator[JournalEntry]:
    """Goods that were ours leave the inventory at what they cost; a return brings them back."""
    yield from journal(consignee, account or COST_OF[kind], Account.INVENTORY, cost, currency, on)


def taken_from_process(
    consignee: PartyId, cost: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """A product is complete, or components were not needed: goods are ours on the shelf again."""
    yield from journal(consignee, Account.INVENTORY, Account.WORK_IN_PROGRESS, cost, currency, on)


CONSIGNORS_STOCK = frozenset({Account.GOODS_ON_CONSIGNMENT, Account.FINISHED_GOODS})


def without_stock_of_others(
    entries: Iterable[JournalEntry], handed_on: Container[AgreementId | None]
) -> Iterator[JournalEntry]:
    """Under an agreement that hands on goods which its consignor only holds (E14), the consignor
    books no stock: it has none, and what it owes for them is told by the programme before."""
    for entry in entries:
        if entry.agreement not in handed_on or not {entry.debit, entry.credit} & CONSIGNORS_STOCK:
            yield entry


def process_rounded(
    consignee: PartyId, difference: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """A component went back to its consignor at what is owed less for it; where it was in process
    at another amount, by rounding, this makes them meet."""
    yield from journal(
        consignee, Account.ROUNDING, Account.WORK_IN_PROGRESS, difference, currency, on
    )


def late_cost(consignee: PartyId, cost: int, currency: str, on: date) -> Iterator[JournalEntry]:
    """What a component cost is known when the product that it is in is gone already."""
    yield from journal(
        consignee, Account.COST_OF_GOODS_SOLD, Account.WORK_IN_PROGRESS, cost, currency, on
    )


def taken_apart(
    consignee: PartyId, cost: int, components: int, currency: str, on: date
) -> Iterator[JournalEntry]:
    """A product goes into production, to come out of it as its components; what it cost that none
    of them bears is an adjustment."""
    yield from journal(
        consignee, Account.WORK_IN_PROGRESS, Account.INVENTORY, components, currency, on
    )
    yield from journal(
        consignee, Account.INVENTORY_ADJUSTMENT, Account.INVENTORY, cost - components, currency, on
    )


def balances(entries: Iterable[JournalEntry]) -> dict[tuple[PartyId, str, str], int]:
    """Debits less credits per book, currency and account; a book's balances sum to nothing."""
    sums: dict[tuple[PartyId, str, str], int] = {}
    for entry in entries:
        for account, amount in ((entry.debit, entry.amount), (entry.credit, -entry.amount)):
            key = (entry.book, entry.currency, account)
            sums[key] = sums.get(key, 0) + amount
    return sums
