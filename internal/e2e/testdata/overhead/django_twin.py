"""Bare Django with the model of the starter and plain views: no middleware, no API library."""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "django_twin_settings"

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.http import JsonResponse
from django.urls import path

from app import database
from app.items.models import Item


def plain(item):
    return {"id": item.id, "name": item.name, "quantity": item.quantity, "createdAt": item.created_at.isoformat()}


def read(request, id):
    return JsonResponse(plain(Item.objects.get(id=id)))


def create(request):
    return JsonResponse(plain(Item.objects.create(**json.loads(request.body))), status=201)


urlpatterns = [path("items/<int:id>", read), path("items", create)]

if __name__ == "__main__":
    from gunicorn_twin import Twin

    database.migrate()
    Twin(WSGIHandler()).run()
