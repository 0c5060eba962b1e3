"""Registering and logging in."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import Conflict, Unauthorized

from app.database import transaction
from app.users import limits, tokens
from app.users.models import UserRow
from app.users.schemas import Credentials, Login

hasher = PasswordHasher()


def register(new: Credentials) -> Login:
    user = UserRow(name=new.name, password_hash=hasher.hash(new.password))
    try:
        with transaction() as session:
            session.add(user)
            session.flush()
            return tokens.issue(session, user)
    except IntegrityError as error:
        raise Conflict(f"the name {new.name} is taken") from error


def log_in(given: Credentials) -> Login:
    # Counted before the password is looked at, so that tries at the same time count as well.
    # The address goes first: one that has none left cannot use up those of a user.
    address = limits.take("address", limits.network(request.remote_addr or ""), limits.PER_ADDRESS)
    name = limits.take("name", given.name, limits.PER_NAME)
    with transaction() as session:
        user = session.scalar(select(UserRow).where(UserRow.name == given.name))
        hashed = user.password_hash if user else of_nobody()
    try:
        hasher.verify(hashed, given.password)
    except VerifyMismatchError:
        user = None
    if user is None:
        raise Unauthorized("name or password is wrong", www_authenticate=tokens.CHALLENGE)
    limits.give_back(address)
    limits.give_back_all(name)
    with transaction() as session:
        user = session.merge(user)
        if hasher.check_needs_rehash(user.password_hash):
            user.password_hash = hasher.hash(given.password)
        return tokens.issue(session, user)


@cache
def of_nobody() -> str:
    """Names that do not exist take as long as those that do."""
    return hasher.hash(secrets.token_urlsafe())
