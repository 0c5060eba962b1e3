"""The model that is served: what it is, and its predictions."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel

from ml.artefact import Artefact, ArtefactError, Card, load

MAX_ROWS = 1000  # of one request

router = APIRouter(tags=["model"])


class Model:
    """A checked artefact. It loads beside the first requests: that takes a second or two."""

    def __init__(self, artefact: Artefact, trusted: Sequence[str]) -> None:
        self.card = artefact.card
        self._content = artefact.content
        self._trusted = trusted
        self._estimator: Any = None

    async def load(self) -> None:
        try:
            self._estimator = await asyncio.to_thread(self._loaded)
        except ArtefactError as error:
            sys.exit(str(error))

    def _loaded(self) -> Any:
        import ml.features  # noqa: F401 - pandas takes its time as well; no request should wait for it

        return load(self._content, self._trusted)

    def estimator(self) -> Any:
        if self._estimator is None:
            raise HTTPException(503, "the model is still loading")
        return self._estimator

    def predict(self, rows: Sequence[BaseModel]) -> list[Any]:
        """One prediction for each row, of which there has to be one at least."""
        from ml.features import frame

        predicted: list[Any] = self.estimator().predict(frame(rows)).tolist()
        return predicted


def served(request: Request) -> Model:
    model: Model = request.app.state.model
    return model


Served = Annotated[Model, Depends(served)]


@router.get("/model")
async def read_model(model: Served) -> Card:
    """Which model answers, from which data, and how good it is."""
    return model.card
