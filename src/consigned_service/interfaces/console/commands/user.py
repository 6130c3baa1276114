"""Let somebody sign in for a party, with a password that is shown this once."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.answers import answer, show
from consigned_service.interfaces.console.exits import DONE, MISUSED, say
from consigned_service.operations.users import add_user, renew_password


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "act", metavar="ACT", choices=("add", "password"),
        help="add a user, or give one a new password",
    )  # fmt: skip
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--party", metavar="PARTY", help="code of a new user's party")


def run(arguments: Namespace) -> int:
    if arguments.act == "password":
        password = renew_password(name=arguments.name)
    elif arguments.party:
        password = add_user(name=arguments.name, party=arguments.party)
    else:
        say("consigned user add: name the --party that the user belongs to")
        return MISUSED
    if arguments.json:
        answer({"name": arguments.name, "password": password})
    else:
        show(f"{arguments.name} signs in with the password {password}")
    return DONE
