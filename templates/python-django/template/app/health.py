"""Whether the process runs (live) and whether it can do its work (ready)."""

from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from app import database

router = Router(tags=["health"])


class Health(Schema):
    status: Literal["ok"] = "ok"


@router.get("/live", response=Health)
def live(request: HttpRequest) -> Health:
    """The process answers."""
    return Health()


@router.get("/ready", response=Health)
def ready(request: HttpRequest) -> Health:
    """Everything that the service needs is there."""
    if reason := database.unusable():
        raise HttpError(503, reason)
    return Health()
