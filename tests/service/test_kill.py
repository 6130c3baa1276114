"""Somebody pulls the plug in the middle of posting; then everything is sent again."""

import signal
import threading

from consigned_service.records import models
from tests.service.lawful import broken_laws, open_exceptions
from tests.service.shop import batches, open_shop, quantity, sell, sell_in_process
from tests.support.databases import Database

LAST, BATCH = 4000, 20


def kill_after(batches_done: int, delay: float) -> int:
    """Let a process post some batches, kill it a moment into a later one; answers how far it
    said it came."""
    process = sell_in_process("S1", "till", 0, LAST, BATCH)
    said = "0"
    for _ in range(batches_done):
        said = process.stdout.readline()
    timer = threading.Timer(delay, process.kill)
    timer.start()
    for line in process.stdout:
        said = line
    timer.cancel()
    process.wait()
    assert process.returncode == -signal.SIGKILL, process.stderr.read()
    return int(said)


def test_killed_in_the_middle_and_sent_again(database: Database) -> None:
    """Nothing that was posted is lost, nothing is half there, and nothing counts twice."""
    open_shop("S1", shelf=3000)
    for delay in (0.0, 0.004, 0.011):
        came_to = kill_after(3, delay)
        kept = models.Consumption.objects.count()
        assert kept % BATCH == 0, "a batch is there in part"
        assert kept >= came_to, "a batch that was told as posted is not there"
        assert broken_laws() == []

    kept = models.Consumption.objects.count()
    assert 0 < kept < LAST, "it was killed before or after, not in the middle"
    repeated = new = 0
    for numbers in batches(0, LAST, 500):
        outcome = sell("S1", "till", numbers)
        repeated, new = repeated + outcome.repeated, new + outcome.new
    assert (repeated, new) == (kept, LAST - kept)
    shop = models.Organization.objects.get()
    issued = sum(e.quantity for e in models.Entry.objects.filter(kind="issued")) // 10**6
    waiting = sum(exception.quantity for exception in open_exceptions(shop)) // 10**6
    assert (issued, issued + waiting) == (3000, sum(map(quantity, range(LAST))))
    assert models.Consumption.objects.count() == LAST
    assert broken_laws() == []
