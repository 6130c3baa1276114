"""Many sell from one shelf at once: nothing goes below nothing, nothing is lost, nothing twice."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from consigned.measure.refusal import Refusal
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.returns import returns
from consigned_service.records import models
from consigned_service.records.ledger import posting as ledger
from tests.service.lawful import broken_laws, open_exceptions
from tests.service.shop import (
    BY,
    DAY,
    NOW,
    batches,
    open_shop,
    organization_id,
    quantity,
    sell,
    sell_in_process,
)
from tests.support.databases import Database

THREADS, PROCESSES = 16, 4
LINES_EACH, BATCH = 60, 15


def at_once(acts: Iterable[Callable[[], object]]) -> list[object]:
    """Do all acts in threads that start together; a failure of one is the failure of all."""
    acts = list(acts)
    gate = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(do, act) for act in acts]]


def seller(name: str) -> Callable[[], list[Result]]:
    return lambda: [sell("S1", name, lines) for lines in batches(0, LINES_EACH, BATCH)]


@pytest.mark.rows("L04", "O36")
def test_sixteen_threads_and_four_processes_over_use_one_shelf(database: Database) -> None:
    """They ask for more than twice what is there: what was there is used, the rest waits."""
    open_shop("S1", shelf=1000)
    processes = [sell_in_process("S1", f"process-{n}", 0, LINES_EACH, BATCH)
                 for n in range(PROCESSES)]  # fmt: skip
    outcomes = at_once(seller(f"thread-{n}") for n in range(THREADS))
    for process in processes:
        said, failed = process.communicate(timeout=120)
        assert (process.returncode, said.split()[-1]) == (0, str(LINES_EACH)), failed
    assert all(outcome.new == BATCH for each in outcomes for outcome in each)

    sold = (THREADS + PROCESSES) * sum(map(quantity, range(LINES_EACH)))
    shop = models.Organization.objects.get()
    waiting = sum(exception.quantity for exception in open_exceptions(shop)) // 10**6
    issued = sum(e.quantity for e in models.Entry.objects.filter(kind="issued")) // 10**6
    assert (issued, waiting) == (1000, sold - 1000)
    assert not models.Balance.objects.filter(is_outer=False).exists()
    assert models.Consumption.objects.count() == (THREADS + PROCESSES) * LINES_EACH
    assert broken_laws() == []


def test_at_the_desk_what_is_refused_leaves_no_trace(database: Database) -> None:
    """Sixteen ask for a tenth of the shelf each: ten get it, whole, and six are told no."""
    open_shop("S1", shelf=120, layers=3)

    def ask(name: str) -> str:
        try:
            sell("S1", name, range(6), waits=False)  # 1 + 2 + 3 + 1 + 2 + 3 EA
        except Exception as refusal:  # noqa: BLE001, what it is, is the question
            return type(refusal).__name__
        return "sold"

    told = at_once((lambda name=f"desk-{n}": ask(name)) for n in range(THREADS))
    assert sorted(told) == ["NotEnoughOnHand"] * 6 + ["sold"] * 10
    assert models.Consumption.objects.count() == 60
    assert not models.Balance.objects.filter(is_outer=False).exists()
    assert broken_laws() == []


def test_what_all_report_at_once_is_counted_once(database: Database) -> None:
    """Sixteen threads send the very same lines, each in another order and other batches."""
    open_shop("S1", shelf=1000)
    numbers = list(range(120))

    def resend(nth: int) -> tuple[int, int]:
        turned = numbers[nth * 7 :] + numbers[: nth * 7]
        size = 10 + nth
        sent = [
            sell("S1", "till", turned[start : start + size]) for start in range(0, 120, size)
        ]  # fmt: skip
        return sum(outcome.new for outcome in sent), sum(outcome.repeated for outcome in sent)

    counts = at_once((lambda nth=n: resend(nth)) for n in range(THREADS))
    assert sum(new for new, _ in counts) == 120
    assert sum(repeated for _, repeated in counts) == 120 * (THREADS - 1)
    used = sum(entry.quantity for entry in models.Entry.objects.filter(kind="issued"))
    assert used == sum(map(quantity, numbers)) * 10**6
    assert models.Consumption.objects.count() == 120
    assert broken_laws() == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_organizations_never_wait_for_one_another(database: Database) -> None:
    """While S1's ledger is locked, S2 and S3 post, all three of the same consignors' goods; and
    S1 posts when it is free."""
    open_shop("S1", "S2", "S3")
    first = models.Organization.objects.get(code="S1").pk
    done: list[str] = []

    def sell_at(code: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '20s'")
        for lines in batches(0, 50, 10):
            sell(code, "till", lines)
        done.append(code)
        connections.close_all()

    with ThreadPoolExecutor(3) as pool, ledger.writing([first]):
        waits = pool.submit(sell_at, "S1")
        for free in [pool.submit(sell_at, code) for code in ("S2", "S3")]:
            free.result(timeout=20)
        assert sorted(done) == ["S2", "S3"]
        assert not waits.done()
    waits.result(timeout=20)
    assert broken_laws() == []


@pytest.mark.rows("O34", "O51")
def test_what_all_send_back_at_once_goes_back_once(database: Database) -> None:
    """Eight turn title back while eight send the same goods away: each piece goes one way, once."""
    open_shop("S1", shelf=40)
    shop = organization_id("S1")
    line = written(consumption.Reported, "k1", "BOLT", "16", DAY, kind="transfer-to-owned")
    consumption.record_consumption(
        organization=shop, lines=[line], source="desk", by=BY, at=NOW
    ).or_raise()

    def turn_back(name: str) -> str:
        told = written(returns.ToConsignedLine, name, "BOLT", "2", DAY)
        return _said(lambda: returns.transfer_to_consigned(
            organization=shop, lines=[told], by=BY, at=NOW
        ))  # fmt: skip

    def send(name: str) -> str:
        told = written(
            returns.ReturnLine, name, "BOLT", "2", DAY, owned="yes", with_title_transfer="yes"
        )
        return _said(lambda: returns.return_to_supplier(
            organization=shop, lines=[told], by=BY, at=NOW
        ))  # fmt: skip

    acts = [lambda act=act, n=n: act(f"{act.__name__}-{n}") for act in (turn_back, send)
            for n in range(8)]  # fmt: skip
    assert sorted(map(str, at_once(acts))) == ["NotEnoughOnHand"] * 8 + ["done"] * 8
    assert sum(row.quantity for row in models.Reversal.objects.all()) == 16_000_000
    assert models.Total.objects.exclude(quantity=0).count() == 0
    assert broken_laws() == []


def _said(act: Callable[[], Result]) -> str:
    try:
        act().or_raise()
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"
