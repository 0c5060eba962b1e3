"""Bare Flask with the handlers and the store of the starter, and nothing else of it."""

import os
from types import SimpleNamespace

from flask import Flask, jsonify, request
from gunicorn_twin import Twin

from app import database
from app.items import store

app = Flask(__name__, static_folder=None)
database.migrate(os.environ["DATABASE_URL"])
database.init_app(app, os.environ["DATABASE_URL"])


def plain(item):
    return {"id": item.id, "name": item.name, "quantity": item.quantity, "createdAt": item.created_at.isoformat()}


@app.get("/items/<int:id>")
def read(id):
    with database.transaction() as session:
        return jsonify(plain(store.get(session, id)))


@app.post("/items")
def create():
    body = request.get_json()
    with database.transaction() as session:
        return jsonify(plain(store.create(session, SimpleNamespace(model_dump=lambda: body)))), 201


if __name__ == "__main__":
    Twin(app).run()
