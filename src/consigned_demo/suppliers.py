"""What the suppliers do about an advice: bill it some days later, now and then wrongly.

Which advice is answered how, and when, follows from the seed and the advice's number alone. A wrong
invoice is held. Most are sent back after three days, and the corrected one comes with that; some
are disputed first, and corrected a week later; a few that are wrong by cents are accepted as
billed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS
from consigned.settlement.invoices import WAITS, Billed
from consigned_demo.chance import chance
from consigned_service.operations.settlement.invoices import SupplierInvoice
from consigned_service.queries.accounting.billing import Answer, ToBill
from consigned_service.queries.core.figures import Amount, sum_amounts

WRONG = 0.08
"""The share of invoices that are planted with an error."""
LATEST = timedelta(35)
"""An advice is dealt with at the latest so long after it was made."""
RESOLVED_AFTER = timedelta(27)
"""A wrong invoice is resolved at the latest so long after its advice was made; in the last days of
the year nobody errs, so that it ends with none open."""
DECIDED_AFTER = timedelta(3)
CORRECTED_AFTER = timedelta(7)
DISPUTED, ACCEPTED = 0.35, 0.2
"""The shares of wrong invoices that are disputed, and of wrong prices that are accepted."""
MAIL_DAYS = (1, 3)
"""Invoices are opened, released and sent back on Tuesdays and Thursdays."""


class Error(StrEnum):
    """What may be wrong with a supplier's invoice."""

    PRICE = "wrong price"
    QUANTITY = "wrong quantity"
    EXTRA_LINE = "line never advised"
    MISSING_LINE = "line left out"
    CURRENCY = "wrong currency"
    SAME_NUMBER = "number used twice"
    BILLED_TWICE = "advice billed twice"


WRITTEN = {
    Error.PRICE: "a price that the agreement does not have",
    Error.QUANTITY: "more than was used",
    Error.EXTRA_LINE: "a line that no advice told",
    Error.MISSING_LINE: "a line of the advice is left out",
    Error.CURRENCY: "another currency than was agreed",
}
"""What the suppliers are written about a wrong invoice."""
REFUSED = frozenset({Error.SAME_NUMBER, Error.BILLED_TWICE})
"""Errors that are refused outright; the others are held."""


class Act(StrEnum):
    SEND = "send"
    SEND_WRONG = "send wrong"
    SEND_AGAIN = "send again"
    DISPUTE = "dispute"
    CORRECT = "correct"
    ACCEPT = "accept"
    RELEASE = "release"


BRINGS_AN_INVOICE = frozenset({Act.SEND, Act.SEND_WRONG, Act.SEND_AGAIN, Act.CORRECT})


class ToDo(NamedTuple):
    on: date
    act: Act
    advice: ToBill
    error: Error | None = None


class Desk:
    """What is to be done about advices, found by its day."""

    def __init__(self, seed: int, last_day: date) -> None:
        self.seed = seed
        self.last_day = last_day
        self._by_day: dict[date, list[ToDo]] = defaultdict(list)
        self._taken: set[str] = set()

    def take(self, advices: Iterable[ToBill]) -> None:
        """Put advices on the desk, each once."""
        for advice in advices:
            if advice.number not in self._taken:
                self._taken.add(advice.number)
                for one in to_do(self.seed, advice, self.last_day):
                    self._by_day[one.on].append(one)

    def on(self, day: date) -> list[ToDo]:
        return self._by_day.pop(day, [])


def to_do(seed: int, advice: ToBill, last_day: date) -> Iterator[ToDo]:
    """What is done about an advice, day by day, in a year that ends on a last day."""
    chosen = chance(seed, "invoice", advice.number)
    on = mail_day(advice.made_on + timedelta(chosen.randrange(2, 10)))
    if advice.settlement_method == SettlementMethod.SELF_BILL_STAGED:
        yield ToDo(on, Act.RELEASE, advice)
        return
    error = _error(seed, advice) if advice.made_on <= last_day - RESOLVED_AFTER else None
    if error is None:
        yield ToDo(on, Act.SEND, advice)
    elif error in REFUSED:
        yield ToDo(on, Act.SEND, advice)
        yield ToDo(mail_day(on + timedelta(1)), Act.SEND_AGAIN, advice, error)
    else:
        yield ToDo(on, Act.SEND_WRONG, advice, error)
        decided_on = mail_day(on + DECIDED_AFTER)
        falls_to = chance(seed, "ends", advice.number).random()
        if falls_to < DISPUTED:
            yield ToDo(decided_on, Act.DISPUTE, advice, error)
            yield ToDo(mail_day(decided_on + CORRECTED_AFTER), Act.CORRECT, advice, error)
        elif falls_to > 1 - ACCEPTED and error is Error.PRICE:
            yield ToDo(decided_on, Act.ACCEPT, advice, error)
        else:
            yield ToDo(decided_on, Act.CORRECT, advice, error)


