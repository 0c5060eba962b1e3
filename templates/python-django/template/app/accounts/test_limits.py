"""Guessing passwords, from outside."""

import itertools
from time import sleep
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from app.accounts import limits

PASSWORD = "correct horse battery"
PAGES = ("/accounts/login/", "/admin/login/")
numbers = itertools.count()


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    """A good hash takes its time, and here it is not the hash that is looked at."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada(db: None) -> str:
    return str(get_user_model().objects.create_superuser("ada", password=PASSWORD).get_username())


def log_in(
    client: Client,
    account: str,
    password: str = "wrong",
    page: str = PAGES[0],
    address: str = "203.0.113.1",
) -> Any:
    """Each time with another forwarded address; `address` is the one that the server sees."""
    forged = {"X-Forwarded-For": f"198.51.100.{next(numbers)}", "Accept": "text/html"}
    form = {"username": account, "password": password}
    return client.post(page, form, headers=forged, REMOTE_ADDR=address)


@pytest.mark.parametrize("page", PAGES)
def test_an_account_is_not_guessed_at_for_long(client: Client, ada: str, page: str) -> None:
    for number in range(limits.PER_ACCOUNT):
        address = f"203.0.113.{number}"
        assert log_in(client, ada, page=page, address=address).status_code == 200
    refused = log_in(client, ada, PASSWORD, page)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= limits.WINDOW
    assert "for 15 minutes" in refused.text
    assert log_in(client, "grace", page=page).status_code == 200


@pytest.mark.parametrize("address", ["203.0.113.{}", "2001:db8::{}"])
def test_an_address_does_not_guess_for_long(client: Client, ada: str, address: str) -> None:
    """Whatever it writes into X-Forwarded-For; an IPv6 network counts as one address."""
    own = itertools.count() if ":" in address else itertools.repeat(7)
    for number in range(limits.PER_ADDRESS):
        wrong = log_in(client, f"account-{number}", address=address.format(next(own)))
        assert wrong.status_code == 200
    assert log_in(client, ada, PASSWORD, address=address.format(next(own))).status_code == 429
    assert log_in(client, ada, PASSWORD, address="192.0.2.1").status_code == 302


def test_behind_a_proxy_the_address_is_the_one_it_saw(client: Client, settings: Settings) -> None:
    settings.TRUST_PROXY = 1
    for number in range(limits.PER_ADDRESS + 1):
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}
        form = {"username": f"account-{number}", "password": "wrong"}
        answer = client.post(PAGES[0], form, headers=forwarded)
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Retry-After" in answer.headers
    forwarded = {"X-Forwarded-For": "203.0.113.7, 203.0.113.8"}
    assert client.post(PAGES[0], form, headers=forwarded).status_code == 200


def test_a_right_password_gives_the_attempts_back(client: Client, ada: str) -> None:
    for _ in range(3):
        for _ in range(limits.PER_ACCOUNT - 1):
            assert log_in(client, ada, address=f"2001:db8:{next(numbers)}::1").status_code == 200
        assert log_in(client, ada, PASSWORD).status_code == 302


def test_attempts_come_back_with_time(
    client: Client, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WINDOW", 2)
    monkeypatch.setattr(limits, "PER_ACCOUNT", 1)
    assert log_in(client, ada).status_code == 200
    assert log_in(client, ada, PASSWORD).status_code == 429
    sleep(3)
    assert log_in(client, ada, PASSWORD).status_code == 302
