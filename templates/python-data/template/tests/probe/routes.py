import time
from pathlib import Path

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.model import MAX_ROWS, Served
from ml.task import Row
from tests.probe.task import Point

router = APIRouter(tags=["probe"])


class Batch(Row):
    rows: list[Point] = Field(min_length=1, max_length=MAX_ROWS)


class Values(BaseModel):
    y: list[float]


@router.post("/predict")
def predict(batch: Batch, model: Served) -> Values:
    return Values(y=model.predict(batch.rows))


@router.get("/probe/slow")
def slow() -> str:
    Path("started").touch()
    time.sleep(2)
    return "done"


@router.get("/probe/crash")
def crash() -> None:
    raise RuntimeError("secret detail")


@router.get("/probe/address")
def address(request: Request) -> str:
    return str(request.client.host if request.client else None)
