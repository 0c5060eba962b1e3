"""The database: engine, transactions, migrations, and whether it can be used."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from sqlalchemy import Engine, MetaData, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


class Base(DeclarativeBase):
    """Base of every model. Named constraints, so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def create_engine(url: str) -> Engine:
    engine = sqlalchemy.create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA busy_timeout = 5000")  # milliseconds
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def init_app(app: Flask, url: str) -> None:
    app.extensions["engine"] = create_engine(url)
    app.extensions["sessions"] = sessionmaker(app.extensions["engine"])


def transaction() -> AbstractContextManager[Session]:
    """A session that commits at the end of its block, or rolls back when the block raises."""
    sessions: sessionmaker[Session] = current_app.extensions["sessions"]
    return sessions.begin()


def unusable() -> str | None:
    """Why the database cannot be used now; None when it can."""
    engine: Engine = current_app.extensions["engine"]
    # An open SQLite connection would go on answering from a file that was moved away.
    if not Path(engine.url.database or "").is_file():
        return "the database file is missing"
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError as error:
        return f"the database does not answer: {type(error).__name__}"
    return None


def migrate(url: str) -> None:
    """Apply the migrations that the database does not have yet; none: nothing happens."""
    command.upgrade(Config(toml_file=PYPROJECT, attributes={"url": url}), "heads")
