"""Training, and which models are refused."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

import ml
from app import main
from app.settings import Settings
from ml import artefact, train
from ml.artefact import ArtefactError, Card
from ml.task import Row
from ml.train import TrainingError
from tests.probe.task import task
from tests.test_server import ROOT, refusal

SERVE = "import ml, runpy; ml.TASK = 'tests.probe'; runpy.run_module('app', run_name='__main__')"


@pytest.fixture(autouse=True)
def _probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ml, "TASK", "tests.probe")


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained model, to be spoilt."""
    return copytree(trained, tmp_path / "models")


def card(folder: Path, **changed: Any) -> None:
    """Change what the card of a model says."""
    file = folder / "model.json"
    old = Card.model_validate_json(file.read_bytes())
    file.write_text(old.model_copy(update=changed).model_dump_json())


def reason(folder: Path) -> str:
    with pytest.raises(ArtefactError) as refused:
        main.load_model(Settings(model_dir=folder))
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_training_again_gives_the_same_bytes(trained: Path) -> None:
    again = "import ml, sys; ml.TASK = 'tests.probe'; from ml import train; train.main()"
    for seed in ("1", "2"):  # of Python's hashes, by which sets are ordered
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", again], env=environment, check=True)
        for name in ("model.skops", "model.json"):
            assert Path("models", name).read_bytes() == (trained / name).read_bytes()


def test_a_model_below_its_floor_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = replace(task, floors={"closeness": 1.1})
    with pytest.raises(TrainingError, match=r"closeness is 1\.000 and has to be 1\.1 at least"):
        train.train(strict)
    monkeypatch.setattr("tests.probe.task.task", strict)
    monkeypatch.setattr(sys, "argv", ["train"])
    with pytest.raises(SystemExit, match="No model: closeness"):
        train.main()
    assert not Path("models").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x,kind,y", "x,kind,y,z", "too many or too few: z"),
        ("x,kind,y", "x,sort,y", "too many or too few: kind, sort"),
        ("1.5,a", "1.5,c", "line 4, kind: Input should be 'a' or 'b'"),
        ("1.5,a", "-1.5,a", "line 4, x: Input should be greater than or equal to 0"),
        ("1.5,a", ",a", "line 4, x: Input should be a finite number"),
        ("1.5,a,3.0", "1.5,a,", "points.csv: y is missing in line 4"),
    ],
)
def test_a_table_with_a_fault_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    table = tmp_path / "points.csv"
    text = task.table.read_text()
    assert old in text
    table.write_text(text.replace(old, new, 1))
    with pytest.raises(TrainingError) as refused:
        train.train(replace(task, table=table))
    assert said in str(refused.value)


def test_without_a_task_nothing_is_trained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ml, "TASK", None)
    monkeypatch.setattr(sys, "argv", ["train"])
    train.main()
    assert "nothing to train" in capsys.readouterr().out
    assert main.load_model(Settings()) is None


def test_a_changed_byte_is_refused(folder: Path) -> None:
    content = bytearray((folder / "model.skops").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.skops").write_bytes(content)
    assert "has changed since it was trained" in reason(folder)


def test_another_scikit_learn_is_refused(folder: Path) -> None:
    card(folder, sklearn="1.8.0")
    assert "was trained with scikit-learn 1.8.0" in reason(folder)


def test_other_columns_are_refused(folder: Path) -> None:
    class Other(Row):
        x: float

    card(folder, features=Other.model_json_schema())
    assert "trained on other columns" in reason(folder)


def test_no_model_is_refused(tmp_path: Path) -> None:
    assert "make one by python -m ml.train" in reason(tmp_path / "nothing")


@pytest.mark.parametrize("text", ["", "{}", "[1", '{"task": 1}'])
def test_a_card_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "model.json").write_text(text)
    assert "cannot be read" in reason(folder)


def test_types_that_nobody_vouched_for_are_refused() -> None:
    from sklearn.tree import DecisionTreeRegressor

    stored = artefact.dump(DecisionTreeRegressor().fit([[0], [1]], [0, 1]))
    with pytest.raises(ArtefactError, match=r"loaded: Untrusted types .*\._tree\.Tree") as said:
        artefact.load(stored, [])
    assert "\n" not in str(said.value)
    assert artefact.load(stored, ["sklearn.tree._tree.Tree"]).predict([[1]]) == [1]


def test_a_changed_model_stops_the_start(folder: Path) -> None:
    with (folder / "model.skops").open("ab") as stored:
        stored.write(b"\0")
    said = refusal("-c", SERVE)
    assert said.startswith(f"{Path('models', 'model.skops')} has changed since it was trained")
    assert said.count("\n") == 1


def test_a_model_that_cannot_be_loaded_ends_the_service(folder: Path) -> None:
    (folder / "model.skops").write_bytes(b"no model")
    card(folder, sha256=sha256(b"no model").hexdigest())
    assert refusal("-c", SERVE) == "The model cannot be loaded: File is not a zip file\n"
