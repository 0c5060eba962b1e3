"""Routes for the tests alone, so that they do not depend on what the service offers.

`python -m tests.probe` starts the service with them.
"""

import runpy
import time
from pathlib import Path

import django
from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

router = Router()


class Echo(BaseModel):
    text: str = Field(min_length=1)


@router.post("/echo", response=Echo, include_in_schema=False)
def echo(request: HttpRequest, body: Echo) -> Echo:
    return body


@router.get("/slow", response=Echo, include_in_schema=False)
def slow(request: HttpRequest) -> Echo:
    Path("started").touch()
    time.sleep(2)
    return Echo(text="done")


@router.get("/crash", include_in_schema=False)
def crash(request: HttpRequest) -> None:
    raise RuntimeError("secret detail")


@router.get("/address", include_in_schema=False)
def address(request: HttpRequest) -> list[str]:
    return [request.META["REMOTE_ADDR"], request.build_absolute_uri("/")]


def install() -> None:
    from app.api import api

    api.add_router("/probe", router)


if __name__ == "__main__":
    django.setup()
    install()
    runpy.run_module("app", run_name="__main__")
