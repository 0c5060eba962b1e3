"""Redis, and what happens without it."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.redis_server import NOBODY
from tests.test_server import refusal


def away(settings: Settings) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOBODY}}


def test_not_ready_without_redis_and_ready_with_it_again(
    client: Client, settings: Settings
) -> None:
    there = settings.CACHES
    away(settings)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["detail"] == "Redis does not answer: ConnectionError"
    assert client.get("/health/live").status_code == 200
    settings.CACHES = there
    assert client.get("/health/ready").status_code == 200


def test_nobody_logs_in_without_redis(client: Client, settings: Settings) -> None:
    away(settings)
    form = {"username": "ada", "password": "wrong"}
    response = client.post("/accounts/login/", form)
    assert (response.status_code, response.headers["Content-Type"]) == (
        503,
        "application/problem+json",
    )


def test_a_start_without_redis_is_refused() -> None:
    said = refusal("-m", "app", REDIS_URL="redis://:S3CRET@127.0.0.1:1/0")
    assert said.startswith("127.0.0.1:1 of REDIS_URL cannot be used: ")
    assert said.count("\n") == 1
    assert "S3CRET" not in said


@pytest.mark.parametrize("url", ["S3CRET", "http://S3CRET@host"])
def test_a_wrong_address_is_refused(url: str) -> None:
    said = refusal("-m", "app", REDIS_URL=url)
    assert "REDIS_URL" in said
    assert "S3CRET" not in said


def test_what_is_kept_is_this_service_s_own(settings: Settings) -> None:
    cache.set("key", "value")
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": "other"}}
    assert cache.get("key") is None
