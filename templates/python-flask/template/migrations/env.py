"""Run by every Alembic command: which database, and what its tables should look like."""

from pathlib import Path

from alembic import context

from app import settings
from app.database import Base, create_engine
from app.main import routers

routers()  # imports every model
engine = create_engine(context.config.attributes.get("url") or settings.load().database_url)
Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)

with engine.connect() as connection:
    # A table that is rebuilt is dropped on the way; its children have to survive that.
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    # All migrations or none; a second process that starts now waits here.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.configure(connection, target_metadata=Base.metadata, render_as_batch=True)
    context.run_migrations()
    connection.commit()
engine.dispose()
