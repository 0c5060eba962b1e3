"""Settings, the database, and health."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from app import settings as environment
from tests.test_server import ROOT, start


def test_all_wrong_settings_are_named_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PORT": "abc",
        "LOG_LEVEL": "loud",
        "DEBUG": "perhaps",
        "SECRET_KEY": "S3CRET",
        "PUBLIC_URL": "app.example.com",
        "DATABASE_URL": "postgresql://user:S3CRET@host/db",
        "CORS_ORIGINS": "https://app.example.com/path",
        "TRUST_PROXY": "-1",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        environment.load()
    message = str(stopped.value.code)
    assert set(re.findall(r"^  ([A-Z_]+):", message, re.MULTILINE)) == wrong.keys()
    assert "S3CRET" not in message


def test_settings_come_from_the_environment_before_dotenv(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=1\nHOST=::1\nCORS_ORIGINS=https://a.example, https://b.example\n")
    monkeypatch.setenv("PORT", "2")
    loaded = environment.load()
    assert (loaded.port, loaded.host) == (2, "::1")
    assert loaded.cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "a" * 80,
        "short-0123456789-abcdefgh",
        "k3y" * 20,
        "django-insecure-" + "0123456789" * 5,
    ],
)
def test_a_secret_key_that_can_be_guessed_is_refused(
    monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    if key is not None:
        monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        environment.load()


def test_no_key_is_in_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    Path(".env").write_text(re.sub("^# (?=[A-Z_]+=)", "", example, flags=re.MULTILINE))
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        environment.load()


def test_tls_needs_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://app.example.com")
    with pytest.raises(SystemExit, match="TRUST_PROXY"):
        environment.load()
    monkeypatch.setenv("TRUST_PROXY", "1")
    assert environment.load().trust_proxy == 1


def test_fit_for_production() -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    process = start(
        *(str(ROOT / check[0]), *check[1:]), PUBLIC_URL="https://app.example.com", TRUST_PROXY="1"
    )
    said = process.communicate(timeout=60)
    assert process.returncode == 0, said


@pytest.mark.django_db
def test_migrating_again_changes_nothing_and_models_match() -> None:
    def dump() -> list[str]:
        return list(connection.connection.iterdump())

    connection.ensure_connection()
    before = dump()
    call_command("migrate", verbosity=0)
    assert dump() == before
    call_command("makemigrations", check=True, dry_run=True)  # exits when one is missing


def test_live_and_ready_differ(client: Client) -> None:
    assert client.get("/health/ready").json() == {"status": "ok"}
    file = Path(connection.settings_dict["NAME"])
    file.rename(file.with_suffix(".gone"))
    try:
        assert client.get("/health/live").status_code == 200
        response = client.get("/health/ready")
    finally:
        file.with_suffix(".gone").rename(file)
    assert (response.status_code, response.headers["Content-Type"]) == (
        503,
        "application/problem+json",
    )
    assert response.json()["detail"] == "the database file is missing"
    assert client.get("/health/ready").status_code == 200


def test_not_ready_without_tables(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO gone")
    assert client.get("/health/ready").status_code == 503


def test_health_answers_load_balancers_and_nobody_else_by_address(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    there: dict[str, Any] = {"headers": {"Host": "10.0.0.7:8000"}}
    assert client.get("/health/live", **there).status_code == 200
    assert client.get("/probe/address", **there).status_code == 400
    assert client.get("/probe/address").status_code == 301
