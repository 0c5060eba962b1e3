"""For the tests of what only users may do."""

from flask import Flask
from flask.testing import FlaskClient

from app.database import transaction
from app.users import tokens
from app.users.models import UserRow


def logged_in(app: Flask, name: str = "grace") -> FlaskClient:
    """A client with the token of a new user, who has no password."""
    with app.app_context(), transaction() as session:
        user = UserRow(name=name, password_hash="")
        session.add(user)
        session.flush()
        login = tokens.issue(session, user)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {login.token}"
    return client