def mail_day(day: date) -> date:
    """The first day from one on that mail is opened on."""
    return min(day + timedelta((opened - day.weekday()) % 7) for opened in MAIL_DAYS)


def invoice(one: ToDo) -> SupplierInvoice:
    """The invoice that comes with an act."""
    advice, error = one.advice, one.error
    number = f"I-{advice.number}"
    currency, lines = advice.currency, list(advice.lines)
    if one.act is Act.CORRECT:
        number += "-C"
    elif error is Error.BILLED_TWICE:
        number += "-B"
    elif one.act is Act.SEND_WRONG and error is Error.CURRENCY:
        currency = "CAD" if advice.currency == "USD" else "USD"
    elif one.act is Act.SEND_WRONG:
        lines = _spoilt(lines, error, currency)
    return SupplierInvoice(number, advice.number, one.on, currency, lines)


class Planted(NamedTuple):
    """Errors of one kind: how many were planted, caught, and resolved how, and how much money was
    at stake: what was billed too much or too little, twice, or in another currency."""

    error: Error
    planted: int
    caught: int
    refused: int
    corrected: int
    accepted: int
    paid: int
    open: int
    at_stake: list[Amount]


class _Became(NamedTuple):
    """What became of one error."""

    error: Error
    is_caught: bool
    how: str
    is_paid: bool
    at_stake: Amount


def what_became(
    seed: int, advices: Iterable[ToBill], answers: Iterable[Answer], last_day: date
) -> list[Planted]:
    """What became of each planted error, told from what was planned and from what was kept."""
    kept: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        kept[answer.advice].append(answer)
    sent = [
        one
        for advice in advices
        for one in to_do(seed, advice, last_day)
        if one.act in (Act.SEND_WRONG, Act.SEND_AGAIN)
    ]
    became = [_became(one, kept[one.advice.number]) for one in sent]
    return [_counted(error, [each for each in became if each.error is error]) for error in Error]


def _counted(error: Error, became: list[_Became]) -> Planted:
    def how(*ways: str) -> int:
        return sum(each.how in ways for each in became)

    return Planted(
        error,
        planted=len(became),
        caught=sum(each.is_caught for each in became),
        refused=how("refused"),
        corrected=how("corrected"),
        accepted=how("accepted"),
        paid=sum(each.is_paid for each in became),
        open=how(*WAITS),
        at_stake=sum_amounts(each.at_stake for each in became),
    )


def _became(one: ToDo, answers: list[Answer]) -> _Became:
    """A second invoice is not taken at all. A wrong one is held with what differs; it is corrected
    by another that is accepted, or accepted as it was billed for a reason."""
    assert one.error
    advised = sum(line.amount for line in one.advice.lines)
    settled = next((answer for answer in answers if answer.was_accepted), None)
    is_paid = bool(settled and settled.is_paid)
    if one.act is Act.SEND_AGAIN:
        is_refused = len(answers) == 1
        twice = Amount(advised, one.advice.currency)
        return _Became(one.error, is_refused, "refused" if is_refused else "", is_paid, twice)
    wrong = next(answer for answer in answers if answer.number == f"I-{one.advice.number}")
    differs = abs(wrong.amount - (advised if wrong.currency == one.advice.currency else 0))
    how = "accepted" if wrong is settled else "corrected" if settled else wrong.standing
    return _Became(
        one.error, bool(wrong.was_held and wrong.differs), how, is_paid,
        Amount(differs, wrong.currency),
    )  # fmt: skip


def _error(seed: int, advice: ToBill) -> Error | None:
    chosen = chance(seed, "error", advice.number)
    if chosen.random() >= WRONG:
        return None
    error = chosen.choice(tuple(Error))
    if error is Error.MISSING_LINE and len(advice.lines) == 1:
        return Error.PRICE
    return error


def _spoilt(lines: list[Billed], error: Error | None, currency: str) -> list[Billed]:
    """The lines of an invoice with one thing wrong."""
    first, *others = lines
    match error:
        case Error.PRICE:
            return [first._replace(price=first.price + 50_000, amount=first.amount + 5), *others]
        case Error.QUANTITY:
            price = Price(first.price, currency, first.per)
            more = first.quantity + MICROS
            return [first._replace(quantity=more, amount=price.extend(more)), *others]
        case Error.EXTRA_LINE:
            return [*lines, first._replace(line=len(lines) + 1)]
        case _:
            return others
