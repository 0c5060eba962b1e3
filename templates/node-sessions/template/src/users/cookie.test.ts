import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { json, serve } from "#app/testing.ts";
import { PASSWORD, register } from "#app/users/testing.ts";

const ada = { name: "ada", password: PASSWORD };

/** The cookie that a browser is told to keep when somebody registers. */
async function cookieOf(t: TestContext, environment = {}, headers = {}): Promise<string> {
  const url = await serve(t, { environment });
  const response = await fetch(`${url}/users`, json("POST", ada, headers));
  return response.headers.getSetCookie().join();
}

test("scripts and other sites do not get at the cookie", async (t) => {
  const cookie = await cookieOf(t);
  assert.match(
    cookie,
    /^session=[\w-]{43}; Path=\/; Expires=\w+, [\w :]+ GMT; HttpOnly; SameSite=Lax$/,
  );
});

test("the cookie is for https alone where the service is reached by it", async (t) => {
  assert.match(await cookieOf(t, { PUBLIC_URL: "https://app.example" }), /; Secure/);
  const forwarded = { "x-forwarded-proto": "https" };
  assert.match(await cookieOf(t, { TRUST_PROXY: "1" }, forwarded), /; Secure/);
  assert.doesNotMatch(await cookieOf(t, {}, forwarded), /; Secure/);
  assert.doesNotMatch(await cookieOf(t, { PUBLIC_URL: "http://app.example" }), /; Secure/);
});

test("who logs out loses the cookie", async (t) => {
  const url = await serve(t);
  const headers = await register(url);
  const response = await fetch(`${url}/logout`, { method: "POST", headers });
  assert.match(response.headers.getSetCookie().join(), /^session=; Path=\/; Expires=.* 1970 /);
});

test("a new log-in ends the one that the browser had", async (t) => {
  const url = await serve(t);
  const headers = await register(url);
  assert.equal((await fetch(`${url}/login`, json("POST", ada, headers))).status, 200);
  assert.equal((await fetch(`${url}/me`, { headers })).status, 401);
});

test("pages of other origins cannot use the cookie to change anything", async (t) => {
  const url = await serve(t, { environment: { CORS_ORIGINS: "https://listed.example" } });
  const user = await register(url);
  for (const [headers, status] of [
    [{ "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    [{ "sec-fetch-site": "same-site", origin: "https://evil.app.example" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ "sec-fetch-site": "same-origin", origin: url }, 204],
    [{ "sec-fetch-site": "cross-site", origin: "https://listed.example" }, 204],
    [{ origin: url }, 204],
  ] as const) {
    const response = await fetch(`${url}/logout`, {
      method: "POST",
      headers: { ...user, ...headers },
    });
    // Who may do it has been logged out, and is then not known.
    assert.equal(response.status === 401 ? 204 : response.status, status, JSON.stringify(headers));
  }
  const read = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
  assert.equal((await fetch(`${url}/health/live`, { headers: read })).status, 200);
});
