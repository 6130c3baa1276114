"""What must hold of any database at any moment, read back from its rows and worked out again.

    assert broken_laws() == []

The laws of title are the business's own; what is owed, told, settled and booked is added up here
from the rows themselves, without asking the code that wrote them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from consigned.measure.money import Price
from consigned.title import laws
from consigned.title.entry import Entry, EntryKind
from consigned.title.position import Position
from consigned.title.replay import moved_on_each_day
from consigned_service.records import models

ISSUES = (
    EntryKind.ISSUED,
    EntryKind.RETURNED_BY_CUSTOMER,
    EntryKind.RETURNED_FROM_PRODUCTION,
    EntryKind.VOIDED,
)


def broken_laws() -> list[str]:
    broken: list[str] = []
    for organization in models.Organization.objects.order_by("pk"):
        code = organization.code
        for law in (
            title, numbers, transfers_are_told, consumption_is_kept, goods_on_consignment
        ):  # fmt: skip
            broken.extend(f"{code}: {breach}" for breach in law(organization))
    broken.extend(advices_tell_their_totals())
    broken.extend(one_advice_one_invoice())
    broken.extend(what_is_owed_is_booked())
    return broken


# --- of each organization ------------------------------------------------------------------


def title(organization: models.Organization) -> Iterator[str]:
    ours = {"organization_id": organization.pk}
    entries = [
        Entry(*row)
        for row in models.Entry.objects.filter(**ours).order_by("number").values_list(
            "number", "kind", "layer", "quantity", "source", "target", "happened_on", "cause",
            "document", "line",
        )
    ]  # fmt: skip
    positions = {
        number: Position(*where)
        for number, *where in models.Position.objects.filter(**ours).values_list(
            "number", "item_id", "owner_id", "place", "condition"
        )
    }
    balances = {
        (position, layer): quantity
        for position, layer, quantity in models.Balance.objects.filter(**ours).values_list(
            "position", "layer", "quantity"
        )
    }
    outer = frozenset(
        models.Place.objects.filter(
            zone__in=("supplier", "customer", "production", "loss", "elsewhere"), **ours
        ).values_list("number", flat=True)
    )
    for law in (
        laws.entries_are_numbered_without_gaps(entries),
        laws.each_entry_tells_one_story(entries, positions),
        laws.replay_gives_the_balances(entries, balances),
        laws.goods_are_conserved(balances, positions),
        laws.nothing_below_nothing(moved_on_each_day(entries), positions, outer),
    ):
        yield from (f"{law}, {where}: {sentence}" for law, where, sentence in law)


def numbers(organization: models.Organization) -> Iterator[str]:
    """Everything numbered runs from 1 without gaps, up to the ledger's counter."""
    ledger = models.Ledger.objects.get(organization=organization)
    for model, counter in (
        (models.Posting, "posting"), (models.Entry, "entry"), (models.Position, "position"),
        (models.Layer, "layer"), (models.GoodsReceipt, "receipt"), (models.Journal, "journal"),
        (models.WaitingException, "exception"), (models.Place, "place"),
        (models.CostEntry, "cost"), (models.Production, "production"),
        (models.ComponentIssued, "component"), (models.ComponentUsed, "component_use"),
        (models.ComponentReturned, "component_return"), (models.GoodsReceiptLine, "arrival"),
        (models.Inspection, "inspection"),
    ):  # fmt: skip
        rows = model.objects.filter(organization=organization)
        found = sorted(rows.values_list("number", flat=True))
        if found != list(range(1, getattr(ledger, f"next_{counter}"))):
            yield f"{counter}s are numbered {found[:3]} to {found[-3:]}"
    end = 1
    for posting in models.Posting.objects.filter(organization=organization).order_by("number"):
        if posting.first_entry != end:
            yield f"posting {posting.number} begins at entry {posting.first_entry}, not {end}"
        end = posting.end_entry


