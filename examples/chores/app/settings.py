"""Settings from the environment and `.env`; every wrong one is named at once."""

import re
import sys
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Origin = Annotated[str, Field(pattern=r"^https?://[^/,\s]+$")]


class Settings(BaseSettings):
    """One field per variable; the README explains them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    database_url: str = Field(default="sqlite:///data/app.db", pattern="^sqlite:///[^:]")
    cors_origins: Annotated[tuple[Origin, ...], NoDecode] = ()
    trust_proxy: int = Field(default=0, ge=0, le=10)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return re.split(r"\s*,\s*", value) if isinstance(value, str) else value


def load() -> Settings:
    """The settings, or an exit that lists all that is wrong; no values, one may be a secret."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"  {str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        sys.exit("\n".join(["These settings are wrong:", *wrong]))
