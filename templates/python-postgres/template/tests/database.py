"""The PostgreSQL of the tests: beside the database of DATABASE_URL, one for each run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from dotenv import dotenv_values

# Read before any test changes the environment.
SERVER = os.environ.get("DATABASE_URL") or dotenv_values(".env").get("DATABASE_URL") or ""
NAME = f"test_{uuid4().hex}"
URL = urlsplit(SERVER or "postgresql://localhost")._replace(path=f"/{NAME}").geturl()


def require() -> None:
    """End the run with one sentence where there is no server."""
    if not SERVER:
        pytest.exit("The tests need PostgreSQL: set DATABASE_URL, see .env.example", 1)
    try:
        execute("SELECT 1")
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
        pytest.exit(f"The tests need PostgreSQL, started by docker compose up --wait: {reason}", 1)


def execute(statement: str, *values: str) -> None:
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement.encode(), values)


@contextmanager
def away() -> Iterator[None]:
    """Meanwhile nobody gets to the database of the run, as if its server were gone."""
    execute(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false")
    execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", NAME)
    try:
        yield
    finally:
        execute(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS true")
