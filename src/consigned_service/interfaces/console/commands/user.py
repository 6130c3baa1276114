"""Let somebody sign in for a party, or a program ask for it, by a password or key shown this once.

consigned user add cass --party northwind     a person; the password is made up
consigned user password cass                  another password
consigned user key cass --key tills           a key for programs that ask as cass (docs/API.md)
consigned user key cass --key bi --scope read --days 90
                                              one that may only read, for 90 days
consigned user revoke cass --key tills        nothing is answered to that key any more
"""

from argparse import ArgumentParser, Namespace

from consigned.master_data.access import KeyScope
from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.console.options import now
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.master_data.users import (
    KEY_DAYS,
    add_user,
    issue_key,
    renew_password,
    revoke_key,
)


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "act", metavar="ACT", choices=("add", "password", "key", "revoke"),
        help="add a user, or give one a new password; issue a key for programs, or revoke it",
    )  # fmt: skip
    parser.add_argument("name", metavar="NAME")
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


def run(arguments: Namespace) -> int:
    name, key_name = arguments.name, arguments.key
    if arguments.act == "add" and not arguments.party:
        say("consigned user add: name the --party that the user belongs to")
        return MISUSED
    if arguments.act == "add":
        password = add_user(name=name, party=arguments.party, is_operator=arguments.operator)
        _tell(arguments, f"{name} signs in with the password {password}", password=password)
    elif arguments.act == "password":
        password = renew_password(name=name)
        _tell(arguments, f"{name} signs in with the password {password}", password=password)
    elif arguments.act == "key":
        scope, days = KeyScope(arguments.scope), arguments.days
        key = issue_key(name=name, key_name=key_name, at=now(), scope=scope, days=days)
        _tell(arguments, f"Programs of {name} ask with the key {key}", key_name=key_name, key=key)
    else:
        revoke_key(name=name, key_name=key_name, at=now())
        _tell(arguments, f"The key {key_name} of {name} opens nothing more", key_name=key_name)
    return DONE


def _tell(arguments: Namespace, sentence: str, **facts: str) -> None:
    if arguments.json:
        answer({"name": arguments.name, **facts})
    else:
        show(sentence)
