"""docs/LAWS.md is what the audit checks, and the audit checks every law that is declared."""

from consigned.title.laws import Law
from consigned_service.operations.audit.laws import accounts, goods, installation, seals, settlement
from consigned_service.operations.audit.laws.registry import OF_EACH_LEDGER, OF_THE_INSTALLATION
from tests import law_page


def test_the_page_is_up_to_date() -> None:
    written = law_page.PAGE.read_text(encoding="utf-8")
    assert written == law_page.page(), "run python -m tests.law_page"


def test_every_law_that_is_declared_is_checked() -> None:
    declared = {
        one.name
        for module in (accounts, goods, installation, seals, settlement)
        for one in vars(module).values()
        if isinstance(one, Law)
    }
    checked = {one.name for one in (*OF_EACH_LEDGER, *OF_THE_INSTALLATION)}
    assert len(declared) > 40
    assert declared - checked == set()
