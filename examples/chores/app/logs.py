"""Logs as JSON, one line each, on standard output."""

import logging
import logging.config
from datetime import UTC, datetime

from flask import g, has_request_context
from pydantic_core import to_json


class JsonFormatter(logging.Formatter):
    """One object a line. `extra={"fields": {...}}` adds to it; so does a request, its id."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["id"] = g.get("request_id")
        line |= record.__dict__.get("fields", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return to_json(line, fallback=str).decode()


def configure(level: str) -> None:
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "json",
                }
            },
            "root": {"level": level.upper(), "handlers": ["stdout"]},
        }
    )
