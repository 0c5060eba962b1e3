"""What every request gets: an id, a line in the log, security headers, CORS where allowed."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from flask import Flask, Response, g, request

log = logging.getLogger("access")

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def init_app(app: Flask, cors_origins: tuple[str, ...]) -> None:
    @app.before_request
    def _start() -> None:
        g.start = perf_counter()
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if SANE_ID.fullmatch(given) else str(uuid4())

    @app.after_request
    def _finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        response.headers.update(HEADERS)
        if cors_origins:
            allow_origin(response, cors_origins)
        fields = {
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "ms": round((perf_counter() - g.start) * 1000, 2),
        }
        log.info("request", extra={"fields": fields})
        return response


def allow_origin(response: Response, origins: tuple[str, ...]) -> None:
    """Let pages of the given origins read the answer; a preflight learns what else it may send."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Location, X-Request-ID"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-Request-ID"
        response.headers["Access-Control-Max-Age"] = "600"
