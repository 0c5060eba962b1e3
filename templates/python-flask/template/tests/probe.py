"""Routes for the tests alone, so that they do not depend on what the service offers.

`python -m tests.probe` starts the service with them.
"""

import runpy
import time
from pathlib import Path

from pydantic import BaseModel, Field

from app import main
from app.api import Router

router = Router("probe")


class Echo(BaseModel):
    text: str = Field(min_length=1)


@router.route("POST", "/probe/echo")
def echo(body: Echo) -> Echo:
    return body


@router.route("GET", "/probe/slow")
def slow() -> Echo:
    Path("started").touch()
    time.sleep(2)
    return Echo(text="done")


@router.route("GET", "/probe/crash")
def crash() -> None:
    raise RuntimeError("secret detail")


if __name__ == "__main__":
    main.ROUTERS.append("tests.probe:router")
    runpy.run_module("app", run_name="__main__")
