"""How a day book puts things: the same words in every world."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consigned.measure.money import show_amount, show_price
from consigned.measure.quantity import show_micros
from consigned.title.entry import TITLE_KINDS


class End(NamedTuple):
    """One end of an entry: whose the goods are, and where."""

    owner: str
    place: str


def amount(micros: int, unit: str, item: str) -> str:
    return f"{show_micros(micros)} {unit} of {item}"


def entry(kind: str, goods: str, layer: str, source: End, target: End) -> str:
    """An entry in one of its two stories: of the owner, or of the place."""
    if kind in TITLE_KINDS:
        return f"{kind} {goods} ({layer}): {source.owner} > {target.owner}, at {source.place}"
    return f"{kind} {goods} ({layer}): {source.place} > {target.place}, {whose(source.owner)}"


def whose(owner: str) -> str:
    return f"{owner}'" if owner.endswith("s") else f"{owner}'s"


def layer(receipt: str, line: int) -> str:
    return receipt if line == 1 else f"{receipt}/{line}"


def holding(goods: str, layer: str, owner: str, place: str) -> str:
    return f"{goods} ({layer}), {whose(owner)}, at {place}"


def waiting(reason: str, goods: str) -> str:
    return f"waits: {goods}, {reason}"


NOTHING = ["nothing"]
NOTHING_MOVES = ["nothing moves"]
NOTHING_CHANGES = ["told before, nothing changes"]


class Terms(NamedTuple):
    """The terms of an agreement, read from their list."""

    starts_on: str
    ends_on: str = ""
    frequency: str = ""
    first_closing_on: str = ""
    title_rule: str = ""
    summary_level: str = ""
    settlement_method: str = ""
    price_sources: str = ""
    price_terms: str = ""
    payment_days: str = ""
    over_receipt_percent: str = ""
    under_receipt_percent: str = ""
    includes_in_transit: str = ""
    aging_days: str = ""
    aging_onset: str = ""
    aged_outcome: str = ""
    display_days: str = ""
    return_by: str = ""
    end_of_term: str = ""
    grace_days: str = ""
    rotation_percent: str = ""
    rotation_every_days: str = ""
    sourced_from: str = ""
    sourced_from_place: str = ""
    loss_responsibility: str = ""
    liability: str = ""
    usage_basis: str = ""
    count_method: str = ""
    count_every_days: str = ""
    cycle_count_percent: str = ""
    shrinkage_warning_percent: str = ""
    title_after_inspection: str = ""
    consignor_site: str = ""
    bill_to: str = ""
    invoice_tolerance: str = ""
    advice_channel: str = ""
    advice_address: str = ""
    taxed: str = ""
    closing_days: str = ""
    cycle_by: str = ""
    advice_grace_days: str = ""
    customer_returns: str = ""


def terms(said: str) -> Terms:
    """Terms as in 'from 2026-01-01, weekly closing 2026-03-06, title on-withdrawal'."""
    read: dict[str, str] = {}
    for term in said.split(", "):
        match term.split():
            case ["from", day]:
                read["starts_on"] = day
            case ["until", day]:
                read["ends_on"] = day
            case ["ships", "from", site]:
                read["consignor_site"] = site
            case ["daily"]:
                read["frequency"] = "daily"
            case ["cycles", "by", "day", "of", "use"]:
                read["cycle_by"] = "happened"
            case ["advised", "after", days, "days", "of", "grace"]:
                read["advice_grace_days"] = days
            case ["on", "fixed", "dates", *days]:
                read |= {"frequency": "fixed-dates", "closing_days": " ".join(days)}
            case [frequency, "closing", day, "year", "ending", "near", year_day]:
                read |= {"frequency": frequency, "first_closing_on": day}
                read["closing_days"] = year_day
            case [frequency, "closing", day]:
                read |= {"frequency": frequency, "first_closing_on": day}
            case ["customer", "returns", whose]:
                read["customer_returns"] = whose
            case ["title", rule]:
                read["title_rule"] = rule
            case ["advice", "per", level]:
                read["summary_level"] = level
            case ["settled", "by", method]:
                read["settlement_method"] = method
            case ["prices", "from", *sources]:
                read["price_sources"] = " ".join(sources)
            case ["invoices", "within", *tolerance]:
                read["invoice_tolerance"] = " ".join(tolerance)
            case ["prices", "by", *price_terms]:
                read["price_terms"] = " ".join(price_terms)
            case ["paid", "in", days, "days"]:
                read["payment_days"] = days
            case ["ages", "after", days, "days", *onset]:
                read |= {"aging_days": days, "aging_onset": " ".join(onset[1:])}
            case ["aged", "bought", "automatically"]:
                read["aged_outcome"] = "automatic"
            case ["on", "display", "for", days, "days"]:
                read["display_days"] = days
            case ["return", "by", day]:
                read["return_by"] = day
            case ["then", outcome]:
                read["end_of_term"] = outcome
            case ["grace", days, "days"]:
                read["grace_days"] = days
            case ["supplied", "from", organization, place]:
                read |= {"sourced_from": organization, "sourced_from_place": place}
            case ["rotates", percent, "percent", "every", days, "days"]:
                read |= {"rotation_percent": percent, "rotation_every_days": days}
            case ["over-receipt", percent, "%"]:
                read["over_receipt_percent"] = percent
            case ["under-receipt", percent, "%"]:
                read["under_receipt_percent"] = percent
            case ["covers", "transit"]:
                read["includes_in_transit"] = "yes"
            case ["losses", *bearers]:
                read["loss_responsibility"] = " ".join(bearers)
            case ["usage", "by", "count"]:
                read["usage_basis"] = "counted"
            case ["counted", method, "every", days, "days", *share]:
                read |= {"count_method": method, "count_every_days": days}
                read["cycle_count_percent"] = share[0] if share else ""
            case ["warned", "at", percent, "percent"]:
                read["shrinkage_warning_percent"] = percent
            case ["liability", *words]:
                read["liability"] = " ".join(words)
            case ["advised", "by", way, *address]:
                read |= {"advice_channel": way, "advice_address": " ".join(address[1:])}
            case ["taxed"]:
                read["taxed"] = "yes"
            case ["billed", "to", organization]:
                read["bill_to"] = organization
            case ["held", "for", "quality"]:
                read["title_after_inspection"] = "yes"
            case _:
                raise ValueError(f"no term of an agreement: {term!r}")
    return Terms(**read)


# --- what is settled ---------------------------------------------------------------------


def money(amount: int, currency: str) -> str:
    return f"{show_amount(amount, currency)} {currency}"


def advice(
    number: str, consignor: str, agreement: str, starts_on: date, closes_on: date,
    scope: Iterable[object], amount: int, currency: str, tax: int = 0,
) -> str:  # fmt: skip
    what = " ".join(str(part) for part in scope if part) or "all organizations"
    return (
        f"{number} to {consignor} under {agreement}, {starts_on} to {closes_on}, {what}: "
        f"{money(amount, currency)}" + (f" and {money(tax, currency)} tax" if tax else "")
    )


def advice_line(
    number: int, goods: str, organization: str, price: int, amount: int, currency: str,
    taxed: str = "", tax: int = 0,
) -> str:  # fmt: skip
    said = f"price {show_price(price)}: {money(amount, currency)}"
    said += f" and {money(tax, currency)} by {taxed}" if taxed else ""
    return f"  {number}: {goods} at {organization}, {said}"


def owed(
    agreement: str, organization: str, currency: str, running: int, advised: int, invoiced: int,
    credited: int = 0, asked_back: int = 0, elsewhere: int = 0,
) -> str:  # fmt: skip
    parts = (
        ("running", running), ("advised", advised), ("invoiced", invoiced), ("credited", -credited),
    )  # fmt: skip
    also = f"; {money(asked_back, currency)} asked back" if asked_back else ""
    also += f"; {money(elsewhere, currency)} open elsewhere" if elsewhere else ""
    said = "".join(f", {money(amount, currency)} {name}" for name, amount in parts if amount)
    total = money(sum(p[1] for p in parts), currency)
    return f"under {agreement} at {organization}: {total}{said}{also}"


def exception(goods: str, reason: str, sentence: str) -> str:
    return f"{goods}, {reason}: {sentence}"
