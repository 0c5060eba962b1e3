"""Users and their tokens, from outside."""

import time
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import transaction
from app.settings import Settings
from app.users import limits, tokens, users
from app.users.models import TokenRow, UserRow
from app.users.testing import logged_in

PASSWORD = "correct horse battery staple"
WRONG = "wrong horse battery staple"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good hash takes its time, and here it is not the hash that is looked at."""
    monkeypatch.setattr(users, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    users.of_nobody.cache_clear()


def register(client: FlaskClient, name: str = "ada") -> TestResponse:
    return client.post("/users", json={"name": name, "password": PASSWORD})


def log_in(
    client: FlaskClient, name: str = "ada", password: str = WRONG, address: str = "203.0.113.1"
) -> TestResponse:
    """Each time with another forwarded address; `address` is the one that the server sees."""
    return client.post(
        "/login",
        json={"name": name, "password": password},
        headers={"X-Forwarded-For": f"198.51.100.{time.monotonic_ns() % 250}"},
        environ_base={"REMOTE_ADDR": address},
    )


def bearer(response: TestResponse) -> dict[str, str]:
    return {"Authorization": f"Bearer {response.get_json()['token']}"}


def test_register_log_in_and_out(client: FlaskClient) -> None:
    registered = register(client)
    assert registered.status_code == 201
    user = registered.get_json()["user"]
    assert user == {"id": user["id"], "name": "ada"}
    assert client.get("/me", headers=bearer(registered)).get_json() == user

    again = log_in(client, password=PASSWORD)
    assert again.status_code == 200
    assert again.get_json()["expiresAt"].endswith("Z")
    assert again.get_json()["token"] != registered.get_json()["token"]
    assert client.post("/logout", headers=bearer(again)).status_code == 204
    assert client.get("/me", headers=bearer(again)).status_code == 401
    assert client.get("/me", headers=bearer(registered)).get_json() == user


def test_a_name_is_taken_once(client: FlaskClient) -> None:
    assert register(client).status_code == 201
    assert register(client).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Ada"}, "name"),
        ({"name": "a"}, "name"),
        ({"password": "short"}, "password"),
        ({"admin": True}, "admin"),
    ],
)
def test_wrong_credentials_are_named(
    client: FlaskClient, change: dict[str, Any], field: str
) -> None:
    response = client.post("/users", json={"name": "ada", "password": PASSWORD} | change)
    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == [field]


def test_an_unknown_name_is_answered_like_a_wrong_password(client: FlaskClient) -> None:
    register(client)
    wrong, unknown = log_in(client), log_in(client, "bob")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.data == unknown.data


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic YWRhOnBhc3M="])
def test_without_a_token_there_is_no_way_in(client: FlaskClient, header: str | None) -> None:
    response = client.get("/me", headers={"Authorization": header} if header else {})
    assert (response.status_code, response.content_type) == (401, "application/problem+json")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_database_has_no_password_and_no_token(client: FlaskClient) -> None:
    token = register(client).get_json()["token"]
    with client.application.app_context(), transaction() as session:
        kept = str(session.scalars(select(UserRow)).one().__dict__)
        kept += str(session.scalars(select(TokenRow)).one().__dict__)
    assert "$argon2id$" in kept
    assert PASSWORD not in kept
    assert token not in kept


def test_tokens_expire(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "LIFETIME", 0)
    assert logged_in(client.application).get("/me").status_code == 401


def test_a_hash_of_old_is_made_anew(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    register(client)
    monkeypatch.setattr(users, "hasher", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert log_in(client, password=PASSWORD).status_code == 200
    with client.application.app_context(), transaction() as session:
        assert "t=2" in session.scalars(select(UserRow)).one().password_hash


def test_a_name_is_not_guessed_at_for_long(client: FlaskClient) -> None:
    register(client)
    for number in range(limits.PER_NAME):
        assert log_in(client, address=f"203.0.113.{number}").status_code == 401
    refused = log_in(client, password=PASSWORD, address="192.0.2.1")
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= limits.WINDOW
    assert log_in(client, "bob", address="192.0.2.1").status_code == 401


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::{}"])
def test_an_address_does_not_guess_for_long(client: FlaskClient, address: str) -> None:
    """Whatever it writes into X-Forwarded-For; an IPv6 network counts as one address."""
    register(client)
    for number in range(limits.PER_ADDRESS):
        guess = log_in(client, f"user-{number}", address=address.format(number))
        assert guess.status_code == 401
    assert log_in(client, password=PASSWORD, address=address.format("ffff")).status_code == 429
    assert log_in(client, password=PASSWORD, address="192.0.2.1").status_code == 200


class TestBehindAProxy:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"trust_proxy": 1})

    def test_the_address_is_the_one_it_saw(self, client: FlaskClient) -> None:
        for number in range(limits.PER_ADDRESS + 1):
            guess = client.post(
                "/login",
                json={"name": f"user-{number}", "password": WRONG},
                headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"},
            )
        assert guess.status_code == 429


def test_a_right_password_gives_the_attempts_back(client: FlaskClient) -> None:
    register(client)
    for _ in range(3):
        for number in range(limits.PER_NAME - 1):
            assert log_in(client, address=f"2001:db8:{number}::1").status_code == 401
        assert log_in(client, password=PASSWORD).status_code == 200


def test_attempts_come_back_with_time(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    register(client)
    monkeypatch.setattr(limits, "WINDOW", 2)
    monkeypatch.setattr(limits, "PER_NAME", 1)
    assert log_in(client).status_code == 401
    assert log_in(client, password=PASSWORD).status_code == 429
    time.sleep(3)
    assert log_in(client, password=PASSWORD).status_code == 200
