"""The application, put together from its parts."""

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import import_string

from app import api, database, http, problems
from app.api import Router
from app.settings import Settings

# One line per resource. The example goes with its folder and its line here.
ROUTERS = [
    "app.health:router",
    "app.items.routes:router",
]


def routers() -> list[Router]:
    return [import_string(name) for name in ROUTERS]


def create_app(settings: Settings) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 100 * 1024  # bytes
    if hops := settings.trust_proxy:
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    http.init_app(app, settings.cors_origins)
    problems.init_app(app)
    database.init_app(app, settings.database_url)
    for router in routers():
        router.register(app)
    document = api.document(routers())
    app.add_url_rule(
        "/openapi.json", "openapi", lambda: Response(document, mimetype="application/json")
    )
    return app
