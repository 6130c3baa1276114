"""Letting a restored database do again what reaches others."""

from consigned_service.records.installation import holding
from consigned_service.records.installation.holding import Held


def resume() -> Held | None:
    """Let letters and runs go on; answers why and since when they were held, if they were."""
    return holding.resume()
