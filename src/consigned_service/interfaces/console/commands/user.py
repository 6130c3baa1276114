"""Let people sign in for a party, and programs ask for it; see who may, and end it.

consigned user list                           who may sign in, and with which keys programs ask
consigned user add cass --party northwind     a person; the password is made up, and shown this once
consigned user password cass                  another password; open sessions end
consigned user disable cass                   sessions and keys end at once; enable lets in again
consigned user sign-out cass                  all sessions end
consigned user sign-ins                       who signed in and out, or failed to; also of a NAME
consigned user key cass --key tills           a key for programs that ask as cass (docs/API.md)
consigned user key cass --key bi --scope read --days 90
                                              one that may only read, for 90 days
consigned user revoke cass --key tills        nothing is answered to that key any more
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import datetime

from consigned.master_data.access import KeyScope
from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.console.options import first, lists, most, now
from consigned_service.interfaces.tables.text import answer, show, show_rest, show_table
from consigned_service.operations.master_data.users import (
    KEY_DAYS,
    UnknownUser,
    add_user,
    disable_user,
    enable_user,
    issue_key,
    renew_password,
    revoke_key,
    sign_out_user,
)
from consigned_service.queries.installation.users import all_users, sign_ins


def options(parser: ArgumentParser) -> None:
    parser.add_argument("act", metavar="ACT", choices=ACTS, help=f"one of {', '.join(ACTS)}")
    parser.add_argument("name", metavar="NAME", nargs="?", help="the user; list takes none")
    parser.add_argument("--party", metavar="PARTY", help="code of a new user's party")
    parser.add_argument(
        "--operator", action="store_true",
        help="a new user may also record what belongs to no party, or binds two: items, terms",
    )  # fmt: skip
    parser.add_argument(
        "--key", metavar="KEY", default="default",
        help="what a key is called, where a user has several (default)",
    )  # fmt: skip
    parser.add_argument(
        "--scope", choices=[*map(str, KeyScope)], default=KeyScope.RECORD,
        help="what a new key may do: read, or read and record (record)",
    )  # fmt: skip
    parser.add_argument(
        "--days", metavar="N", type=int, default=KEY_DAYS,
        help=f"for how many days a new key is in force ({KEY_DAYS})",
    )  # fmt: skip
    lists(parser)


def run(arguments: Namespace) -> int:
    if arguments.act not in FOR_ALL and not arguments.name:
        say(f"consigned user {arguments.act}: name the user")
        return MISUSED
    if arguments.act == "add" and not arguments.party:
        say("consigned user add: name the --party that the user belongs to")
        return MISUSED
    ACTS[arguments.act](arguments)
    return DONE


def _list(arguments: Namespace) -> None:
    page = first(list(all_users()), arguments)
    if arguments.json:
        answer(page.rows)
        return
    show_table(
        page.rows,
        {
            "User": lambda user: user.name,
            "Party": lambda user: user.party,
            "Operator": lambda user: user.is_operator,
            "Enabled": lambda user: user.is_enabled,
            "Last sign-in": lambda user: _minute(user.last_sign_in),
            "Keys": lambda user: [_key(*key) for key in user.keys],
        },
    )
    show_rest(page)


def _sign_ins(arguments: Namespace) -> None:
    page = sign_ins(arguments.name, most(arguments))
    if page is None:
        raise UnknownUser(arguments.name)
    if arguments.json:
        answer(page.rows)
        return
    show_table(
        page.rows,
        {
            "At": lambda row: _minute(row.at),
            "User": lambda row: row.user or f"unknown name {row.claimed_name[:8]}",
            "Outcome": lambda row: row.outcome,
            "Address": lambda row: row.address,
            "Device": lambda row: row.device,
            "Session": lambda row: row.session[:8],
        },
    )
    show_rest(page)


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M %Z}" if at else ""


def _key(name: str, scope: KeyScope, expires_at: datetime, last_used_on: object) -> str:
    used = f"last used {last_used_on}" if last_used_on else "never used"
    return f"{name} ({scope}, expires {expires_at:%Y-%m-%d}, {used})"


def _add(arguments: Namespace) -> None:
    name = arguments.name
    password = add_user(name=name, party=arguments.party, is_operator=arguments.operator)
    _answer(arguments, f"{name} signs in with the password {password}", password=password)


def _password(arguments: Namespace) -> None:
    password = renew_password(name=arguments.name)
    sentence = f"{arguments.name} signs in with the password {password}"
    _answer(arguments, sentence, password=password)


def _disable(arguments: Namespace) -> None:
    disable_user(name=arguments.name, at=now())
    _answer(arguments, f"{arguments.name} is disabled; its sessions and keys have ended")


def _enable(arguments: Namespace) -> None:
    enable_user(name=arguments.name)
    _answer(arguments, f"{arguments.name} is enabled, and needs new keys for programs")


def _sign_out(arguments: Namespace) -> None:
    ended = sign_out_user(name=arguments.name)
    _answer(arguments, f"Sessions of {arguments.name} that ended: {ended}", ended=ended)


def _issue(arguments: Namespace) -> None:
    name, key_name, scope = arguments.name, arguments.key, KeyScope(arguments.scope)
    key = issue_key(name=name, key_name=key_name, at=now(), scope=scope, days=arguments.days)
    _answer(arguments, f"Programs of {name} ask with the key {key}", key_name=key_name, key=key)


def _revoke(arguments: Namespace) -> None:
    name, key_name = arguments.name, arguments.key
    revoke_key(name=name, key_name=key_name, at=now())
    _answer(arguments, f"The key {key_name} of {name} opens nothing more", key_name=key_name)


ACTS: Mapping[str, Callable[[Namespace], None]] = {
    "list": _list,
    "add": _add,
    "password": _password,
    "disable": _disable,
    "enable": _enable,
    "sign-out": _sign_out,
    "sign-ins": _sign_ins,
    "key": _issue,
    "revoke": _revoke,
}
FOR_ALL = ("list", "sign-ins")
"""Acts that need no name."""


def _answer(arguments: Namespace, sentence: str, **facts: object) -> None:
    if arguments.json:
        answer({"name": arguments.name, **facts})
    else:
        show(sentence)
