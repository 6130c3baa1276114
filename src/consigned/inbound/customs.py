"""Customs: how goods stand with them, under which document, and where they were made (E27).

Goods are free, or they lie bonded or in a free zone, where duty is not yet due.

Refuses: NotACountry.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.refusal import Refusal


class CustomsStatus(StrEnum):
    """Whether duty is paid or was never due, or not due yet."""

    FREE = "free"
    BONDED = "bonded"
    FREE_ZONE = "free-zone"


@dataclass(eq=False)
class NotACountry(Refusal):
    said: str
    code: ClassVar[str] = "not-a-country"
    remedy: ClassVar[str] = "Give the two letters of ISO 3166, as DE or US."

    def __str__(self) -> str:
        return f"{self.said!r} is the code of no country"


class Customs(NamedTuple):
    """What is told to customs of some goods; nothing where it does not matter."""

    status: str | None = None
    document: str | None = None
    origin: str | None = None


def check_country(said: str) -> str | None:
    """A country by its two letters; nothing said is no country."""
    code = said.strip().upper()
    if code and (len(code) != 2 or code not in _COUNTRIES):
        raise NotACountry(said.strip()[:40])
    return code or None


_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW"
)
_COUNTRIES = frozenset(_CODES.split())
