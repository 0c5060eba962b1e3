"""The Redis of the tests, which use keys of their own in it."""

import os

import pytest
from dotenv import dotenv_values
from redis import Redis
from redis.exceptions import RedisError

# Read before any test changes the environment.
SERVER = os.environ.get("REDIS_URL") or dotenv_values(".env").get("REDIS_URL") or ""
NOBODY = "redis://127.0.0.1:1/0"  # Nothing listens there.


def require() -> None:
    """End the run with one sentence where there is no server."""
    if not SERVER:
        pytest.exit("The tests need Redis: set REDIS_URL, see .env.example", 1)
    try:
        Redis.from_url(SERVER, socket_connect_timeout=5).ping()
    except RedisError as error:
        pytest.exit(f"The tests need Redis, started by docker compose up --wait: {error}", 1)
