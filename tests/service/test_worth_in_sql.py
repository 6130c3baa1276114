"""What a price comes to in the database is what it comes to in the business, to the minor unit."""

from itertools import product

from consigned.measure.money import Price
from consigned_service.queries.core.worth import LARGEST, amount, fits
from consigned_service.records.sql import bulk
from tests.support.databases import Database

QUANTITIES = (0, 1, 999_999, 1_000_000, 2_500_000, -2_500_000, 12_345_678_901, 10**12)
PRICES = (0, 1, 5_000, 10_000, 15_000, 1_005_000, 3_333_333, -1_005_000, 10**9 * 10**6)
CURRENCIES = ("USD", "JPY", "KWD", "CLF")
LOTS = (1_000_000, 12_000_000, 3_000_000)


def test_an_amount_is_rounded_in_sql_as_the_business_rounds_it(database: Database) -> None:
    worked_out = f"CASE WHEN {fits('x.q', 'x.p')} THEN {amount('x.q', 'x.p', 'x.c', 'x.lot')} END"
    cases = list(product(QUANTITIES, PRICES, CURRENCIES, LOTS))
    told = [
        bulk.fetch(
            f"SELECT {worked_out} FROM (SELECT CAST(%s AS bigint) AS q, CAST(%s AS bigint) AS p, "
            "CAST(%s AS varchar(3)) AS c, CAST(%s AS bigint) AS lot) x",
            list(case),
        )[0][0]
        for case in cases
    ]
    expected = [
        Price(price, currency, lot).extend(quantity) if abs(quantity * price) <= LARGEST else None
        for quantity, price, currency, lot in cases
    ]
    assert told == expected
    assert None in told
