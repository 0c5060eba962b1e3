"""Serves a WSGI application as the starters do: one worker of gunicorn, eight threads."""

import socket
from typing import Any

from gunicorn.app.base import BaseApplication


class Twin(BaseApplication):
    def __init__(self, application: Any) -> None:
        self.application = application
        super().__init__()

    def load_config(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        port = listener.getsockname()[1]
        self.cfg.set("bind", f"fd://{listener.detach()}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 8)
        print(f"Listening at: http://127.0.0.1:{port}", flush=True)

    def load(self) -> Any:
        return self.application
