"""What users look like from outside."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Lower case alone, so that nobody can take somebody's name in other letters.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,39}$")]
# Long passwords are worth more than odd characters; a sentence is fine.
Password = Annotated[str, Field(min_length=12, max_length=200)]


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    password: Password


class User(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class Login(BaseModel):
    token: str = Field(description="Whoever has it is the user, until it expires or is given back.")
    expires_at: datetime = Field(serialization_alias="expiresAt")
    user: User
