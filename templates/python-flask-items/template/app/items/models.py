"""The table of items."""

from datetime import UTC, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class ItemRow(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    quantity: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
