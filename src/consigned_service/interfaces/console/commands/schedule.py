"""Say what is run by itself, for a party and from which local time on.

consigned schedule set advices --at 04:00              every day, once it is 04:00 everywhere
consigned schedule set payments --at 06:00 --days 15   Mondays and Fridays; they are proposed
consigned schedule pause aging                         and `resume`, and `remove`

The worker of `consigned serve` makes the runs; `consigned runs` shows how each ended.
"""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import time

from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.installation.runs import ACTS, pause, schedule, unschedule
from consigned_service.queries.core.operators import operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("set", "pause", "resume", "remove"))
    parser.add_argument("act", choices=[str(act) for act in ACTS])
    parser.add_argument("--at", metavar="HH:MM", type=_time, help="local time of the run")
    parser.add_argument(
        "--days", metavar="1234567", type=_days, default="1234567",
        help="days of the week, 1 is Monday (every day)",
    )  # fmt: skip
    acts_for(parser)


def run(arguments: Namespace) -> int:
    party = operator_for(arguments.party).party
    act = next(act for act in ACTS if act == arguments.act)
    if arguments.what == "set":
        if arguments.at is None:
            say("consigned schedule set: name the local time with --at, as 04:00")
            return MISUSED
        schedule(party=party, act=act, starts_at=arguments.at, weekdays=arguments.days)
    elif arguments.what == "remove":
        unschedule(party=party, act=act)
    else:
        pause(party=party, act=act, is_paused=arguments.what == "pause")
    done = {"set": "is scheduled", "pause": "rests", "resume": "goes on", "remove": "is by hand"}
    if arguments.json:
        answer({"act": act, "done": arguments.what})
    else:
        show(f"{act} {done[arguments.what]}.")
    return DONE


def _time(text: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ArgumentTypeError(f"{text!r} is no time, as 04:00 is one")
    return time.fromisoformat(text)


def _days(text: str) -> str:
    if not re.fullmatch(r"[1-7]{1,7}", text, re.ASCII):
        raise ArgumentTypeError(f"{text!r} names no days of the week; 1 is Monday, 7 Sunday")
    return "".join(sorted(set(text)))