def transfers_are_told(organization: models.Organization) -> Iterator[str]:
    """Each transfer of title counts in one total or waits in one open exception; never both. What
    went back counts below zero in the same total, or nowhere where it never had a price."""
    ours = {"organization": organization}
    charged = {c.entry: c for c in models.Charge.objects.filter(**ours)}
    waiting = Counter(e.entry for e in open_exceptions(organization) if e.entry)
    passed = {
        e.number: e.quantity
        for e in models.Entry.objects.filter(kind="transferred-to-owned", **ours)
    }
    went_back = {
        e.number: -e.quantity
        for e in models.Entry.objects.filter(kind="transferred-to-consigned", **ours)
    }
    left = Counter(passed)
    for reversal in models.Reversal.objects.filter(**ours):
        left[reversal.reverses] -= reversal.quantity
        if left[reversal.reverses] < 0 or reversal.reverses not in passed:
            yield f"entry {reversal.reverses} is turned back by more than it passed"
        if reversal.entry not in went_back:
            continue
        if charged.get(reversal.entry) is None:
            passed[reversal.reverses] -= reversal.quantity
            del went_back[reversal.entry]
        elif not _are_alike(
            organization, charged[reversal.entry].total, charged[reversal.reverses].total
        ):
            yield f"entry {reversal.entry} goes back in another total than it came in"
    for number, quantity in (passed | went_back).items():
        charge = charged.pop(number, None)
        if bool(charge) + waiting[number] != bool(quantity):
            yield f"entry {number} is charged {bool(charge):d} and waits {waiting[number]} times"
        elif charge and charge.quantity != quantity:
            yield f"entry {number} passed {quantity} and is charged {charge.quantity}"
    yield from (f"a charge names entry {number}, which passes no title" for number in charged)
    sums: Counter[int] = Counter()
    for charge in models.Charge.objects.filter(**ours):
        sums[charge.total] += charge.quantity
    for total in models.Total.objects.filter(**ours):
        if total.quantity != sums.pop(total.number, 0):
            yield f"total {total.number} is not what its charges come to"
    yield from (f"charges count in total {number}, which is not there" for number in sums)


def _are_alike(organization: models.Organization, back: int, passed: int) -> bool:
    """Whether two totals are one, or the first is of a later cycle and otherwise of the same
    goods, because an advice had told the second."""
    if back == passed:
        return True
    rows = models.Total.objects.filter(organization=organization)
    later, earlier = rows.get(number=back), rows.get(number=passed)
    same = ("agreement", "item_id", "happened_on", "kind", "tax")
    return later.closes_on > earlier.closes_on and all(
        getattr(later, name) == getattr(earlier, name) for name in same
    )


def consumption_is_kept(organization: models.Organization) -> Iterator[str]:
    """What was told is posted or waits, to the last piece, and under one reference once."""
    posted: Counter[int] = Counter()
    stayed: Counter[int] = Counter()
    turned: Counter[int] = Counter()
    voided: set[int] = set()
    for entry in models.Entry.objects.filter(organization=organization, cause="consumption"):
        if entry.kind == EntryKind.VOIDED:
            voided.add(entry.document)
        if entry.kind in ISSUES:
            sign = 1 if entry.kind == EntryKind.ISSUED else -1
            posted[entry.document] += sign * entry.quantity
        elif entry.kind == EntryKind.TRANSFERRED_TO_OWNED:
            stayed[entry.document] += entry.quantity
        elif entry.kind in (EntryKind.TRANSFERRED_TO_CONSIGNED, EntryKind.SOLD_BACK):
            turned[entry.document] -= entry.quantity
    for number, quantity in ended_with_a_word(organization).items():
        posted[number] += quantity
        stayed[number] += quantity
        turned[number] += quantity
    for exception in open_exceptions(organization):
        if exception.consumption and not exception.entry:
            posted[exception.consumption] += exception.quantity
            stayed[exception.consumption] += exception.quantity
            turned[exception.consumption] += exception.quantity
    told = Counter()
    for line in models.Consumption.objects.filter(organization=organization):
        told[line.source, line.reference] += 1
        counted = stayed if line.kind == "transfer-to-owned" else posted
        if line.voids and line.number not in voided:
            counted = turned
        if counted[line.number] != line.quantity:
            yield f"consumption {line.number} of {line.quantity}: {counted[line.number]} found"
    yield from (f"{reference} is told {times} times" for reference, times in told.items()
                if times > 1)  # fmt: skip


