"""Registering, logging in and out."""

from app.api import Router
from app.users import tokens, users
from app.users.schemas import Credentials, Login, User

router = Router("users")


@router.route("POST", "/users", status=201)
def register(body: Credentials) -> Login:
    """Become a user, and log in."""
    return users.register(body)


@router.route("POST", "/login")
def log_in(body: Credentials) -> Login:
    """Get a token for a name and its password."""
    return users.log_in(body)


@router.route("POST", "/logout", status=204, login=True)
def log_out() -> None:
    """Give the token back; from now on it is worth nothing."""
    tokens.revoke()


@router.route("GET", "/me", login=True)
def read_me() -> User:
    """Tell who is logged in."""
    return tokens.current()
