"""Redis, which holds Django's cache: whether it can be used."""

import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError


def unusable() -> str | None:
    """Why Redis cannot be used now; None when it can."""
    try:
        cache.get("ready")
    except RedisError as error:
        return f"Redis does not answer: {type(error).__name__}"
    return None


def require() -> None:
    """Exit with one sentence where there is no Redis."""
    if reason := unusable():
        url = urlsplit(str(settings.CACHES["default"]["LOCATION"]))
        sys.exit(f"{url.hostname}:{url.port or 6379} of REDIS_URL cannot be used: {reason}")
