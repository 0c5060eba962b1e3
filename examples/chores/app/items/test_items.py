"""/items, from outside."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app import main
from app.settings import Settings

NUT = {"name": "nut", "quantity": 3}


def test_create_read_change_delete(client: FlaskClient) -> None:
    created = client.post("/items", json=NUT)
    assert created.status_code == 201
    item = created.get_json()
    assert item["createdAt"].endswith("Z")
    assert item == NUT | {"id": item["id"], "createdAt": item["createdAt"]}

    url = created.headers["Location"]
    assert client.get(url).get_json() == item
    assert client.patch(url, json={"quantity": 0}).get_json() == item | {"quantity": 0}
    assert client.patch(url, json={}).get_json() == item | {"quantity": 0}
    # JSON has one kind of number.
    assert client.patch(url, json={"quantity": 4.0}).get_json()["quantity"] == 4

    deleted = client.delete(url)
    assert (deleted.status_code, deleted.data) == (204, b"")
    for again in (client.get(url), client.patch(url, json={}), client.delete(url)):
        assert again.status_code == 404


def test_items_come_in_pages(client: FlaskClient) -> None:
    ids = [client.post("/items", json=NUT).get_json()["id"] for _ in range(5)]
    seen, after = [], 0
    while after is not None:
        page = client.get(f"/items?limit=2&after={after}").get_json()
        seen.append([item["id"] for item in page["items"]])
        after = page["next"]
    assert seen == [ids[:2], ids[2:4], ids[4:]]


def test_no_next_page_when_the_last_one_is_full(client: FlaskClient) -> None:
    client.post("/items", json=NUT)
    assert client.get("/items?limit=1").get_json()["next"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": "3"}, "quantity"),
        ({"quantity": 2**53}, "quantity"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_value_is_refused(client: FlaskClient, change: dict[str, Any], field: str) -> None:
    response = client.post("/items", json=NUT | change)
    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == [field]
    assert client.get("/items").get_json()["items"] == []


@pytest.mark.parametrize(
    "path",
    ["/items?limit=0", "/items?limit=101", "/items?after=x", "/items/abc", f"/items/{10**30}"],
)
def test_a_wrong_path_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 422


def test_items_survive_a_restart(client: FlaskClient, settings: Settings) -> None:
    url = client.post("/items", json=NUT).headers["Location"]
    restarted = main.create_app(settings)
    assert restarted.test_client().get(url).get_json()["name"] == "nut"
    restarted.extensions["engine"].dispose()
