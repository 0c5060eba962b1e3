// Writes openapi.json from the routes; with --check only says whether the file is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { createRoutes } from "#app/app.ts";
import { openapiDocument } from "#app/http/openapi.ts";
import { testServices } from "#app/testing.ts";

const file = new URL("../openapi.json", import.meta.url);
const text = `${JSON.stringify(openapiDocument(createRoutes(testServices())), null, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  console.error("openapi.json is not what the routes say: run `npm run openapi` and commit it");
  process.exit(1);
}
