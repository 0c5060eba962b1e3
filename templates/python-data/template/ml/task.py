"""What is to be learned, and from what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, field_validator

import ml

Values = NDArray[Any]
DATA = Path(__file__).parent.parent / "data"


class Row(BaseModel):
    """Base of the rows of a task. Strict: no unknown column, no "5" where 5 is meant, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """JSON has one kind of number: 3.0 is as whole as 3."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True)
class Task:
    """A table, what its rows look like, and how to learn from them."""

    table: Path  # CSV with the columns of `row` and the target
    row: type[BaseModel]  # one input, for training and for requests alike
    target: str  # the column to predict
    estimator: Callable[[int], Any]  # makes an untrained scikit-learn estimator for a seed
    metrics: Callable[[Values, Values], Mapping[str, float]]  # of true and of predicted values
    floors: Mapping[str, float]  # a model with a metric below its floor is not kept
    trusted: Sequence[str] = ()  # types of the estimator that skops cannot vouch for, but you can
    seed: int = 1


def current() -> Task | None:
    """The task that `ml.TASK` names."""
    if ml.TASK is None:
        return None
    task: Task = import_module(f"{ml.TASK}.task").task
    return task
