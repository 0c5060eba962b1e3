// Bare Express with the handlers and the store of the starter, and nothing else of it.
import express from "express";
import { openDatabase } from "#app/database.ts";
import { itemStore } from "#app/items/store.ts";

const store = itemStore(openDatabase(process.env.DATABASE_PATH ?? ""));
const app = express();
app.use(express.json());
app.get("/items/:id", (request, response) => {
  const item = store.find(Number(request.params.id));
  if (item) response.json(item);
  else response.sendStatus(404);
});
app.post("/items", (request, response) => {
  response.status(201).json(store.create(request.body));
});
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`Listening at: http://127.0.0.1:${(server.address() as { port: number }).port}`);
});
