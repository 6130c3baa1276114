"""What prices come to, worked out where the rows are: rounded once for each, half to even.

A sum over a hundred thousand rows is one row that is read. A product that 64 bits may not hold is
left to us: `fits` says which, and such rows are read with their quantity and price.
"""

from consigned.measure.money import MINOR_DIGITS
from consigned.measure.quantity import MICROS

LARGEST = 4 * 10**18
"""A product below it, and twice what is left of its division, are held by 64 bits."""
USUAL_DIGITS = 2


def fits(quantity: str, price: str) -> str:
    """Whether the amount can be worked out in the database, in SQL."""
    return f"({price} = 0 OR ABS({quantity}) <= {LARGEST} / ABS({price}))"


def amount(quantity: str, price: str, currency: str, per: str) -> str:
    """The amount of a price for a quantity in minor units, in SQL, of what `fits`.

    Quantities, prices and `per` are in millionths, as columns keep them. Per cent signs are
    doubled, as in every statement that has parameters.
    """
    product = f"(ABS({quantity}) * ABS({price}))"
    lot = f"({per} * {_micros_of_minor(currency)})"
    whole, left = f"({product} / {lot})", f"({product} %% {lot})"
    is_up = f"({left} > {lot} - {left} OR {left} = {lot} - {left} AND {whole} %% 2 = 1)"
    sign = f"CASE WHEN ({quantity} < 0) = ({price} < 0) THEN 1 ELSE -1 END"
    return f"({sign}) * ({whole} + CASE WHEN {is_up} THEN 1 ELSE 0 END)"


def _micros_of_minor(currency: str) -> str:
    """How many millionths of a currency its minor unit is. The usual ones are told apart by one
    search, and not by a comparison with each of the others."""
    others = {code: digits for code, digits in MINOR_DIGITS.items() if digits != USUAL_DIGITS}
    named = ", ".join(f"'{code}'" for code in sorted(others))
    each = " ".join(
        f"WHEN '{code}' THEN {MICROS // 10**digits}" for code, digits in sorted(others.items())
    )
    usual = MICROS // 10**USUAL_DIGITS
    return f"(CASE WHEN {currency} IN ({named}) THEN CASE {currency} {each} END ELSE {usual} END)"
