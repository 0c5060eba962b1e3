"""The database: whether it can be used, and bringing it up to date."""

import sys
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection


def unusable() -> str | None:
    """Why the database cannot be used now; None when it can."""
    # An open SQLite connection would go on answering from a file that was moved away.
    if not Path(connection.settings_dict["NAME"]).is_file():
        return "the database file is missing"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations")
    except DatabaseError as error:
        return f"the database does not answer: {type(error).__name__}"
    return None


def migrate() -> None:
    """Apply the migrations that the database does not have yet; none: nothing happens."""
    file = Path(connection.settings_dict["NAME"])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable")
    except (OSError, OperationalError) as error:
        sys.exit(f"The database sqlite:///{file} cannot be used: {error}")
    connection.close()  # Connections do not survive the fork of a server.
