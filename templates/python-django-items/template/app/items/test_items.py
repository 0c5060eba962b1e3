"""/items, from outside."""

from typing import Any

import pytest
from django.test import Client

JSON = "application/json"
NUT = {"name": "nut", "quantity": 3}


def test_create_read_change_delete(client: Client) -> None:
    created = client.post("/items", NUT, JSON)
    assert created.status_code == 201
    item = created.json()
    assert item["createdAt"].endswith("Z")
    assert item == NUT | {"id": item["id"], "createdAt": item["createdAt"]}

    url = created.headers["Location"]
    assert client.get(url).json() == item
    assert client.patch(url, {"quantity": 0}, JSON).json() == item | {"quantity": 0}
    assert client.patch(url, {}, JSON).json() == item | {"quantity": 0}
    # JSON has one kind of number.
    assert client.patch(url, {"quantity": 4.0}, JSON).json()["quantity"] == 4

    deleted = client.delete(url)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for again in (client.get(url), client.patch(url, {}, JSON), client.delete(url)):
        assert again.status_code == 404


def test_items_come_in_pages(client: Client) -> None:
    ids = [client.post("/items", NUT, JSON).json()["id"] for _ in range(5)]
    seen, after = [], 0
    while after is not None:
        page = client.get(f"/items?limit=2&after={after}").json()
        seen.append([item["id"] for item in page["items"]])
        after = page["next"]
    assert seen == [ids[:2], ids[2:4], ids[4:]]


def test_no_next_page_when_the_last_one_is_full(client: Client) -> None:
    client.post("/items", NUT, JSON)
    assert client.get("/items?limit=1").json()["next"] is None


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
def test_a_wrong_value_is_refused(client: Client, change: dict[str, Any], field: str) -> None:
    response = client.post("/items", NUT | change, JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert client.get("/items").json()["items"] == []


@pytest.mark.parametrize(
    "path",
    ["/items?limit=0", "/items?limit=101", "/items?after=x", "/items/abc", f"/items/{10**30}"],
)
def test_a_wrong_path_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 422


def test_the_page_adds_items_for_who_has_logged_in(client: Client, admin_client: Client) -> None:
    form = {"name": "tea", "quantity": "2"}
    assert client.post("/", form).headers["Location"] == "/accounts/login/?next=/"
    assert "None yet" in client.get("/").text
    assert admin_client.post("/", form).status_code == 302
    assert "tea: 2" in client.get("/").text
    refused = admin_client.post("/", {"name": "", "quantity": "-1"})
    assert refused.text.count("errorlist") == 2
    assert client.get("/items").json()["items"][0]["name"] == "tea"


def test_the_admin_area_lists_and_adds(admin_client: Client) -> None:
    assert admin_client.post("/admin/items/item/add/", NUT).status_code == 302
    assert "nut" in admin_client.get("/admin/items/item/?q=nut").text
