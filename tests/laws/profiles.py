"""How hard the laws are tried: the same histories every time where CI is set."""

import os

from hypothesis import HealthCheck, Phase, settings

_everyday = settings(
    max_examples=150,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("laws-everyday", _everyday)
settings.register_profile("laws-ci", _everyday, derandomize=True, database=None)

LAWS = settings.get_profile("laws-ci" if os.environ.get("CI") else "laws-everyday")

FAULTS = settings(
    LAWS, max_examples=500, derandomize=True, database=None,
    phases=[Phase.generate], report_multiple_bugs=False, print_blob=False,
)  # fmt: skip
"""Looking for a planted fault: always the same histories, and the first find is enough."""
