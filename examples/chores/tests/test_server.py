"""The real process: how it starts, refuses to start, and stops."""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PORT": "0"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refusal(*arguments: str, **environment: str) -> str:
    """What a start that has to fail says on stderr."""
    process = start(*arguments, **environment)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    return said


def logged(process: subprocess.Popen[str], pattern: str) -> str:
    """Wait for a line in the log; the group in the pattern."""
    assert process.stdout
    return next(found[1] for line in process.stdout if (found := re.search(pattern, line)))


@contextmanager
def slow_request(url: str) -> Iterator[Future[bytes]]:
    """A request that is being answered; tests/probe.py tells that it has begun."""
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(lambda: urlopen(f"{url}/probe/slow").read())
        while not Path("started").exists():
            sleep(0.01)
        yield answer


def test_a_taken_port_is_named_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal("-m", "app", PORT=str(port))
    assert said.startswith(f"Port {port} on 127.0.0.1 is taken")
    assert said.count("\n") == 1


def test_wrong_settings_stop_the_start() -> None:
    said = refusal("-m", "app", PORT="abc", LOG_LEVEL="loud")
    assert "PORT" in said
    assert "LOG_LEVEL" in said
    assert "Traceback" not in said


def test_an_unusable_database_stops_the_start(tmp_path: Path) -> None:
    said = refusal("-m", "app", DATABASE_URL=f"sqlite:///{tmp_path}")
    assert (
        said == f"The database sqlite:///{tmp_path} cannot be used: unable to open database file\n"
    )


def test_an_older_python_is_refused_in_one_sentence() -> None:
    said = refusal("-c", "import sys; sys.version_info = (3, 10, 0); import app")
    assert "needs Python 3.11" in said
    assert said.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to drain on")
class TestStop:
    @pytest.fixture
    def process(self) -> Iterator[subprocess.Popen[str]]:
        with start("-m", "tests.probe") as process:
            yield process
            process.kill()

    @pytest.fixture
    def url(self, process: subprocess.Popen[str]) -> str:
        return logged(process, r"Listening at: (\S+)")

    @pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_lets_requests_finish(
        self, process: subprocess.Popen[str], url: str, sent: signal.Signals
    ) -> None:
        with slow_request(url) as answer:
            process.send_signal(sent)
            # Reset, where the system had taken the connection before the service could.
            with pytest.raises((URLError, ConnectionError)):
                all(urlopen(f"{url}/health/live").read() for _ in itertools.count())
            assert not answer.done()
            assert b"done" in answer.result()
        assert process.wait(timeout=30) == 0

    def test_a_second_signal_ends_at_once(self, process: subprocess.Popen[str], url: str) -> None:
        with slow_request(url) as answer:
            process.terminate()
            logged(process, "(Handling signal)")
            process.terminate()
            assert process.wait(timeout=30) == 1
            with pytest.raises(ConnectionError):
                answer.result()
