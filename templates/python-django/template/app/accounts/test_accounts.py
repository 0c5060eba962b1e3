"""Accounts and the admin area, from outside."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(db: None) -> str:
    user = get_user_model().objects.create_superuser("ada", password=PASSWORD)
    assert user.password.startswith("argon2")
    return user.get_username()


def test_log_in_and_out(client: Client, ada: str) -> None:
    assert "form" in client.get("/accounts/login/").text
    wrong = client.post("/accounts/login/", {"username": ada, "password": "wrong"})
    assert (wrong.status_code, "sessionid" in wrong.cookies) == (200, False)
    right = client.post("/accounts/login/", {"username": ada, "password": PASSWORD})
    assert (right.status_code, right.headers["Location"]) == (302, "/")
    assert right.cookies["sessionid"]["httponly"]
    assert client.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("page", ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/"])
def test_the_admin_area_needs_nothing_that_the_policy_forbids(
    admin_client: Client, page: str
) -> None:
    html = admin_client.get(page).text
    assert "</html>" in html
    assert not any(inline in html for inline in ("<style", "<script>", ' style="', " onclick="))


def test_static_files_are_served(client: Client) -> None:
    assert client.get("/static/site.css").headers["Content-Type"].startswith("text/css")
    assert client.get("/static/admin/css/base.css").status_code == 200
