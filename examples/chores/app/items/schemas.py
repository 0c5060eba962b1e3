"""What items look like from outside."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

# Clients that read JSON numbers as doubles keep integers exact up to here.
MAX_INTEGER = 2**53 - 1

ItemId = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Quantity = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
# SQLite keeps no time zone; all times in the database are UTC.
Utc = Annotated[datetime, AfterValidator(lambda value: value.replace(tzinfo=UTC))]


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


class Item(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    quantity: int
    created_at: Utc = Field(serialization_alias="createdAt")


class Page(BaseModel):
    """Pages go by the last id seen: unlike an offset, that stays right while items come and go."""

    limit: int = Field(default=20, ge=1, le=100)
    after: int = Field(default=0, ge=0, le=MAX_INTEGER)


class ItemPage(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    items: list[Item]
    next: int | None = Field(description="The `after` of the next page, null on the last one.")
