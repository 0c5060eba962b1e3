"""The command line, `python -m app`: brings the database up to date and serves."""

import argparse
import os
import secrets
from pathlib import Path

import django
from django.core.management import call_command

from app import settings

ENV = Path(".env")

parser = argparse.ArgumentParser(prog="python -m app", description="Serve the site and the API.")
parser.add_argument("--reload", action="store_true", help="for development: restart on changes")
parser.add_argument("command", nargs="?", choices=["openapi"], help="write openapi.json and stop")
arguments = parser.parse_args()

if arguments.command == "openapi":
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)  # Required, though nothing gets signed.
elif arguments.reload and not ENV.exists():
    ENV.touch(mode=0o600)
    ENV.write_text(f"DEBUG=true\nSECRET_KEY={secrets.token_urlsafe(50)}\n", encoding="utf-8")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.django_settings")
config = settings.load()
django.setup()

if arguments.command == "openapi":
    from app.api import OPENAPI, document

    OPENAPI.write_text(document(), encoding="utf-8", newline="\n")
else:
    from app import database

    database.migrate()
    if arguments.reload:
        host = f"[{config.host}]" if ":" in config.host else config.host
        call_command("runserver", f"{host}:{config.port}")
    else:
        from app import server  # imports Django's application

        server.serve(config)
