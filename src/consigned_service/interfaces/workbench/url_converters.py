"""Codes in addresses. A code may hold any printable sign, an address not: `/` is written `~1` and
`~` is written `~0`, as in a JSON pointer, and a code of nothing but dots gets a `~2` before it."""

from django.urls import register_converter


class Code:
    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value.removeprefix("~2").replace("~1", "/").replace("~0", "~")

    def to_url(self, value: str) -> str:
        written = str(value).replace("~", "~0").replace("/", "~1")
        return f"~2{written}" if not written.strip(".") else written


class Number:
    """A number of the ledger: as long as a column holds it."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Code, "code")
register_converter(Number, "number")
