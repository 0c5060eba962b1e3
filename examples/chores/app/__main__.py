"""The command line, `python -m app`: brings the database up to date and serves."""

import argparse
import logging
import sys

from sqlalchemy.exc import OperationalError
from werkzeug.serving import is_running_from_reloader

from app import api, database, logs, server, settings
from app.main import create_app, routers

parser = argparse.ArgumentParser(prog="python -m app", description="Serve the API.")
parser.add_argument("--reload", action="store_true", help="for development: restart on changes")
parser.add_argument("command", nargs="?", choices=["openapi"], help="write openapi.json and stop")
arguments = parser.parse_args()

if arguments.command == "openapi":
    api.OPENAPI.write_text(api.document(routers()), encoding="utf-8", newline="\n")
    sys.exit()

config = settings.load()
logs.configure(config.log_level)
try:
    database.migrate(config.database_url)
except OperationalError as error:
    sys.exit(f"The database {config.database_url} cannot be used: {error.orig}")
if arguments.reload:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # It would log each request again.
    if is_running_from_reloader():
        logging.info("Listening at: http://%s:%s", config.host, config.port)
    create_app(config).run(config.host, config.port, use_reloader=True)
else:
    server.serve(config)
