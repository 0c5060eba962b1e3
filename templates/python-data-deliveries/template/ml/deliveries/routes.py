"""POST /predict."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.model import MAX_ROWS, Served
from ml.deliveries.task import Delivery
from ml.task import Row

router = APIRouter(tags=["model"])


class Batch(Row):
    rows: list[Delivery] = Field(min_length=1, max_length=MAX_ROWS)


class Durations(BaseModel):
    sha256: str = Field(description="The model that predicted, as in GET /model.")
    minutes: list[float] = Field(description="One for each row, in their order.")


@router.post("/predict")
def predict(batch: Batch, model: Served) -> Durations:
    """Predict how long some deliveries take."""
    return Durations(sha256=model.card.sha256, minutes=model.predict(batch.rows))
