"""`python -m ml.train`: learn the task, and keep the model if it is good enough."""

import argparse
import sys
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError
from sklearn.model_selection import train_test_split

import ml
from ml import artefact, task
from ml.artefact import ArtefactError, Card
from ml.features import frame
from ml.task import Task, Values


class TrainingError(Exception):
    """No model comes of this training. The message is one sentence for people."""


def load(task: Task, content: bytes) -> tuple[pd.DataFrame, Values]:
    """The checked rows of a table and their targets."""
    table = pd.read_csv(BytesIO(content))
    if {*table.columns} != {*task.row.model_fields, task.target}:
        odd = ", ".join(sorted({*table.columns} ^ {*task.row.model_fields, task.target}))
        raise TrainingError(f"{task.table.name} has columns too many or too few: {odd}")
    try:
        rows = TypeAdapter(list[task.row]).validate_python(  # type: ignore[name-defined]
            table.drop(columns=task.target).to_dict("records")
        )
    except ValidationError as error:
        row, column, *_ = error.errors()[0]["loc"]
        # The first line is the header.
        raise TrainingError(
            f"{task.table.name}, line {int(row) + 2}, {column}: {error.errors()[0]['msg']}"
        ) from error
    if len(missing := table.index[table[task.target].isna()]):
        raise TrainingError(f"{task.table.name}: {task.target} is missing in line {missing[0] + 2}")
    return frame(rows), table[task.target].to_numpy()


def train(task: Task) -> tuple[Card, bytes]:
    """A model and its card; TrainingError or ArtefactError if either will not do."""
    content = task.table.read_bytes()
    x, y = load(task, content)
    x_train, x_test, y_train, y_test = train_test_split(
        x, y, test_size=0.25, random_state=task.seed
    )
    model = task.estimator(task.seed).fit(x_train, y_train)
    metrics = {k: float(v) for k, v in task.metrics(y_test, model.predict(x_test)).items()}
    for name, floor in task.floors.items():
        if not metrics[name] >= floor:  # so that NaN is refused as well
            raise TrainingError(f"{name} is {metrics[name]:.3f} and has to be {floor} at least")
    stored = artefact.dump(model)
    artefact.load(stored, task.trusted)  # better to fail here than where it is served
    card = Card(
        task=str(ml.TASK),
        sha256=sha256(stored).hexdigest(),
        sklearn=version("scikit-learn"),
        seed=task.seed,
        data_sha256=sha256(content).hexdigest(),
        rows=len(x),
        metrics=metrics,
        target=task.target,
        features=task.row.model_json_schema(),
    )
    return card, stored


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.train", description="Train the model.")
    parser.add_argument("--to", type=Path, default=Path("models"), help="folder for the model")
    folder = parser.parse_args().to
    found = task.current()
    if found is None:
        print("There is nothing to train: ml/__init__.py names no task")
        return
    try:
        card, stored = train(found)
    except (TrainingError, ArtefactError) as error:
        sys.exit(f"No model: {error}")
    artefact.save(folder, card, stored)
    metrics = ", ".join(f"{name} {value:.3f}" for name, value in card.metrics.items())
    print(f"{folder / 'model.skops'}: {card.rows} rows, {metrics}, sha256 {card.sha256[:12]}")


if __name__ == "__main__":
    main()
