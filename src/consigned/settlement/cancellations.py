"""Cancelling an advice that nobody has invoiced: what it told is told again, by the next run.

    advice 7 tells 10 at 1.25          cancelled: "the price was agreed at 1.20"
                                       the 10 are on no advice; price, return or transfer
                                       to consigned still change them
    the next run                       advice 9 tells what is left of them, once

Nothing is edited. The advice stays, with the day, the person and the reason of its cancellation,
and with what each of its lines had told. An invoice that stands for it has to be sent back first;
what went back of its goods and is asked back already holds it, too.

Refuses: AdviceInvoiced, AdviceCancelled, AskedBackAlready.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class AdviceInvoiced(Refusal):
    advice: str
    invoice: str
    code: ClassVar[str] = "advice-invoiced"
    remedy: ClassVar[str] = (
        "Send the invoice back first; what was paid is corrected by a return or a price change."
    )

    def __str__(self) -> str:
        return f"advice {self.advice} is answered by invoice {self.invoice}"


@dataclass(eq=False)
class AdviceCancelled(Refusal):
    advice: str
    cancelled_on: date
    because: str
    code: ClassVar[str] = "advice-cancelled"
    remedy: ClassVar[str] = "What it told is on a later advice; name that one."

    def __str__(self) -> str:
        return f"advice {self.advice} was cancelled on {self.cancelled_on}: {self.because}"


@dataclass(eq=False)
class AskedBackAlready(Refusal):
    advice: str
    requests: int
    code: ClassVar[str] = "asked-back-already"
    remedy: ClassVar[str] = "Let it be invoiced; a debit memo then asks for what went back."

    def __str__(self) -> str:
        return f"goods of advice {self.advice} went back and are asked back ({self.requests} times)"
