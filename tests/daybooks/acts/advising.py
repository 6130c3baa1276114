"""Advices: runs for one consignor or site, how they tell what was used, and what waits."""

from datetime import date
from typing import Any

from consigned.measure.identity import PartyId
from consigned.settlement.advices import Layout
from consigned_service.operations import advices
from consigned_service.queries import advices as advice_queries
from consigned_service.queries.advices import AdviceTransaction
from consigned_service.queries.settling import SettlingState, transfers_to_settle
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "advise_some": [
        "advise {consignor} alone[ at site {site}]",
        "advise site {site} alone",
        "advise {how} kind",
        "advise with lots {lots}",
    ],
    "advice": ["advice {number}[ seen by {viewer}]"],
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
                on=day, by=BY, at=at(day), consignor=only and PartyId(only), site=site,
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

    def transactions(self: Any, day: date, number: str, line: str, viewer: str) -> list[str]:
        page = advice_queries.advice_transactions(
            self._viewer(viewer), number, line=int(line) if line else None
        )
        return [_transaction(row) for row in page.rows] if page and page.rows else words.NOTHING

    def settling(self: Any, day: date, state: str, viewer: str) -> list[str]:
        rows = transfers_to_settle(
            self._viewer(viewer), state=SettlingState(state) if state else None
        )
        return [
            f"{row.happened_on} {row.quantity} of {row.item}, {row.owner_name}: {row.state}"
            + (f" for {row.reason}" if row.reason else "")
            + (f" on {row.advice}/{row.advice_line}" if row.advice else "")
            for row in reversed(rows)
        ] or words.NOTHING


def _transaction(row: AdviceTransaction) -> str:
    as_ordered = row.consumed_as_ordered
    return "".join(
        (
            f"{row.line}: {row.happened_on} {row.consumed} of {row.item} for {row.kind}",
            f" ({as_ordered})" if as_ordered != row.consumed else "",
            f" at {row.price}: {row.amount}",
            f" ({row.own_amount} at {row.rate_kind} {row.rate} of {row.rate_on})"
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
