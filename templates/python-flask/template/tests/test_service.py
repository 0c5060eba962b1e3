"""Settings, the database, and health."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask.testing import FlaskClient

from app import database, settings
from app.settings import Settings


def test_all_wrong_settings_are_named_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PORT": "abc",
        "LOG_LEVEL": "loud",
        "DATABASE_URL": "postgresql://user:S3CRET@host/db",
        "CORS_ORIGINS": "https://app.example.com/path",
        "TRUST_PROXY": "-1",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        settings.load()
    message = str(stopped.value.code)
    assert set(re.findall(r"^  ([A-Z_]+):", message, re.MULTILINE)) == wrong.keys()
    assert "S3CRET" not in message


def test_settings_come_from_the_environment_before_dotenv(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=1\nHOST=::1\nCORS_ORIGINS=https://a.example, https://b.example\n")
    monkeypatch.setenv("PORT", "2")
    loaded = settings.load()
    assert (loaded.port, loaded.host) == (2, "::1")
    assert loaded.cors_origins == ("https://a.example", "https://b.example")


def test_migrating_again_changes_nothing_and_models_match(settings: Settings) -> None:
    database.migrate(settings.database_url)
    before = Path("data/app.db").read_bytes()
    database.migrate(settings.database_url)
    assert Path("data/app.db").read_bytes() == before
    config = Config(toml_file=database.PYPROJECT, attributes={"url": settings.database_url})
    command.check(config)  # raises when the models have moved on without a migration


def test_live_and_ready_differ(client: FlaskClient) -> None:
    assert client.get("/health/ready").get_json() == {"status": "ok"}
    Path("data/app.db").rename("data/gone.db")
    assert client.get("/health/live").status_code == 200
    response = client.get("/health/ready")
    assert (response.status_code, response.content_type) == (503, "application/problem+json")
    assert response.get_json()["detail"] == "the database file is missing"
    Path("data/gone.db").rename("data/app.db")
    assert client.get("/health/ready").status_code == 200


def test_not_ready_without_tables(client: FlaskClient) -> None:
    with client.application.extensions["engine"].begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert client.get("/health/ready").status_code == 503
