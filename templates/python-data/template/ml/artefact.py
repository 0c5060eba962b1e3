"""The trained model as two files: model.skops, which runs no code when loaded, and model.json.

The same training gives the same bytes, so a hash names a model wherever it was made.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from pydantic import BaseModel, ConfigDict, ValidationError


class Card(BaseModel):
    """What a model is, and all that is needed to make it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    sha256: str  # of model.skops
    sklearn: str  # version
    seed: int
    data_sha256: str  # of the table
    rows: int  # of the table; a quarter of them are for the metrics only
    metrics: dict[str, float]
    target: str
    features: dict[str, Any]  # JSON Schema of a row


class ArtefactError(Exception):
    """The model must not be served. The message is one sentence for people."""


@dataclass(frozen=True)
class Artefact:
    """A model that is what its card says; not loaded yet."""

    card: Card
    content: bytes


def load(content: bytes, trusted: Sequence[str]) -> Any:
    """The estimator in a skops file. Slow: this is where scikit-learn is imported."""
    import skops.io

    try:
        return skops.io.loads(content, trusted=list(trusted))
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise ArtefactError(f"The model cannot be loaded: {reason}") from error


def read(folder: Path) -> Artefact:
    """The artefact in a folder; ArtefactError if it is not what was trained, or cannot run here."""
    try:
        card = Card.model_validate_json((folder / "model.json").read_bytes())
        content = (folder / "model.skops").read_bytes()
    except FileNotFoundError:
        raise ArtefactError(
            f"There is no model in {folder}: make one by python -m ml.train"
        ) from None
    except (OSError, ValidationError) as error:
        raise ArtefactError(
            f"The model in {folder} cannot be read: {type(error).__name__}"
        ) from error
    if sha256(content).hexdigest() != card.sha256:
        raise ArtefactError(
            f"{folder / 'model.skops'} has changed since it was trained: train it again"
        )
    if card.sklearn != (installed := version("scikit-learn")):
        raise ArtefactError(
            f"The model in {folder} was trained with scikit-learn {card.sklearn}, "
            f"this is {installed}: train it again"
        )
    return Artefact(card, content)


def save(folder: Path, card: Card, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.skops").write_bytes(content)
    (folder / "model.json").write_text(card.model_dump_json(indent=2) + "\n", newline="\n")


def dump(model: Any) -> bytes:
    """An estimator as a skops file that depends on nothing but the estimator.

    skops names objects by their addresses in memory and notes the time; here they are counted, and
    it is always 1980.
    """
    import skops.io

    numbers: dict[int, int] = {}
    files: dict[str, str] = {}

    def count(node: dict[str, Any]) -> dict[str, Any]:
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers))
        if isinstance(name := node.get("file"), str):
            node["file"] = files.setdefault(name, f"{len(files)}{Path(name).suffix}")
        return node

    counted = io.BytesIO()
    with ZipFile(io.BytesIO(skops.io.dumps(model))) as old, ZipFile(counted, "w") as new:
        schema = json.loads(old.read("schema.json"), object_hook=count)
        for name, renamed in files.items():
            new.writestr(ZipInfo(renamed), old.read(name))
        new.writestr(ZipInfo("schema.json"), json.dumps(schema, indent=2))
    return counted.getvalue()
