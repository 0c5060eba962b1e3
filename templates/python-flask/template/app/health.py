"""Whether the process runs (live) and whether it can do its work (ready)."""

from typing import Literal

from pydantic import BaseModel
from werkzeug.exceptions import ServiceUnavailable

from app import database
from app.api import Router

router = Router("health")


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@router.route("GET", "/health/live")
def live() -> Health:
    """The process answers."""
    return Health()


@router.route("GET", "/health/ready")
def ready() -> Health:
    """Everything that the service needs is there."""
    if reason := database.unusable():
        raise ServiceUnavailable(reason)
    return Health()
