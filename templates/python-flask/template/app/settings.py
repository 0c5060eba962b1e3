"""Settings from the environment and `.env`; every wrong one is named at once."""

import sys
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class Settings(BaseSettings):
    """One field per variable; the README explains them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    database_url: str = "sqlite:///data/app.db"
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trust_proxy: int = Field(default=0, ge=0, le=10)

    @field_validator("database_url")
    @classmethod
    def _sqlite_file(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            url = None
        if (
            url is None
            or url.get_backend_name() != "sqlite"
            or url.database in (None, "", ":memory:")
        ):
            raise ValueError("should be a SQLite file, such as sqlite:///data/app.db")
        return value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        origins = (
            [part.strip() for part in value.split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )
        for origin in origins if isinstance(origins, list) else ():
            parts = urlsplit(origin)
            if f"{parts.scheme}://{parts.netloc}" != origin or parts.scheme not in (
                "http",
                "https",
            ):
                raise ValueError(
                    "should be origins such as https://app.example.com, separated by commas"
                )
        return origins


def load() -> Settings:
    """The settings, or an exit that lists all that is wrong; no values, one may be a secret."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = (
            f"  {str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        sys.exit("\n".join(["These settings are wrong:", *wrong]))
