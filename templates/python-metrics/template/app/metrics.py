"""How many requests there were and how long they took, for Prometheus to fetch."""

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import Histogram, generate_latest

__all__ = ["CONTENT_TYPE", "observe", "text"]

METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

duration = Histogram(
    "http_request_duration_seconds",
    "How long requests took.",
    ["method", "route", "status"],
)


def observe(method: str, route: str | None, status: int, seconds: float) -> None:
    """Count a request. Clients choose methods and paths: what is not ours goes by one name."""
    known = method if method in METHODS else "other"
    duration.labels(known, route or "unmatched", str(status)).observe(seconds)


def text() -> bytes:
    """The answer to /metrics: the requests of this process, its memory and its processor time."""
    return generate_latest()
