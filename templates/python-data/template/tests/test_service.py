"""Settings, health, and the model from outside."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import main, settings
from app.model import MAX_ROWS
from app.settings import Settings

POINT = {"x": 3, "kind": "b"}


def test_all_wrong_settings_are_named_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PORT": "abc",
        "LOG_LEVEL": "l0ud",
        "CORS_ORIGINS": "https://app.example.com/path",
        "TRUST_PROXY": "-1",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        settings.load()
    message = str(stopped.value.code)
    assert set(re.findall(r"^  ([A-Z_]+):", message, re.MULTILINE)) == wrong.keys()
    assert "l0ud" not in message


def test_settings_come_from_the_environment_before_dotenv(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=1\nHOST=::1\nCORS_ORIGINS=https://a.example, https://b.example\n")
    monkeypatch.setenv("PORT", "2")
    loaded = settings.load()
    assert (loaded.port, loaded.host) == (2, "::1")
    assert loaded.cors_origins == ("https://a.example", "https://b.example")


def test_not_ready_until_the_model_is_loaded(app: FastAPI) -> None:
    client = TestClient(app)  # Nothing is loaded before the service is entered.
    assert client.get("/health/live").json() == {"status": "ok"}
    for response in (client.get("/health/ready"), client.post("/predict", json={"rows": [POINT]})):
        assert response.status_code == 503
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["detail"] == "the model is still loading"


def test_ready_when_the_model_is_loaded(client: TestClient) -> None:
    assert client.get("/health/ready").json() == {"status": "ok"}


def test_without_a_task_there_is_nothing_to_wait_for() -> None:
    client = TestClient(main.create_app(Settings(), None))
    assert client.get("/health/ready").status_code == 200


def test_the_model_says_what_it_is(client: TestClient, trained: Path) -> None:
    assert client.get("/model").text == re.sub(
        r"\n *", "", (trained / "model.json").read_text()
    ).replace('": ', '":')


def test_a_batch_is_predicted_in_its_order(client: TestClient) -> None:
    rows = [POINT, {"x": 3, "kind": "a"}, {"kind": "a", "x": 0.5}]
    response = client.post("/predict", json={"rows": rows})
    assert response.json()["y"] == pytest.approx([16, 6, 1])


def test_a_batch_is_limited(client: TestClient) -> None:
    assert len(client.post("/predict", json={"rows": [POINT] * MAX_ROWS}).json()["y"]) == MAX_ROWS
    response = client.post("/predict", json={"rows": [POINT] * (MAX_ROWS + 1)})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["rows"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"x": 3}, "rows.0.kind"),
        (POINT | {"z": 1}, "rows.0.z"),
        (POINT | {"x": "3"}, "rows.0.x"),
        (POINT | {"x": -1}, "rows.0.x"),
        (POINT | {"x": None}, "rows.0.x"),
        (POINT | {"kind": "c"}, "rows.0.kind"),
    ],
)
def test_a_wrong_column_is_refused(client: TestClient, row: dict[str, object], field: str) -> None:
    response = client.post("/predict", json={"rows": [row]})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_a_number_that_is_none_is_refused(client: TestClient) -> None:
    body = '{"rows": [{"x": NaN, "kind": "a"}]}'
    response = client.post("/predict", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
