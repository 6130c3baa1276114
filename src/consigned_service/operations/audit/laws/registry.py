"""All laws of an audit, each one record: its name, the sentence that holds, and its check.

The audit checks them, docs/LAWS.md lists them, and the tests plant a fault for each.
"""

from collections.abc import Iterator

from consigned.title.laws import Broken, Law, law
from consigned_service.operations.audit.laws import accounts, goods, installation, seals, settlement
from consigned_service.operations.audit.laws.facts import Facts

OF_THE_INSTALLATION: tuple[Law[[]], ...] = installation.LAWS
"""What holds over all organizations."""

OF_EACH_LEDGER: tuple[Law[[Facts]], ...] = (
    *seals.LAWS,
    *goods.LAWS,
    *settlement.LAWS,
    *accounts.LAWS,
)
"""What holds of each organization's ledger."""


@law(
    "every fact can be read",
    "Nothing was altered into nonsense; a law whose facts cannot be read is named, and the others "
    "are checked all the same.",
)
def every_fact_can_be_read(unread: str, error: Exception) -> Iterator[Broken]:
    """Broken by each law whose reading ends with an error."""
    yield unread, f"the rest was not audited: {error!r}"
