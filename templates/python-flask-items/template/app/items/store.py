"""All SQL about items. An item that is not there raises NotFound."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.items.models import ItemRow
from app.items.schemas import ItemChange, NewItem


def after(session: Session, id: int, limit: int) -> Sequence[ItemRow]:
    query = select(ItemRow).where(ItemRow.id > id).order_by(ItemRow.id).limit(limit)
    return session.scalars(query).all()


def create(session: Session, new: NewItem) -> ItemRow:
    item = ItemRow(**new.model_dump())
    session.add(item)
    session.flush()
    return item


def get(session: Session, id: int) -> ItemRow:
    item = session.get(ItemRow, id)
    if item is None:
        raise NotFound(f"there is no item {id}")
    return item


def change(session: Session, id: int, change: ItemChange) -> ItemRow:
    item = get(session, id)
    for field, value in change.model_dump(exclude_none=True).items():
        setattr(item, field, value)
    return item


def delete(session: Session, id: int) -> None:
    session.delete(get(session, id))
