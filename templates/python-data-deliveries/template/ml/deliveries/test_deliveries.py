"""The example task, from its table to its answers."""

from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app import main
from app.settings import Settings
from ml import artefact, train
from ml.deliveries import make_table
from ml.deliveries.task import task

DELIVERY = {"distance_km": 12.5, "parcels": 3, "hour": 12, "weather": "dry"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deliveries")
    artefact.save(folder, *train.train(task))
    return folder


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    settings = Settings(model_dir=folder)
    with TestClient(main.create_app(settings, main.load_model(settings))) as client:
        while client.get("/health/ready").status_code == 503:
            sleep(0.01)
        yield client


def minutes(client: TestClient, **changed: Any) -> float:
    response = client.post("/predict", json={"rows": [DELIVERY | changed]})
    assert response.status_code == 200, response.text
    predicted: float = response.json()["minutes"][0]
    return predicted


def test_the_committed_table_is_the_one_that_the_script_makes() -> None:
    assert task.table.read_text(encoding="utf-8") == make_table.table()


def test_the_model_is_good_enough_and_always_the_same(client: TestClient, folder: Path) -> None:
    card, stored = train.train(task)
    assert (folder / "model.skops").read_bytes() == stored
    assert client.get("/model").json() == card.model_dump()
    assert card.metrics["r2"] >= 0.95
    assert card.metrics["mean_absolute_error_minutes"] < 4


def test_predictions_make_sense(client: TestClient) -> None:
    usual = minutes(client)
    # By make_table.py: 5 minutes, 2 for each kilometre, 1.5 for each parcel.
    assert usual == pytest.approx(5 + 2 * 12.5 + 1.5 * 3, abs=3)
    assert usual < minutes(client, weather="rain") < minutes(client, weather="snow")
    assert usual < minutes(client, hour=17)
    assert usual < minutes(client, distance_km=20)
    assert usual == minutes(client, hour=12.0)  # JSON has one kind of number


@pytest.mark.parametrize(
    "changed", [{"distance_km": 0}, {"parcels": 1.5}, {"hour": 24}, {"weather": "fog"}]
)
def test_a_wrong_value_is_refused(client: TestClient, changed: dict[str, Any]) -> None:
    response = client.post("/predict", json={"rows": [DELIVERY | changed]})
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert error["field"] == f"rows.0.{next(iter(changed))}"
