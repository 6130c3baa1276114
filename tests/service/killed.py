"""An advice run that is killed at a step, in a process of its own.

`python -m tests.service.killed STEP DAY`
."""

import os
import signal
import sys
from datetime import UTC, date, datetime, time, timedelta

STEPS = {
    "charged": "settlement.advices.due_totals",
    "numbered": "settlement.advices.mark_told",
    "told": "settlement.advices.move_calendar",
    "closed": "ledger.posting.close_posting",
}
"""Each step's name, and what of the records would be called next."""


def main(step: str, on: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()
    from importlib import import_module

    from consigned_service.operations.settlement.advices import run_advices
    from consigned_service.records import models

    module, _, name = STEPS[step].rpartition(".")
    records = import_module(f"consigned_service.records.{module}")
    setattr(records, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
    day = date.fromisoformat(on)
    run_advices(
        consignee=models.Party.objects.get(code="northwind").pk,
        on=day, by="dora", at=datetime.combine(day + timedelta(days=1), time(1), UTC),
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
