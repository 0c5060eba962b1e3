"""The routes of /items."""

from app.api import Router
from app.database import transaction
from app.items import store
from app.items.schemas import Item, ItemChange, ItemId, ItemPage, NewItem, Page

router = Router("items")


@router.route("GET", "/items")
def list_items(query: Page) -> ItemPage:
    """List the items, oldest first."""
    with transaction() as session:
        # One more than asked for shows whether there is a next page.
        rows = store.after(session, query.after, query.limit + 1)
        items = [Item.model_validate(row) for row in rows[: query.limit]]
    return ItemPage(items=items, next=items[-1].id if len(rows) > query.limit else None)


@router.route("POST", "/items", status=201, location="/items/{id}")
def create_item(body: NewItem) -> Item:
    """Create an item."""
    with transaction() as session:
        return Item.model_validate(store.create(session, body))


@router.route("GET", "/items/{id}")
def read_item(id: ItemId) -> Item:
    """Read an item."""
    with transaction() as session:
        return Item.model_validate(store.get(session, id))


@router.route("PATCH", "/items/{id}")
def change_item(id: ItemId, body: ItemChange) -> Item:
    """Change some fields of an item."""
    with transaction() as session:
        return Item.model_validate(store.change(session, id, body))


@router.route("DELETE", "/items/{id}", status=204)
def delete_item(id: ItemId) -> None:
    """Delete an item."""
    with transaction() as session:
        store.delete(session, id)
