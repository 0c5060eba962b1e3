"""What every request gets, whatever route answers it."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app import http, main
from app.logs import JsonFormatter
from app.settings import Settings

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/nope", None, {}, 404),
        ("GET", "/health/live/", None, {}, 404),
        ("DELETE", "/health/live", None, {}, 405),
        ("POST", "/predict", b'{"rows":', JSON, 400),
        ("POST", "/predict", b'{"rows": "\xff"}', JSON, 400),
        ("POST", "/predict", b"rows=a", {"Content-Type": "text/plain"}, 415),
        ("POST", "/predict", b" " * 1_100_000, JSON, 413),
        ("POST", "/predict", b"", JSON, 422),
        ("POST", "/predict", b'{"rows": []}', JSON, 422),
        ("POST", "/predict", rb'{"\ud800": 1}', JSON, 422),
        ("GET", "/probe/crash", None, {}, 500),
    ],
)
def test_errors_are_problems(
    client: TestClient, method: str, path: str, body: bytes | None, headers: Any, status: int
) -> None:
    response = client.request(method, path, content=body, headers=headers)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "about:blank"
    assert response.json()["status"] == status
    assert response.json()["title"]
    assert "secret detail" not in response.text


def test_a_validation_problem_names_the_field(client: TestClient) -> None:
    response = client.post("/predict", json={"rows": [{"x": 1, "kind": "c"}]})
    assert response.json()["errors"] == [
        {"in": "body", "field": "rows.0.kind", "detail": "Input should be 'a' or 'b'"}
    ]


def test_a_chunked_body_is_limited_too(client: TestClient) -> None:
    chunks: Iterator[bytes] = iter([b'{"rows": ['] + [b" " * 1024] * 2000)
    assert client.post("/predict", content=chunks, headers=JSON).status_code == 413


def test_a_request_that_the_stop_cuts_off_is_answered() -> None:
    async def cut_off(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise asyncio.CancelledError

    response = TestClient(http.Edge(cut_off, max_body=0)).get("/")
    assert (response.status_code, response.json()["detail"]) == (503, "the service is stopping")


def test_405_says_what_is_allowed(client: TestClient) -> None:
    assert client.delete("/health/live").headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("", False)],
)
def test_only_sane_request_ids_are_kept(client: TestClient, given: str, kept: bool) -> None:
    response = client.get("/health/live", headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"]
    assert (response.headers["X-Request-ID"] == given) is kept


def test_the_log_is_json_with_the_id_and_without_headers(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)  # the client's own lines
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


def test_security_headers(client: TestClient) -> None:
    headers = client.get("/nope").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_cors_unless_set(client: TestClient) -> None:
    headers = client.get("/health/live", headers={"Origin": "https://app.example.com"}).headers
    assert not any(name.startswith("access-control-") for name in headers)


class TestCors:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_origins": ("https://app.example.com",)})

    def test_only_listed_origins(self, client: TestClient) -> None:
        good = client.get("/health/live", headers={"Origin": "https://app.example.com"}).headers
        evil = client.get("/health/live", headers={"Origin": "https://evil.example"}).headers
        assert good["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert "Access-Control-Allow-Origin" not in evil
        assert good["Vary"] == evil["Vary"] == "Origin"

    def test_preflight(self, client: TestClient) -> None:
        asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
        response = client.options("/predict", headers=asked)
        assert "POST" in response.headers["Access-Control-Allow-Methods"]
        assert response.headers["X-Request-ID"]


@pytest.mark.parametrize(("hops", "address"), [(0, "testclient"), (1, "203.0.113.7")])
class TestProxies:
    @pytest.fixture
    def settings(self, settings: Settings, hops: int) -> Settings:
        return settings.model_copy(update={"trust_proxy": hops})

    def test_forwarded_addresses_count_only_behind_a_proxy(
        self, client: TestClient, address: str
    ) -> None:
        forwarded = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}
        assert client.get("/probe/address", headers=forwarded).json() == address


def test_the_committed_openapi_document_is_the_current_one() -> None:
    assert main.OPENAPI.read_text(encoding="utf-8") == main.document()
