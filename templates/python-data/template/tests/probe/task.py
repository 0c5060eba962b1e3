"""y = 2 * x, and 10 more for b."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ml.task import Row, Task, Values


class Point(Row):
    x: float = Field(ge=0, le=100)
    kind: Literal["a", "b"]


def estimator(_seed: int) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    kinds = make_column_transformer((OneHotEncoder(), ["kind"]), remainder="passthrough")
    return make_pipeline(kinds, LinearRegression())


def metrics(true: Values, predicted: Values) -> dict[str, float]:
    return {"closeness": 1 - abs(true - predicted).max()}


task = Task(
    table=Path(__file__).parent / "points.csv",
    row=Point,
    target="y",
    estimator=estimator,
    metrics=metrics,
    floors={"closeness": 0.99},
)
