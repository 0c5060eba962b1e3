"""Whether the process runs (live) and whether it can do its work (ready)."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.model import Model

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@router.get("/health/live")
async def live() -> Health:
    """The process answers."""
    return Health()


@router.get("/health/ready")
async def ready(request: Request) -> Health:
    """Everything that the service needs is there."""
    model: Model | None = request.app.state.model
    if model:
        model.estimator()  # raises 503 until it is loaded
    return Health()
