"""How often a log-in may fail, whatever way in it takes: by account and by address.

The count is kept in Django's cache, which all processes share.
"""

import time
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from app.accounts.models import User

WINDOW = 15 * 60  # seconds
PER_ACCOUNT = 10  # log-ins that fail within the window
PER_ADDRESS = 20  # more, since many people can share one


class TooManyAttemptsError(Exception):
    """Nobody looks at the password. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many attempts, again in {retry_after} seconds")
        self.retry_after = retry_after


class LimitedBackend(ModelBackend):
    """Accounts with limits. Code that logs somebody in without a request is not held up."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is None or username is None:
            return super().authenticate(request, username, password, **kwargs)
        # Taken before the password is looked at, so that attempts at the same time count as well.
        # The address goes first: one that has none left cannot use up those of an account.
        address = take("address", network(request.META["REMOTE_ADDR"]), PER_ADDRESS)
        take("account", username, PER_ACCOUNT)
        user = super().authenticate(request, username, password, **kwargs)
        if user:
            cache.delete_many([*slots("account", username, PER_ACCOUNT), address])
        return user


class LimitMiddleware(MiddlewareMixin):
    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyAttemptsError):
            return None
        minutes = -(-error.retry_after // 60)
        response = render(request, "registration/limited.html", {"minutes": minutes}, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response


def slots(kind: str, name: str, limit: int) -> list[str]:
    """The keys of all attempts that somebody has."""
    digest = sha256(f"{kind} {name}".encode()).hexdigest()
    return [f"login:{digest}:{number}" for number in range(limit)]


def take(kind: str, name: str, limit: int) -> str:
    """Use up an attempt; its key. Adding a key is atomic in every cache, counting is not."""
    keys = slots(kind, name, limit)
    taken = cache.get_many(keys)
    now = time.time()
    for key in keys:
        if key not in taken and cache.add(key, now + WINDOW, WINDOW):
            return key
    raise TooManyAttemptsError(max(1, round(min(taken.values(), default=now + WINDOW) - now)))


def network(address: str) -> str:
    """Whoever has an IPv6 address has 2**64 of them: these count as one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address  # what a proxy made of it
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else address
