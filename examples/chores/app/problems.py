"""Every error as problem+json (RFC 9457)."""

from typing import Literal

from flask import Flask, Response
from pydantic import BaseModel, Field
from werkzeug.exceptions import HTTPException, UnprocessableEntity

Place = Literal["path", "query", "body"]


class Fault(BaseModel):
    """One thing that is wrong with a request, for a client to show beside the right field."""

    place: Place = Field(serialization_alias="in")
    field: str
    detail: str


class Problem(BaseModel):
    """The body of every error answer."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[Fault] | None = None


class Invalid(UnprocessableEntity):
    """422: well-formed, but some values break a rule."""

    def __init__(self, errors: list[Fault]) -> None:
        super().__init__("the request is not valid")
        self.errors = errors


def answer(error: HTTPException) -> Response:
    """The error's status and headers (Allow, for one) with a problem as the body."""
    problem = Problem(
        title=error.name,
        status=error.code or 500,
        detail=error.description if error.description != type(error).description else None,
        errors=getattr(error, "errors", None),
    )
    response = Response(problem.model_dump_json(by_alias=True, exclude_none=True), error.code)
    response.headers.update(error.get_headers())
    response.content_type = "application/problem+json"
    return response


def init_app(app: Flask) -> None:
    """Flask logs any other exception with its traceback and makes a bare 500 of it."""
    app.register_error_handler(HTTPException, answer)
