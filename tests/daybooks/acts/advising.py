"""Advices: runs for one consignor or site, how they tell what was used, and what waits."""

from datetime import date
from typing import Any

from consigned.measure.identity import PartyId
from consigned.settlement.advices import Layout
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.exchange import delivery as communication
from consigned_service.operations.exchange.delivery import Letter, NoMailServer
from consigned_service.operations.settlement import advices, cancellations
from consigned_service.queries.settlement import advices as advice_queries
from consigned_service.queries.settlement.advices import AdviceTransaction
from consigned_service.queries.settlement.title_transfers import SettlingState, transfers_to_settle
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, after, at

SENTENCES = {
    "advise_some": [
        "advise {consignor} alone[ at site {site}]",
        "advise site {site} alone",
        "advise {how} kind",
        "advise with lots {lots}",
    ],
    "advice": ["advice {number}[ seen by {viewer}]"],
    "send_advices": ["send advices[ while {failing} mail goes]"],
    "how_sent": ["how {number} was sent[ seen by {viewer}]"],
    "cancel": ["cancel {number}[ as {viewer}] because {because*}"],
    "print_advice": ["print {number}"],
    "settling": ["where transfers stand[ in state {state}][ seen by {viewer}]"],
    "transactions": ["transactions of {number}[ line {line}][ seen by {viewer}]"],
}


class Acts:
    def advise_some(
        self: Any, day: date, consignor: str = "", site: str = "", how: str = "", lots: str = ""
    ) -> list[str]:
        only = models.Party.objects.get(code=consignor).pk if consignor else None
        layout = Layout(by_kind=how == "by", shows_lots=lots != "hidden")
        for holder in dict.fromkeys(self.holders.values()):
            advices.run_advices(
                consignee=PartyId(models.Party.objects.get(code=holder).pk),
                on=day, by=BY, at=after(day), consignor=only and PartyId(only), site=site,
                layout=layout,
            )  # fmt: skip
        return [*self._advices(), *self._invoices()] or ["nothing is due"]

    def advice(self: Any, day: date, number: str, viewer: str) -> list[str]:
        """Its head, with all that it keeps, and its lines."""
        found = advice_queries.advice(self._viewer(viewer), number)
        if found is None:
            return words.NOTHING
        head = found.head
        site = f" from {head.consignor_site}" if head.consignor_site else ""
        where = head.organization or "all organizations"
        return [
            f"{head.number} made on {head.made_on}, {head.starts_on} to {head.closes_on}",
            f"{head.consignor_name}{site} to {head.consignee_name} under {head.agreement}, bill to "
            f"{head.bill_to}, {where}: {head.amount}",
            f"kinds of use {'apart' if head.by_kind else 'together'}, lots and serials "
            f"{'shown' if head.shows_lots else 'hidden'}",
            *(
                f"  {line.line}: {line.quantity} of {line.item}"
                + (f" ({' and '.join(map(str, line.as_ordered))})" if line.as_ordered else "")
                + (f" for {line.use_kind}" if line.use_kind else "")
                + f", price {line.price}: {line.amount}"
                for line in found.lines.rows
            ),
        ]

    def send_advices(self: Any, day: date, failing: str) -> list[str]:
        """Each holder's, in the order of their advices."""
        told: list[str] = []
        for holder in dict.fromkeys(self.holders.values()):
            sent = communication.send_advices(
                consignee=PartyId(models.Party.objects.get(code=holder).pk), by=BY, at=at(day),
                write=letters.write, post=_no_mail if failing else _mail,
            )  # fmt: skip
            told += [f"{one.number} by {one.by} to {one.to}" for one in sent.by_mail]
            told += [f"{one.number} on the portal" for one in sent.on_the_portal]
            told += [f"{one.number} is to be printed" for one in sent.to_print]
            told += [f"{one.advice} not sent: {one.because}" for one in sent.unsent]
        return told or ["nothing is to be sent"]

    def cancel(self: Any, day: date, number: str, viewer: str, because: str) -> list[str]:
        holder = models.Party.objects.get(code=viewer or next(iter(self.holders.values())))
        cancellations.cancel_advice(
            consignee=PartyId(holder.pk), number=number, because=because, by=BY, at=at(day)
        )
        return []

    def how_sent(self: Any, day: date, number: str, viewer: str) -> list[str]:
        found = advice_queries.advice(self._viewer(viewer), number)
        if found is None:
            return words.NOTHING
        head = found.head
        if head.told_by is None or head.told_at is None:
            return [f"{number} was not sent yet"]
        return [f"{number} by {head.told_by} to {head.told_to} on {head.told_at.date()}"]

    def print_advice(self: Any, day: date, number: str) -> list[str]:
        holder = models.Party.objects.get(code=next(iter(self.holders.values())))
        printed = communication.record_printed(
            consignee=PartyId(holder.pk), number=number, by=BY, at=at(day)
        )
        return [f"{number} is told" if printed else f"{number} is shown again"]

    def transactions(self: Any, day: date, number: str, line: str, viewer: str) -> list[str]:
        page = advice_queries.advice_transactions(
            self._viewer(viewer), number, line=int(line) if line else None
        )
        return [_transaction(row) for row in page.rows] if page and page.rows else words.NOTHING

    def settling(self: Any, day: date, state: str, viewer: str) -> list[str]:
        rows = transfers_to_settle(
            self._viewer(viewer), state=SettlingState(state) if state else None
        ).rows
        return [
            f"{row.happened_on} {row.quantity} of {row.item}, {row.owner_name}: {row.state}"
            + (f" for {row.reason}" if row.reason else "")
            + (f" on {row.advice}/{row.advice_line}" if row.advice else "")
            + f", {row.vouchered}"
            for row in reversed(rows)
        ] or words.NOTHING


def _mail(letter: Letter) -> None:
    """A mail server that takes every letter."""


def _no_mail(letter: Letter) -> None:
    raise NoMailServer("connection refused")


def _transaction(row: AdviceTransaction) -> str:
    as_ordered = row.consumed_as_ordered
    return "".join(
        (
            f"{row.line}: {row.happened_on} {row.consumed} of {row.item} for {row.kind}",
            f" ({as_ordered})" if as_ordered != row.consumed else "",
            f" at {row.price}: {row.amount}",
            f" ({row.own_amount} at {row.exchange_rate_type} {row.rate} of {row.rate_on})"
            if row.rate
            else "",
            f", billed {row.billed_amount}" if row.billed.micros else "",
            f", receipt {row.receipt}/{row.receipt_line}" if row.receipt else "",
            f", order {row.order}/{row.order_line}" if row.order else "",
            f", lot {row.lot}" if row.lot else "",
            f", serial {row.serial}" if row.serial else "",
            f", changed by {row.price_change}" if row.price_change else "",
        )
    )
