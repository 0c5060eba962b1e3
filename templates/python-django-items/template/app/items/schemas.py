"""What items look like from outside."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.items.models import MAX_INTEGER

ItemId = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Quantity = Annotated[int, Field(ge=0, le=MAX_INTEGER)]


class Input(BaseModel):
    """Strict: nothing unknown, and no "5" where 5 is meant."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """JSON has one kind of number: 3.0 is as whole as 3."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


class NewItem(Input):
    name: Name
    quantity: Quantity


class ItemChange(Input):
    """What is left out or null stays as it is."""

    name: Name | None = None
    quantity: Quantity | None = None


class ItemOut(Schema):
    id: int
    name: str
    quantity: int
    created_at: datetime = Field(serialization_alias="createdAt")


class Page(BaseModel):
    """Pages go by the last id seen: unlike an offset, that stays right while items come and go."""

    limit: int = Field(default=20, ge=1, le=100)
    after: int = Field(default=0, ge=0, le=MAX_INTEGER)


class ItemPage(Schema):
    items: list[ItemOut]
    next: int | None = Field(description="The `after` of the next page, null on the last one.")
