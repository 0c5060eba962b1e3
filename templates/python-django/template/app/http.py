"""What every request gets: an id, a line in the log, its true address, CORS where allowed."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils.cache import patch_vary_headers

log = logging.getLogger("access")
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "REMOTE_ADDR",
    "HTTP_X_FORWARDED_PROTO": "wsgi.url_scheme",
    "HTTP_X_FORWARDED_HOST": "HTTP_HOST",
}


class RequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start = perf_counter()
        given = request.headers.get("X-Request-ID", "")
        id = given if SANE_ID.fullmatch(given) else str(uuid4())
        token = request_id.set(id)
        if settings.TRUST_PROXY:
            believe_proxies(request.META, settings.TRUST_PROXY)
        preflight = request.method == "OPTIONS" and settings.CORS_ORIGINS
        response = HttpResponse(status=204) if preflight else self.get_response(request)
        response.headers["X-Request-ID"] = id
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        if settings.CORS_ORIGINS:
            allow_origin(request, response, settings.CORS_ORIGINS)
        match = request.resolver_match
        fields = {
            "method": request.method,
            "route": f"/{match.route}" if match else None,
            "status": response.status_code,
            "ms": round((perf_counter() - start) * 1000, 2),
        }
        log.info("request", extra={"fields": fields})
        request_id.reset(token)
        return response


class HostMiddleware(CommonMiddleware):
    """Load balancers ask for health by address: there any Host header will do."""

    def process_request(self, request: HttpRequest) -> Any:
        return None if request.path.startswith("/health/") else super().process_request(request)


def believe_proxies(environ: dict[str, Any], hops: int) -> None:
    """Take over what the outermost of our proxies saw; what clients wrote stands before that."""
    for header, key in FORWARDED.items():
        values = environ.get(header, "").split(",")
        if len(values) >= hops and (value := values[-hops].strip()):
            environ[key] = value


def allow_origin(
    request: HttpRequest, response: HttpResponseBase, origins: tuple[str, ...]
) -> None:
    """Let pages of the given origins read the answer; a preflight learns what else it may send."""
    patch_vary_headers(response, ["Origin"])
    origin = request.headers.get("Origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Location, X-Request-ID"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-Request-ID"
        response.headers["Access-Control-Max-Age"] = "600"
