"""Lines of the log: for people in words, for the programs that gather logs as JSON, one a line."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from consigned_service.interfaces.access.noted import REQUEST

OF_EVERY_RECORD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
NOT_FOR_THE_LOG = {"status_code", "server_time"}
"""What Django adds of its own, and the line about the request has already."""


class JsonLines(logging.Formatter):
    """A line of JSON: when, how grave, what, and what goes with it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        more = {k: v for k, v in vars(record).items() if k not in OF_EVERY_RECORD}
        if request := more.pop("request", None):
            line["request_id"] = getattr(request, "META", {}).get(REQUEST, "")
        line |= {name: value for name, value in more.items() if name not in NOT_FOR_THE_LOG}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_of(kind: str) -> dict[str, Any]:
    """Django's setting of the log. Programs are given each request, people what breaks."""
    is_json = kind == "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": JsonLines},
            "text": {"format": "{levelname} {name}: {message}", "style": "{"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": kind}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {"consigned": {"level": "INFO" if is_json else "WARNING"}},
    }
