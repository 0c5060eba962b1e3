"""Rows as an estimator sees them. Training and requests both come here, so they cannot differ."""

from collections.abc import Sequence

import pandas as pd
from pydantic import BaseModel


def frame(rows: Sequence[BaseModel]) -> pd.DataFrame:
    """One column for each field, in the order of the fields."""
    return pd.DataFrame([row.model_dump() for row in rows])
