"""What a delivery looks like, and how its duration is learned."""

from typing import Any, Literal, get_args

from pydantic import Field

from ml.task import DATA, Row, Task, Values

Weather = Literal["dry", "rain", "snow"]


class Delivery(Row):
    distance_km: float = Field(gt=0, le=60)
    parcels: int = Field(ge=1, le=50)
    hour: int = Field(ge=0, le=23)
    weather: Weather


def estimator(seed: int) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

    choices = OneHotEncoder(categories=[list(get_args(Weather)), list(range(24))])
    return make_pipeline(
        make_column_transformer((choices, ["weather", "hour"]), remainder=StandardScaler()),
        PolynomialFeatures(interaction_only=True, include_bias=False),  # snow is worse on long ways
        Ridge(random_state=seed),
    )


def metrics(true: Values, predicted: Values) -> dict[str, float]:
    from sklearn.metrics import mean_absolute_error, r2_score

    return {
        "r2": r2_score(true, predicted),
        "mean_absolute_error_minutes": mean_absolute_error(true, predicted),
    }


task = Task(
    table=DATA / "deliveries.csv",
    row=Delivery,
    target="minutes",
    estimator=estimator,
    metrics=metrics,
    floors={"r2": 0.95},
)
