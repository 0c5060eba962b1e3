"""The routes of /items in the API."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Status

from app.items.models import Item
from app.items.schemas import ItemChange, ItemId, ItemOut, ItemPage, NewItem, Page

router = Router(tags=["items"], by_alias=True)


@router.get("", response=ItemPage)
def list_items(request: HttpRequest, page: Query[Page]) -> dict[str, object]:
    """List the items, oldest first."""
    # One more than asked for shows whether there is a next page.
    rows = list(Item.objects.filter(id__gt=page.after)[: page.limit + 1])
    items = rows[: page.limit]
    return {"items": items, "next": items[-1].id if len(rows) > page.limit else None}


@router.post("", response={201: ItemOut})
def create_item(request: HttpRequest, response: HttpResponse, new: NewItem) -> Status[Item]:
    """Create an item."""
    item = Item.objects.create(**new.model_dump())
    response.headers["Location"] = f"/items/{item.id}"
    return Status(201, item)


@router.get("/{id}", response=ItemOut)
def read_item(request: HttpRequest, id: Path[ItemId]) -> Item:
    """Read an item."""
    return get_object_or_404(Item, id=id)


@router.patch("/{id}", response=ItemOut)
def change_item(request: HttpRequest, id: Path[ItemId], change: ItemChange) -> Item:
    """Change some fields of an item."""
    with transaction.atomic():
        item = get_object_or_404(Item, id=id)
        changes = change.model_dump(exclude_none=True)
        for field, value in changes.items():
            setattr(item, field, value)
        item.save(update_fields=changes)
    return item


@router.delete("/{id}", response={204: None})
def delete_item(request: HttpRequest, id: Path[ItemId]) -> Status[None]:
    """Delete an item."""
    get_object_or_404(Item, id=id).delete()
    return Status(204, None)
