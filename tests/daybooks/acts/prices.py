"""Prices: by scale, discount and share of the sale, which applies, and changed for days gone."""

from datetime import date
from typing import Any

from consigned.measure.money import Price, parse_price
from consigned.measure.quantity import parse_micros
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import agreements, price_withdrawals
from consigned_service.operations.settlement import price_changes
from consigned_service.queries.settlement import agreements as agreement_queries
from consigned_service.queries.settlement import payables as owed_queries
from consigned_service.queries.settlement import prices as price_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "scaled_price": [
        "price of {item} under {agreement} is {price}[ per {unit}] from {starts_on}"
        "[ until {ends_on}], for {from_quantity} or more[, {price_terms*}]",
    ],
    "made_price": [
        "price of {item} under {agreement}[ is {price}][ per {unit}] from {starts_on}"
        "[ until {ends_on}], by {price_terms*}",
    ],
    "which_price": [
        "which price for {quantity} of {item} under {agreement}[ on {on}][ said {said}]"
        "[ ordered at {ordered}][ sold at {sold_at}][ seen by {viewer}]"
    ],
    "change_price": [
        "change price of {item} under {agreement} to {price}[ per {unit}] from {starts_on}"
        "[ until {ends_on}] as {reference}",
    ],
    "withdraw_price": [
        "withdraw price of {item} under {agreement} from {starts_on}[, for {from_quantity} or more]"
        ' as {reference} because "{because}"',
    ],
    "withdrawn": ["withdrawn prices of {agreement}[ seen by {viewer}]"],
    "effect": [
        "effect of {item} under {agreement} at {price} from {starts_on}[ until {ends_on}]"
        "[ seen by {viewer}]"
    ],
    "margins": ["margins[ seen by {viewer}]"],
    "running": ["running under {agreement}[ in {organization}]"],
}


class Acts:
    def scaled_price(
        self: Any, day: date, item: str, agreement: str, price: str, unit: str, starts_on: str,
        ends_on: str, from_quantity: str, price_terms: str,
    ) -> list[str]:  # fmt: skip
        line = written(
            agreements.PriceLine,
            agreement,
            item,
            starts_on,
            price,
            ends_on,
            unit,
            from_quantity,
            price_terms,
        )
        agreements.register_prices(lines=[line]).or_raise()
        return []

    def made_price(self: Any, day: date, **said: str) -> list[str]:
        done: list[str] = self.scaled_price(day, from_quantity="", **said)
        return done

    def which_price(
        self: Any, day: date, quantity: str, item: str, agreement: str, on: str, said: str,
        ordered: str, sold_at: str, viewer: str,
    ) -> list[str]:  # fmt: skip
        found = price_queries.price_of_use(
            self._viewer(viewer), agreement, item,
            on=date.fromisoformat(on) if on else day, quantity=parse_micros(quantity),
            said=parse_price(said) if said else None,
            order_price=parse_price(ordered) if ordered else None,
            sold_at=parse_price(sold_at) if sold_at else None,
        )  # fmt: skip
        return [
            f"{found.price}, {found.rule}" if found.price else "it would wait for a price",
            *(
                f"  {one.source}: {one.price or 'none'}"
                + (f", {one.because}" if one.because else "")
                for one in found.tried
            ),
        ]

    def change_price(
        self: Any, day: date, item: str, agreement: str, price: str, unit: str, starts_on: str,
        ends_on: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = written(
            price_changes.PriceChangeLine,
            agreement,
            reference,
            item,
            starts_on,
            price,
            ends_on,
            unit,
        )
        outcome = price_changes.change_prices_retroactively(lines=[line], by=BY, at=at(day))
        outcome.or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else ["done"]

    def withdraw_price(
        self: Any, day: date, item: str, agreement: str, starts_on: str, from_quantity: str,
        reference: str, because: str,
    ) -> list[str]:  # fmt: skip
        line = written(
            price_withdrawals.PriceWithdrawalLine,
            agreement,
            reference,
            item,
            starts_on,
            because,
            from_quantity,
        )
        outcome = price_withdrawals.withdraw_prices(lines=[line], by=BY, at=at(day))
        outcome.or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else ["done"]

    def withdrawn(self: Any, day: date, agreement: str, viewer: str) -> list[str]:
        found = agreement_queries.agreement(self._viewer(viewer), agreement, today=day)
        return [
            f"{one.price} for {one.item} from {one.starts_on}, withdrawn by {one.recorded_by} "
            f"on {one.recorded_at:%Y-%m-%d}: {one.because}"
            for one in found.withdrawn
        ] or words.NOTHING

    def effect(
        self: Any, day: date, item: str, agreement: str, price: str, starts_on: str, ends_on: str,
        viewer: str,
    ) -> list[str]:  # fmt: skip
        found = price_queries.effect_of_change(
            self._viewer(viewer), agreement, item, price=Price(parse_price(price), "USD"),
            starts_on=date.fromisoformat(starts_on),
            ends_on=date.fromisoformat(ends_on) if ends_on else None,
        )  # fmt: skip
        return [
            f"{one.quantity} at {one.organization}, {one.amount} at {one.price}, "
            f"{one.amount_after} then: {one.difference} {one.settled}"
            for one in found
        ] or words.NOTHING

    def margins(self: Any, day: date, viewer: str) -> list[str]:
        return [
            f"{one.quantity} of {one.item} under {one.agreement}, {one.lay_days} days old: regular "
            f"{one.regular}, sold for {one.sold}, settled at {one.settled}, margin {one.margin} "
            f"and not {one.margin_at_regular}, {one.lost} lost"
            for one in price_queries.margins(self._viewer(viewer))
        ] or words.NOTHING

    def running(self: Any, day: date, agreement: str, organization: str) -> list[str]:
        page = owed_queries.running_totals(
            self._viewer(""), agreement, organization or self._first(), order=("number",)
        )
        return [
            f"{total.quantity} of {total.item} used on {total.happened_on} for {total.kind}, "
            f"price {total.price}, {total.price_source}: "
            f"{words.money(total.amount.minor, total.amount.currency)}"
            for total in page.rows
        ] or words.NOTHING
