"""Bare FastAPI with the model of the starter, and nothing else of it."""

import socket

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from app import main, settings
from ml.deliveries.task import Delivery
from ml.features import frame

found = main.load_model(settings.load())
found._estimator = found._loaded()


class Batch(BaseModel):
    rows: list[Delivery]


app = FastAPI()


@app.get("/health/live")
async def live():
    return {"status": "ok"}


@app.post("/predict")
def predict(batch: Batch):
    return {"minutes": found.estimator().predict(frame(batch.rows)).tolist()}


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"Listening at: http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run([listener])
