import runpy

import ml
from app import main
from tests.probe.routes import router

ml.TASK = None  # Stopping needs no model.
main.ROUTERS.append(router)
runpy.run_module("app", run_name="__main__")
