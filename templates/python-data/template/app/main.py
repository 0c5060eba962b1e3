"""The application, put together from its parts."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

import ml
from app import health, http, problems
from app import model as models
from app.model import Model
from app.settings import Settings
from ml import artefact, task
from ml.artefact import ArtefactError

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
OPENAPI = PYPROJECT.parent / "openapi.json"
MAX_BODY = 1024 * 1024  # bytes
ROUTERS = [health.router]  # beside those of the task


class Service(FastAPI):
    """FastAPI, whose OpenAPI document also knows what errors look like."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            super().openapi()["components"]["schemas"] |= problems.schemas()
        return super().openapi()


def routers() -> list[APIRouter]:
    if ml.TASK is None:
        return ROUTERS
    return [*ROUTERS, models.router, import_module(f"{ml.TASK}.routes").router]


def load_model(settings: Settings) -> Model | None:
    """The checked model of the task, if there is one; ArtefactError if it must not be served."""
    wanted = task.current()
    if wanted is None:
        return None
    found = artefact.read(settings.model_dir)
    if found.card.features != wanted.row.model_json_schema():
        raise ArtefactError(
            f"The model in {settings.model_dir} was trained on other columns than {ml.TASK} has: "
            "train it again"
        )
    return Model(found, wanted.trusted)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    loading = asyncio.create_task(app.state.model.load()) if app.state.model else None
    yield
    if loading:
        loading.cancel()


def create_app(settings: Settings, model: Model | None) -> FastAPI:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    app = Service(
        title=project["name"],
        description=project["description"],
        version=project["version"],
        lifespan=lifespan,
        responses=problems.RESPONSES,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        docs_url=None,  # The pages of FastAPI load their scripts from elsewhere.
        redoc_url=None,
    )
    app.state.model = model
    problems.init_app(app)
    for router in routers():
        app.include_router(router)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Content-Type", "X-Request-ID"],
            expose_headers=["X-Request-ID"],
        )
    if settings.trust_proxy:
        app.add_middleware(http.Proxied, hops=settings.trust_proxy)
    app.add_middleware(http.Edge, max_body=MAX_BODY)  # the last one is the outermost
    return app


def document() -> str:
    """The OpenAPI 3.1 document, as JSON text."""
    app = create_app(Settings(), None)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
