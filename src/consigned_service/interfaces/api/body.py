"""JSON as it is told, and nothing guessed: a name told twice is refused, and so is NaN."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from consigned_service.interfaces.api.refusals import NotJson


class StrictJson(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(
                request.body, object_pairs_hook=_names_told_once, parse_constant=_no_number
            )
        except RecursionError:
            raise NotJson("it is nested too deeply") from None
        except ValueError as wrong:
            raise NotJson(str(wrong)) from None


def _names_told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in told if names.count(name) > 1)
        raise ValueError(f"{twice[:40]!r} is said twice in one object")
    return told


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is not a number")
