"""What every request gets, whatever route answers it."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from app import api
from app.logs import JsonFormatter

JSON = "application/json"


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("GET", "/nope", b"", JSON, 404),
        ("DELETE", "/health/live", b"", JSON, 405),
        ("POST", "/accounts/login/", b"", "text/plain", 403),
        ("POST", "/probe/echo", b'{"text":', JSON, 400),
        ("POST", "/probe/echo", b'{"text": "\xff"}', JSON, 400),
        ("POST", "/probe/echo", b"text=a", "text/plain", 415),
        ("POST", "/probe/echo", b'{"text": "%s"}' % (b"a" * 200_000), JSON, 413),
        ("POST", "/probe/echo", b'{"text": ""}', JSON, 422),
        ("POST", "/probe/echo", b"", JSON, 422),
        ("GET", "/probe/crash", b"", JSON, 500),
    ],
)
def test_errors_are_problems(method: str, path: str, body: bytes, kind: str, status: int) -> None:
    strict = Client(raise_request_exception=False, enforce_csrf_checks=True)
    response = strict.generic(method, path, body, kind)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.json()["type"] == "about:blank"
    assert response.json()["status"] == status
    assert response.json()["title"]
    assert "secret detail" not in response.text


def test_a_validation_problem_names_the_field(client: Client) -> None:
    response = client.post("/probe/echo", {"text": ""}, JSON)
    detail = "String should have at least 1 character"
    assert response.json()["errors"] == [{"in": "body", "field": "text", "detail": detail}]


def test_browsers_get_a_page(client: Client) -> None:
    response = client.get("/nope", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["Content-Type"]) == (
        404,
        "text/html; charset=utf-8",
    )


def test_a_chunked_body_is_refused_rather_than_lost(client: Client) -> None:
    response = client.post("/probe/echo", {"text": "a"}, JSON, HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411


def test_405_says_what_is_allowed(client: Client) -> None:
    assert "GET" in client.delete("/health/live").headers["Allow"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("", False)],
)
def test_only_sane_request_ids_are_kept(client: Client, given: str, kept: bool) -> None:
    response = client.get("/health/live", headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"]
    assert (response.headers["X-Request-ID"] == given) is kept


def test_the_log_is_json_with_the_id_and_without_headers(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(JsonFormatter())
    headers = {"X-Request-ID": "abc-123", "Authorization": "Bearer S3CRET"}
    client.get("/probe/crash?token=S3CRET", headers=headers)
    crash, access = (json.loads(line) for line in caplog.text.splitlines() if line)
    assert "S3CRET" not in caplog.text
    assert crash["id"] == access["id"] == "abc-123"
    assert "RuntimeError" in crash["error"]
    assert access["ms"] >= 0
    assert (access["method"], access["route"], access["status"]) == ("GET", "/probe/crash", 500)


@pytest.mark.parametrize("path", ["/nope", "/health/live", "/accounts/login/"])
def test_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_cors_unless_set(client: Client) -> None:
    headers = client.get("/health/live", headers={"Origin": "https://app.example.com"}).headers
    assert not any(name.startswith("Access-Control-") for name in headers)


class TestCors:
    @pytest.fixture(autouse=True)
    def _allow(self, settings: Settings) -> None:
        settings.CORS_ORIGINS = ("https://app.example.com",)

    def test_only_listed_origins(self, client: Client) -> None:
        good = client.get("/health/live", headers={"Origin": "https://app.example.com"}).headers
        evil = client.get("/health/live", headers={"Origin": "https://evil.example"}).headers
        assert good["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert "Access-Control-Allow-Origin" not in evil
        assert good["Vary"] == evil["Vary"] == "Origin"

    def test_preflight(self, client: Client) -> None:
        response = client.options("/probe/echo", headers={"Origin": "https://app.example.com"})
        assert response.status_code == 204
        assert "POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("hops", "seen"),
    [(0, ["127.0.0.1", "http://localhost/"]), (1, ["203.0.113.7", "https://localhost/"])],
)
def test_forwarded_addresses_count_only_behind_a_proxy(
    client: Client, settings: Settings, hops: int, seen: list[str]
) -> None:
    settings.TRUST_PROXY = hops
    forwarded = {
        "X-Forwarded-For": "198.51.100.9, 203.0.113.7",
        "X-Forwarded-Proto": "http, https",
        "Host": "localhost",
    }
    assert client.get("/probe/address", headers=forwarded).json() == seen


def test_the_committed_openapi_document_is_the_current_one() -> None:
    assert api.OPENAPI.read_text(encoding="utf-8") == api.document()


def test_the_document_is_served(client: Client) -> None:
    served: Any = client.get("/openapi.json").json()
    assert served == json.loads(api.document())
