"""Tokens say who a request is from. The database has only their hashes."""

import secrets
import time
from datetime import UTC, datetime
from hashlib import sha256

from flask import g, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.database import transaction
from app.users.models import TokenRow, UserRow
from app.users.schemas import Login, User

LIFETIME = 14 * 24 * 3600  # seconds
CHALLENGE = WWWAuthenticate("bearer", {"realm": "api"})


def issue(session: Session, user: UserRow) -> Login:
    """A new token for a user. On the occasion those go that have expired."""
    now = int(time.time())
    session.execute(delete(TokenRow).where(TokenRow.expires <= now))
    token, expires = secrets.token_urlsafe(32), now + LIFETIME
    session.add(TokenRow(hash=digest(token), user_id=user.id, expires=expires))
    expires_at = datetime.fromtimestamp(expires, UTC)
    return Login(token=token, expires_at=expires_at, user=User.model_validate(user))


def require() -> None:
    """Let the request go on if its token is worth something, else 401."""
    with transaction() as session:
        valid = TokenRow.hash == digest(given()), TokenRow.expires > int(time.time())
        user = session.scalar(select(UserRow).join(TokenRow).where(*valid))
        if user is None:
            raise Unauthorized("log in first", www_authenticate=CHALLENGE)
        g.user = User.model_validate(user)


def current() -> User:
    """Who asks, in a view that needs a log-in."""
    user: User = g.user
    return user


def revoke() -> None:
    """Make the token of the request worth nothing."""
    with transaction() as session:
        session.execute(delete(TokenRow).where(TokenRow.hash == digest(given())))


def given() -> str:
    authorization = request.authorization
    bearer = authorization and authorization.type == "bearer"
    return (authorization.token or "") if authorization and bearer else ""


def digest(token: str) -> str:
    """A token is random and long: a quick hash will do."""
    return sha256(token.encode()).hexdigest()
