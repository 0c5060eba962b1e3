"""Typed routes: the annotations of a view check what comes in and become the OpenAPI 3.1 document.

`query` and `body` are pydantic models, every other parameter is a variable of the path, the return
annotation is the model of the answer (None for an empty one), the docstring is the summary.
"""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_type_hints

from flask import Flask, Response, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.database import PYPROJECT
from app.problems import Fault, Invalid, Place, Problem

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Model = type[BaseModel]
View = TypeVar("View", bound=Callable[..., BaseModel | None])
T = TypeVar("T")
OPENAPI = PYPROJECT.parent / "openapi.json"


@dataclass(frozen=True)
class Operation:
    """One method of one path. Calling it answers the current request."""

    method: Method
    path: str
    view: Callable[..., BaseModel | None]
    status: int
    location: str | None
    variables: dict[str, TypeAdapter[Any]]
    query: Model | None
    body: Model | None
    answer: Model | None

    def __call__(self, **variables: str) -> Response:
        arguments = {
            name: checked(self.variables[name].validate_python, value, "path", name)
            for name, value in variables.items()
        }
        if self.query:
            arguments["query"] = checked(self.query.model_validate, request.args.to_dict(), "query")
        if self.body:
            arguments["body"] = checked(self.body.model_validate_json, read_json(), "body")
        answer = self.view(**arguments)
        response = Response(status=self.status, mimetype="application/json")
        if answer is None:
            del response.headers["Content-Type"]
            return response
        response.data = answer.model_dump_json(by_alias=True)
        if self.location:
            response.headers["Location"] = self.location.format(**vars(answer))
        return response


def read_json() -> bytes:
    """The body, if it says that it is JSON and is not too long (413)."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("send the body as application/json")
    body = request.get_data()
    if request.content_length is None:
        request.stream.read(1)  # A chunked body is cut off at the limit; reading on raises 413.
    return body


def checked(validate: Callable[[Any], T], value: object, place: Place, *field: str) -> T:
    """The validated value, or 400 for what is not JSON at all and 422 for what breaks the model."""
    try:
        return validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        raise BadRequest(errors[0]["msg"])
    raise Invalid(
        [
            Fault(place=place, field=".".join(map(str, [*field, *e["loc"]])), detail=e["msg"])
            for e in errors
        ]
    )


class Router:
    """The routes of one resource."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.operations: list[Operation] = []

    def route(
        self, method: Method, path: str, *, status: int = 200, location: str | None = None
    ) -> Callable[[View], View]:
        """Add a view. `location` makes the Location header from the answer: `/items/{id}`."""

        def add(view: View) -> View:
            hints = get_type_hints(view, include_extras=True)
            answer = hints.pop("return")
            operation = Operation(
                method=method,
                path=path,
                view=view,
                status=status,
                location=location,
                query=hints.pop("query", None),
                body=hints.pop("body", None),
                answer=None if answer is type(None) else answer,
                variables={name: TypeAdapter(hint) for name, hint in hints.items()},
            )
            self.operations.append(operation)
            return view

        return add

    def register(self, app: Flask) -> None:
        for operation in self.operations:
            rule = operation.path.replace("{", "<").replace("}", ">")
            endpoint = f"{self.name}.{operation.view.__name__}"
            app.add_url_rule(rule, endpoint, operation, methods=[operation.method])


def document(routers: list[Router]) -> str:
    """The OpenAPI 3.1 document of these routes, as JSON text."""
    operations = [operation for router in routers for operation in router.operations]
    models: set[tuple[Model, JsonSchemaMode]] = {(Problem, "serialization")}
    models |= {(operation.body, "validation") for operation in operations if operation.body}
    models |= {(operation.answer, "serialization") for operation in operations if operation.answer}
    references, schemas = models_json_schema(
        list(models), ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = describe(operation, references)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    openapi = {
        "openapi": "3.1.0",
        "info": {
            "title": project["name"],
            "description": project["description"],
            "version": project["version"],
        },
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }
    return json.dumps(openapi, indent=2, ensure_ascii=False) + "\n"


def describe(operation: Operation, references: Any) -> dict[str, Any]:
    """The OpenAPI object of one operation; `references` point to the schemas of the models."""

    def content(model: Model, mode: JsonSchemaMode, kind: str = "application/json") -> Any:
        return {"content": {kind: {"schema": references[model, mode]}}}

    def parameter(place: Place, name: str, schema: Any, *, required: bool) -> Any:
        return {"name": name, "in": place, "required": required, "schema": schema}

    query = operation.query.model_json_schema() if operation.query else {"properties": {}}
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": (operation.view.__doc__ or "").partition("\n")[0],
        "parameters": [
            parameter("path", name, variable.json_schema(), required=True)
            for name, variable in operation.variables.items()
        ]
        + [
            parameter("query", name, schema, required=name in query.get("required", ()))
            for name, schema in query["properties"].items()
        ],
        "responses": {
            str(operation.status): {"description": "Done"},
            "default": {"description": "Not done; the body says why"}
            | content(Problem, "serialization", "application/problem+json"),
        },
    }
    if operation.body:
        described["requestBody"] = {"required": True} | content(operation.body, "validation")
    if operation.answer:
        described["responses"][str(operation.status)] |= content(operation.answer, "serialization")
    return described
