"""Fixtures for all tests. Each test has a folder of its own; the database is rolled back."""

from pathlib import Path

import pytest
from django.test import Client

from tests import probe

probe.install()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env of this machine reaches a test; processes that it starts are no tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")


@pytest.fixture
def client(db: None) -> Client:
    """Like a client elsewhere, it gets a 500 where a view raises."""
    return Client(raise_request_exception=False)
