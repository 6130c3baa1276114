"""What the suppliers do about an advice: bill it some days later, now and then wrongly.

Which advice is answered how, and when, follows from the seed and the advice's number alone. An
error that is held is sent back after three days, and a corrected invoice comes with that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.quantity import MICROS
from consigned.settlement.invoices import Billed
from consigned.trade.agreements import SettlementMethod
from consigned_service.interfaces.console.demo.chance import chance
from consigned_service.operations.invoices import SupplierInvoice
from consigned_service.queries.billing import Answer, ToBill

WRONG = 0.08
"""The share of invoices that are planted with an error."""
LATEST = timedelta(24)
"""An advice is dealt with at the latest so long after it was made."""
SENT_BACK_AFTER = timedelta(3)
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


REFUSED = frozenset({Error.SAME_NUMBER, Error.BILLED_TWICE})
"""Errors that are refused outright; the others are held."""


class Act(StrEnum):
    SEND = "send"
    SEND_WRONG = "send wrong"
    SEND_AGAIN = "send again"
    CORRECT = "correct"
    RELEASE = "release"


class ToDo(NamedTuple):
    on: date
    act: Act
    advice: ToBill
    error: Error | None = None


class Desk:
    """What is to be done about advices, found by its day."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._by_day: dict[date, list[ToDo]] = defaultdict(list)
        self._taken: set[str] = set()

    def take(self, advices: Iterable[ToBill]) -> None:
        """Put advices on the desk, each once."""
        for advice in advices:
            if advice.number not in self._taken:
                self._taken.add(advice.number)
                for one in to_do(self.seed, advice):
                    self._by_day[one.on].append(one)

    def on(self, day: date) -> list[ToDo]:
        return self._by_day.pop(day, [])


def to_do(seed: int, advice: ToBill) -> Iterator[ToDo]:
    chosen = chance(seed, "invoice", advice.number)
    on = mail_day(advice.made_on + timedelta(chosen.randrange(2, 10)))
    if advice.settlement_method == SettlementMethod.SELF_BILL_STAGED:
        yield ToDo(on, Act.RELEASE, advice)
        return
    error = _error(seed, advice)
    if error is None:
        yield ToDo(on, Act.SEND, advice)
    elif error in REFUSED:
        yield ToDo(on, Act.SEND, advice)
        yield ToDo(mail_day(on + timedelta(1)), Act.SEND_AGAIN, advice, error)
    else:
        yield ToDo(on, Act.SEND_WRONG, advice, error)
        yield ToDo(mail_day(on + SENT_BACK_AFTER), Act.CORRECT, advice, error)


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
        lines = _spoilt(lines, error)
    return SupplierInvoice(number, advice.number, one.on, currency, lines)


class Planted(NamedTuple):
    """Errors of one kind: how many were planted, and how many of them were caught."""

    error: Error
    planted: int
    caught: int


def planted(
    seed: int, advices: Iterable[ToBill], answers: Iterable[Answer], last_day: date
) -> list[Planted]:
    """What became of each planted error, told from what was planned and from what was kept."""
    kept: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        kept[answer.advice].append(answer)
    sent = [
        one
        for advice in advices
        for one in to_do(seed, advice)
        if one.act in (Act.SEND_WRONG, Act.SEND_AGAIN) and one.on <= last_day
    ]
    return [
        Planted(
            error,
            sum(one.error is error for one in sent),
            sum(one.error is error and _is_caught(one, kept) for one in sent),
        )
        for error in Error
    ]


def _is_caught(one: ToDo, kept: Mapping[str, list[Answer]]) -> bool:
    """A wrong invoice was held and never accepted; a second one was not taken at all."""
    answers = kept[one.advice.number]
    if one.act is Act.SEND_AGAIN:
        return len(answers) == 1
    wrong = [answer for answer in answers if answer.number == f"I-{one.advice.number}"]
    return len(wrong) == 1 and wrong[0].was_held and not wrong[0].was_accepted


def _error(seed: int, advice: ToBill) -> Error | None:
    chosen = chance(seed, "error", advice.number)
    if chosen.random() >= WRONG:
        return None
    error = chosen.choice(tuple(Error))
    if error is Error.MISSING_LINE and len(advice.lines) == 1:
        return Error.PRICE
    return error


def _spoilt(lines: list[Billed], error: Error | None) -> list[Billed]:
    """The lines of an invoice with one thing wrong."""
    first, *others = lines
    match error:
        case Error.PRICE:
            return [first._replace(price=first.price + 50_000, amount=first.amount + 5), *others]
        case Error.QUANTITY:
            return [first._replace(quantity=first.quantity + MICROS), *others]
        case Error.EXTRA_LINE:
            return [*lines, first._replace(line=len(lines) + 1)]
        case _:
            return others
