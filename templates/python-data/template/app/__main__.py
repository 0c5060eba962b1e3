"""The command line, `python -m app`: checks the model and serves it."""

import argparse
import sys

import uvicorn
from fastapi import FastAPI

from app import logs, main, server, settings
from ml.artefact import ArtefactError


def application() -> FastAPI:
    """The service by the settings, or an exit that says in one sentence why there is none."""
    config = settings.load()
    logs.configure(config.log_level)
    try:
        return main.create_app(config, main.load_model(config))
    except ArtefactError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m app", description="Serve the API.")
    parser.add_argument("--reload", action="store_true", help="for development: restart on changes")
    parser.add_argument(
        "command", nargs="?", choices=["openapi"], help="write openapi.json and stop"
    )
    arguments = parser.parse_args()

    if arguments.command == "openapi":
        main.OPENAPI.write_text(main.document(), encoding="utf-8", newline="\n")
        sys.exit()

    config = settings.load()
    if arguments.reload:
        logs.configure(config.log_level)
        uvicorn.run(
            "app.__main__:application",
            factory=True,
            host=config.host,
            port=config.port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            reload=True,
            reload_dirs=["app", "ml"],
        )
    else:
        listener = server.listen(config.host, config.port)
        server.serve(application(), listener)
