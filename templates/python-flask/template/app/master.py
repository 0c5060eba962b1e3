"""gunicorn, taught to stop well and to log like everything else."""

import os
import signal
import socket

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from app.main import create_app
from app.settings import Settings

DRAIN_SECONDS = 8  # Docker kills ten seconds after its first signal; be done before.


class Master(Arbiter):
    """The first SIGTERM or SIGINT drains, the second ends everything at once."""

    stopping = False

    def signal(self, sig: int, frame: object) -> None:
        if sig not in (signal.SIGTERM, signal.SIGINT):
            super().signal(sig, frame)
        elif self.stopping:
            self.kill_workers(signal.SIGKILL)
            os._exit(1)
        else:
            self.stopping = True
            super().signal(signal.SIGTERM, frame)


class Worker(ThreadWorker):
    """While it drains, new connections are refused instead of left waiting."""

    def init_signals(self) -> None:
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the master, which then drains.

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()


class JsonLogger(Logger):
    """gunicorn's messages go through the root logger."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Application(BaseApplication):
    """create_app with gunicorn's settings. The listener is taken over."""

    def __init__(self, settings: Settings, listener: socket.socket, threads: int) -> None:
        self.settings = settings
        self.options = {
            "bind": f"fd://{listener.detach()}",
            "worker_class": Worker,
            "threads": threads,
            "graceful_timeout": DRAIN_SECONDS,
            "loglevel": settings.log_level,
            "logger_class": JsonLogger,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # Believing proxies is for TRUST_PROXY.
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self.settings)
