"""Redis, and what happens without it."""

import pytest
from flask.testing import FlaskClient
from redis import Redis

from tests.redis_server import NOBODY
from tests.test_server import refusal

GUESS = {"name": "ada", "password": "wrong horse battery staple"}


def test_without_redis_nothing_is_ready_and_nobody_logs_in(client: FlaskClient) -> None:
    there = client.application.extensions["redis"]
    client.application.extensions["redis"] = Redis.from_url(NOBODY)
    assert client.get("/health/live").status_code == 200
    ready, login = client.get("/health/ready"), client.post("/login", json=GUESS)
    assert (ready.status_code, login.status_code) == (503, 503)
    assert ready.get_json()["detail"] == "Redis does not answer: ConnectionError"
    assert login.content_type == "application/problem+json"
    client.application.extensions["redis"] = there
    assert client.get("/health/ready").status_code == 200
    assert client.post("/login", json=GUESS).status_code == 401


def test_a_start_without_redis_is_refused() -> None:
    said = refusal("-m", "app", REDIS_URL="redis://:S3CRET@127.0.0.1:1/0")
    assert said == "127.0.0.1:1 of REDIS_URL cannot be used: ConnectionError\n"


@pytest.mark.parametrize("url", ["S3CRET", "http://S3CRET@host"])
def test_a_wrong_address_is_refused(url: str) -> None:
    said = refusal("-m", "app", REDIS_URL=url)
    assert "REDIS_URL" in said
    assert "S3CRET" not in said