def ended_with_a_word(organization: models.Organization) -> Counter[int]:
    """What of each line nobody will post any more: voided, replaced or closed."""
    ended: Counter[int] = Counter()
    waited = {
        one.number: one for one in models.WaitingException.objects.filter(organization=organization)
    }
    for end in models.Resolution.objects.filter(organization=organization):
        exception = waited[end.exception]
        if exception.entry is None and end.quantity:
            assert exception.consumption
            sign = 1 if exception.quantity > 0 else -1
            ended[exception.consumption] += sign * end.quantity
            if end.how == "voided":
                ended[end.consumption] -= end.quantity
    return ended


def open_exceptions(organization: models.Organization) -> list[models.WaitingException]:
    resolved = set(
        models.Resolution.objects.filter(organization=organization).values_list(
            "exception", flat=True
        )
    )
    rows = models.WaitingException.objects.filter(organization=organization)
    return [row for row in rows if row.number not in resolved]


def goods_on_consignment(organization: models.Organization) -> Iterator[str]:
    """The owner's goods on consignment and the holder's memo are what lies there, at the price
    each layer came in at."""
    held: Counter[int] = Counter()
    positions = models.Position.objects.filter(organization=organization)
    theirs = {p.number for p in positions if p.owner_id != organization.party_id}
    for balance in models.Balance.objects.filter(organization=organization, is_outer=False):
        if balance.position in theirs:
            held[balance.layer] += balance.quantity
    value: Counter[tuple[int, str]] = Counter()
    for layer in models.Layer.objects.filter(organization=organization, ownership="consigned"):
        if layer.price is not None:
            price = Price(layer.price, layer.currency, layer.per)
            value[layer.supplier_id, layer.currency] += price.extend(held[layer.number])
    owners: Counter[tuple[int, str]] = Counter()
    memo: Counter[str] = Counter()
    for row in models.Journal.objects.filter(organization=organization):
        for account, amount in ((row.debit, row.amount), (row.credit, -row.amount)):
            if account == "goods-on-consignment":
                owners[row.book, row.currency] += amount
            elif account == "memo-consigned-goods":
                memo[row.currency] += amount
    if _solid(owners) != _solid(value):
        yield f"goods on consignment are booked at {owners} and lie there at {value}"
    by_currency: Counter[str] = Counter()
    for (_, currency), amount in value.items():
        by_currency[currency] += amount
    if _solid(memo) != _solid(by_currency):
        yield f"the memo says {memo}, the shelf {by_currency}"


# --- between the parties -------------------------------------------------------------------


def advices_tell_their_totals() -> Iterator[str]:
    """Told once: each told total is on one line, and each line is what its totals come to."""
    told: dict[int, list[models.Total]] = defaultdict(list)
    nowhere: Counter[tuple[object, ...]] = Counter()
    for total in models.Total.objects.filter(told_on__isnull=False):
        if total.advice_line is None:
            key = (total.organization_id, total.agreement, total.closes_on, total.item_id)
            nowhere[*key, total.price, total.per] += total.quantity
        else:
            told[total.advice_line].append(total)
    yield from (f"{net} of {key} are told nowhere" for key, net in nowhere.items() if net)
    lines = models.AdviceLine.objects.select_related("advice")
    sums: Counter[int] = Counter()
    for line in lines:
        totals = told.pop(line.pk, [])
        advice = line.advice
        quantity = sum(total.quantity for total in totals)
        amount = Price(line.price, advice.currency, line.per).extend(line.quantity)
        sums[advice.pk] += line.amount
        if (quantity, amount) != (line.quantity, line.amount):
            yield f"{advice.number} line {line.line} is not what it tells"
        for total in totals:
            if (
                total.closes_on != advice.closes_on
                or total.agreement != advice.agreement_id
                or (total.item_id, total.organization_id) != (line.item_id, line.organization_id)
                or (total.price, total.per) != (line.price, line.per)
                or advice.organization_id not in (None, total.organization_id)
                or advice.item_id not in (None, total.item_id)
                or advice.happened_on not in (None, total.happened_on)
            ):
                yield f"{advice.number} line {line.line} tells total {total.number} of elsewhere"
    yield from (f"totals name advice line {line}, which is not there" for line in told)
    for advice in models.Advice.objects.all():
        if advice.amount != sums[advice.pk]:
            yield f"{advice.number} is not the sum of its lines"


