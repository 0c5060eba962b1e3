"""The production server: gunicorn, and waitress on Windows, where gunicorn does not run."""

import errno
import socket
import sys

from app.main import create_app
from app.settings import Settings

THREADS = 8


def serve(settings: Settings) -> None:
    listener = listen(settings.host, settings.port)
    if sys.platform == "win32":
        import waitress

        waitress.serve(create_app(settings), sockets=[listener], threads=THREADS)
    else:
        from app.master import Application, Master

        Master(Application(settings, listener, THREADS)).run()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or an exit that says in one sentence why there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(
                f"Port {port} on {host} is taken: stop what uses it, or set PORT to another one."
            )
        sys.exit(f"Cannot listen on {host}, port {port}: {error.strerror}")
