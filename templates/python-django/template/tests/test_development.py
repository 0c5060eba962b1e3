"""The first start on a developer's machine."""

import re
import sys
from pathlib import Path

import pytest

from tests.test_server import logged, start


def test_the_first_development_start_makes_settings_that_the_next_one_keeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    env = Path(".env")
    made = set()
    for _ in range(2):
        with start("-m", "app", "--reload", PYTHONUNBUFFERED="1") as process:
            logged(process, r"Starting development (server)")
            process.terminate()
        made.add(env.read_text(encoding="utf-8"))
    assert len(made) == 1
    assert re.fullmatch(r"DEBUG=true\nSECRET_KEY=\S{50,}\n", made.pop())
    assert env.stat().st_mode & 0o077 == 0 or sys.platform == "win32"