def one_advice_one_invoice() -> Iterator[str]:
    """Settled once: one advice, one invoice that stands, one payment; agreeing in the amount."""
    standing: Counter[int] = Counter()
    for invoice in models.Invoice.objects.select_related("advice", "advice__agreement"):
        decided = list(invoice.decisions.order_by("pk").values_list("standing", flat=True))
        standing[invoice.advice_id] += "rejected" not in decided
        settled = models.Settlement.objects.filter(invoice=invoice).exists()
        paid = models.PaymentLine.objects.filter(invoice=invoice).count()
        if settled is not ("accepted" in decided) or paid != ("paid" in decided):
            yield f"invoice {invoice.number} is {decided}, settled {settled}, paid {paid} times"
        if settled and (invoice.amount, invoice.currency) != (
            invoice.advice.amount, invoice.advice.currency
        ):  # fmt: skip
            yield f"invoice {invoice.number} settles another amount than was advised"
    yield from (f"advice {advice} has {times} invoices that stand"
                for advice, times in standing.items() if times > 1)  # fmt: skip


def what_is_owed_is_booked() -> Iterator[str]:
    """The consignee's accrual is what runs plus what is advised and not settled, its payables
    what is settled and not paid, its cash what is paid; and the consignor's books mirror them."""
    expected: Counter[tuple[int, str, str]] = Counter()
    between = {a.pk: (a.consignor_id, a.consignee_id) for a in models.Agreement.objects.all()}

    def owe(agreement: int, currency: str, ours: str, theirs: str, amount: int) -> None:
        consignor, consignee = between[agreement]
        expected[consignee, currency, ours] -= amount
        expected[consignor, currency, theirs] += amount

    accrual = ("consigned-payables-accrual", "consigned-receivables-accrual")
    for total in models.Total.objects.filter(told_on__isnull=True):
        amount = Price(total.price, total.currency, total.per).extend(total.quantity)
        owe(total.agreement, total.currency, *accrual, amount)
    elsewhere = ("settled-elsewhere", "collected-elsewhere")
    there = ("vouchered-elsewhere", "billed-elsewhere")
    for voucher in models.Voucher.objects.select_related("advice"):
        advice = voucher.advice
        owe(advice.agreement_id, advice.currency, *elsewhere, -voucher.amount)
        owe(advice.agreement_id, advice.currency, *there, voucher.amount)
    for memo in models.DebitMemo.objects.filter(settlement_method="report-only"):
        owe(memo.agreement_id, memo.currency, *elsewhere, -memo.amount)
    settled = dict(models.Settlement.objects.values_list("advice_id", "invoice_id"))
    paid = set(models.PaymentLine.objects.values_list("invoice_id", flat=True))
    for advice in models.Advice.objects.all():
        accounts = accrual
        if advice.pk in settled:
            is_paid = settled[advice.pk] in paid
            accounts = ("cash", "cash") if is_paid else ("accounts-payable", "accounts-receivable")
        elif advice.settlement_method == "report-only":
            if hasattr(advice, "cancellation"):
                continue
            accounts = elsewhere
        owe(advice.agreement_id, advice.currency, *accounts, advice.amount)
    booked: Counter[tuple[int, str, str]] = Counter()
    named = {account for _, _, account in expected} | {*accrual, *elsewhere, *there}
    for row in models.Journal.objects.all():
        booked[row.book, row.currency, row.debit] += row.amount
        booked[row.book, row.currency, row.credit] -= row.amount
    _credit(owe)
    for key in expected.keys() | {key for key in booked if key[2] in named}:
        if expected[key] != booked[key]:
            yield f"{key} is booked at {booked[key]} and comes to {expected[key]}"


def _credit(owe: Callable[[int, str, str, str, int], None]) -> None:
    """What is credited is less payable, and less cash once a payment nets it."""
    netted = set(models.PaymentCredit.objects.values_list("credit_note_id", flat=True))
    for one in models.MemoCredit.objects.select_related("credit_note", "debit_memo"):
        note = one.credit_note
        accounts = ("accounts-payable", "accounts-receivable")
        if note.pk in netted:
            accounts = ("cash", "cash")
        owe(one.debit_memo.agreement_id, note.currency, *accounts, -note.amount)


def _solid(sums: Counter) -> dict:
    return {key: amount for key, amount in sums.items() if amount}
