import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { createApp, createRoutes } from "#app/app.ts";
import { builtPages, openPages, PAGE_POLICY } from "#app/http/pages.ts";
import { json, serveApp, testServices } from "#app/testing.ts";

/** What a browser says when a person opens an address. */
const person = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

/** Serves the whole service with the pages that `npm test` has built. */
async function serve(t: TestContext): Promise<string> {
  const services = testServices();
  t.after(() => services.database.close());
  return serveApp(t, createApp(services, createRoutes(services), await openPages(false)));
}

test("the page is served with everything that it loads", async (t) => {
  const url = await serve(t);
  const page = await fetch(url, person);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type") ?? "", /^text\/html; charset=utf-8$/i);
  assert.equal(page.headers.get("cache-control"), "no-cache");
  assert.equal(page.headers.get("content-security-policy"), PAGE_POLICY);

  const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css" };
  const loaded = (await page.text()).match(/(?<=(src|href)=")\/assets\/[^"]+/g) ?? [];
  assert.ok(loaded.length > 0);
  for (const path of loaded) {
    const { status, headers } = await fetch(url + path);
    assert.equal(status, 200, path);
    assert.ok(headers.get("content-type")?.startsWith(types[extname(path)] ?? "image/"), path);
    assert.equal(headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});

test("a page that did not change is not sent again", async (t) => {
  const url = await serve(t);
  const etag = (await fetch(url)).headers.get("etag") ?? "none";
  // As browsers ask; fetch would add no-cache.
  const headers = { "if-none-match": etag, "cache-control": "max-age=0" };
  assert.equal((await fetch(url, { headers })).status, 304);
});

test("where there is nothing, people get a page and programs a problem document", async (t) => {
  const url = await serve(t);
  const page = await fetch(`${url}/nope`, person);
  assert.equal(page.status, 404);
  assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
  assert.equal(page.headers.get("content-security-policy"), PAGE_POLICY);
  assert.match(await page.text(), /<h1>Not found<\/h1>/);

  const posted = { ...json("POST", {}), ...person };
  for (const [path, init] of [
    ["/nope", {}],
    ["/assets/old.js", {}],
    ["/nope", posted],
  ] as const) {
    const { status, headers } = await fetch(url + path, init);
    assert.equal(status, 404);
    assert.match(headers.get("content-type") ?? "", /^application\/problem\+json/);
  }
});

test("the API answers as it does without pages", async (t) => {
  const { status, headers } = await fetch(`${await serve(t)}/health/ready`, person);
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^application\/json/);
  assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none'/);
  assert.equal(headers.get("cache-control"), null);
});

test("no path leads out of the built files", async (t) => {
  const url = new URL(await serve(t));
  for (const way of ["..", "%2e%2e", "assets/../..", "assets/..%2f..", "..%5c", "//..", "%00"]) {
    // Not by fetch, which would tidy the path up.
    const request = get({ hostname: url.hostname, port: url.port, path: `/${way}/package.json` });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    assert.ok([400, 403, 404].includes(response.statusCode ?? 0), `${way}: ${response.statusCode}`);
    assert.doesNotMatch(await text(response), /devDependencies/);
  }
});

test("without a build the service does not start, and says what to do", () => {
  assert.throws(() => builtPages("nowhere"), /no pages in nowhere: make them by `npm run build`/);
});

test("in development the pages come from web/, and a stop waits for no browser", {
  skip: process.platform === "win32" && "Windows has no signals",
}, async (t) => {
  const service = spawn(process.execPath, ["src/main.ts", "--dev"], {
    cwd: new URL("../..", import.meta.url),
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", DATABASE_PATH: ":memory:" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => service.kill("SIGKILL"));
  const [line] = await once(createInterface(service.stdout), "line");
  const url = `http://127.0.0.1:${JSON.parse(line).port}`;

  const page = await (await fetch(url, person)).text();
  assert.match(page, /src="\/main\.ts"/);
  const client = await (await fetch(`${url}/@vite/client`)).text();
  const token = /wsToken = "([^"]+)"/.exec(client)?.[1];
  const browser = new WebSocket(`${url}/?token=${token}`, "vite-hmr");
  await once(browser, "open");

  const stopped = once(service, "exit");
  service.kill("SIGTERM");
  const signalled = performance.now();
  assert.deepEqual(await stopped, [0, null]);
  assert.ok(performance.now() - signalled < 4000, "it waited for the browser");
});
