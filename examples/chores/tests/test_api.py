"""What every request gets, whatever route answers it."""

import io
import json
import logging
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient

from app import api, main
from app.logs import JsonFormatter
from app.settings import Settings

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/nope", None, {}, 404),
        ("DELETE", "/health/live", None, {}, 405),
        ("POST", "/probe/echo", b'{"text":', JSON, 400),
        ("POST", "/probe/echo", b"", JSON, 400),
        ("POST", "/probe/echo", b'{"text": "\xff"}', JSON, 400),
        ("POST", "/probe/echo", b"text=a", {"Content-Type": "text/plain"}, 415),
        ("POST", "/probe/echo", b'{"text": "%s"}' % (b"a" * 200_000), JSON, 413),
        ("POST", "/probe/echo", b'{"text": ""}', JSON, 422),
        ("GET", "/probe/crash", None, {}, 500),
    ],
)
def test_errors_are_problems(
    client: FlaskClient, method: str, path: str, body: bytes | None, headers: Any, status: int
) -> None:
    response = client.open(path, method=method, data=body, headers=headers)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.get_json()["type"] == "about:blank"
    assert response.get_json()["status"] == status
    assert response.get_json()["title"]
    assert "secret detail" not in response.text


def test_a_validation_problem_names_the_field(client: FlaskClient) -> None:
    response = client.post("/probe/echo", json={"text": ""})
    detail = "String should have at least 1 character"
    assert response.get_json()["errors"] == [{"in": "body", "field": "text", "detail": detail}]


def test_a_chunked_body_is_limited_too(client: FlaskClient) -> None:
    body = io.BytesIO(b'{"text": "a"}' + b" " * 200_000)
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = client.post(
        "/probe/echo", input_stream=body, headers=JSON, environ_overrides=chunked
    )
    assert response.status_code == 413


def test_405_says_what_is_allowed(client: FlaskClient) -> None:
    assert "GET" in client.delete("/health/live").headers["Allow"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("", False)],
)
def test_only_sane_request_ids_are_kept(client: FlaskClient, given: str, kept: bool) -> None:
    response = client.get("/health/live", headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"]
    assert (response.headers["X-Request-ID"] == given) is kept


def test_the_log_is_json_with_the_id_and_without_headers(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
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


def test_security_headers(client: FlaskClient) -> None:
    headers = client.get("/nope").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_cors_unless_set(client: FlaskClient) -> None:
    headers = client.get("/health/live", headers={"Origin": "https://app.example.com"}).headers
    assert not any(name.startswith("Access-Control-") for name, _ in headers)


class TestCors:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(cors_origins=("https://app.example.com",))

    def test_only_listed_origins(self, client: FlaskClient) -> None:
        good = client.get("/health/live", headers={"Origin": "https://app.example.com"}).headers
        evil = client.get("/health/live", headers={"Origin": "https://evil.example"}).headers
        assert good["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert "Access-Control-Allow-Origin" not in evil
        assert good["Vary"] == evil["Vary"] == "Origin"

    def test_preflight(self, client: FlaskClient) -> None:
        response = client.options("/probe/echo", headers={"Origin": "https://app.example.com"})
        assert "POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(("hops", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_forwarded_addresses_count_only_behind_a_proxy(hops: int, address: str) -> None:
    app = main.create_app(Settings(trust_proxy=hops))
    app.add_url_rule("/address", view_func=lambda: str(request.remote_addr))
    forwarded = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}
    assert app.test_client().get("/address", headers=forwarded).text == address


def test_the_committed_openapi_document_is_the_current_one() -> None:
    assert api.OPENAPI.read_text(encoding="utf-8") == api.document(main.routers())
