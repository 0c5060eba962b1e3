// Uses the page at an address as a person does, who logs in first if they have a name and a password, in headless Chromium by way of its
// debugging protocol, and prints what is to be seen as JSON.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [chromium, address, name, password] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "chromium-"));
const switches =
  "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --remote-debugging-port=0";
const browser = spawn(chromium, [...switches.split(" "), `--user-data-dir=${profile}`, "about:blank"], { stdio: "ignore" });

/** Waits until something is so, 20 seconds at most. */
async function until(what, so) {
  for (let i = 0; i < 400; i++, await sleep(50)) {
    const value = await so();
    if (value) return value;
  }
  throw new Error(`not within 20 seconds: ${what}`);
}

async function tab() {
  const port = await until("the browser listens", () => {
    try {
      return readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n")[0];
    } catch {}
  });
  const tabs = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = new WebSocket(tabs.find(({ type }) => type === "page").webSocketDebuggerUrl);
  await once(socket, "open");
  return socket;
}

let code = 0;
try {
  const socket = await tab();
  const answers = new Map();
  const complaints = [];
  socket.onmessage = ({ data }) => {
    const { id, method, params, result } = JSON.parse(data);
    if (id) answers.get(id)(result);
    if (method === "Log.entryAdded" && params.entry.level === "error") complaints.push(params.entry.text);
    if (method === "Runtime.exceptionThrown") complaints.push(params.exceptionDetails.text);
  };
  let calls = 0;
  const call = (method, params = {}) =>
    new Promise((resolve) => {
      answers.set(++calls, resolve);
      socket.send(JSON.stringify({ id: calls, method, params }));
    });
  const see = async (expression) => (await call("Runtime.evaluate", { expression, returnByValue: true })).result.value;
  const items = () => see(`[...document.querySelectorAll("#items li")].map((item) => item.innerText)`);

  for (const domain of ["Runtime", "Page", "Log"]) await call(`${domain}.enable`);
  await call("Emulation.setDeviceMetricsOverride", { width: 320, height: 640, deviceScaleFactor: 1, mobile: false });
  if (name) {
    await call("Page.navigate", { url: `${address}/account` });
    for (const [field, text] of Object.entries({ name, password })) {
      await until(`there is a ${field}`, () => see(`!!document.querySelector("[name=${field}]")?.offsetParent`));
      await see(`document.querySelector("[name=${field}]").focus()`);
      await call("Input.insertText", { text });
    }
    await see(`document.querySelector("button[value='/login']").click()`);
    await until("the start page comes", () => see(`location.pathname === "/"`));
    complaints.length = 0; // That nobody was logged in before is in the console, too.
  } else {
    await call("Page.navigate", { url: address });
  }
  const before = await until("there are items", async () => ((await items())?.length ? items() : undefined));
  await see(`document.querySelector("[name=name]").focus()`);
  await call("Input.insertText", { text: "<b>rice</b>" });
  for (const type of ["keyDown", "keyUp"]) {
    await call("Input.dispatchKeyEvent", { type, key: "Enter", code: "Enter", text: "\r", windowsVirtualKeyCode: 13 });
  }
  const after = await until("an item is added", async () => {
    const now = await items();
    return now.length > before.length && now;
  });
  console.log(
    JSON.stringify({
      before,
      after,
      cookie: await see("document.cookie"),
      title: await see("document.title"),
      health: await until("its health is known", () => see(`document.querySelector("#health").value`)),
      width: await see("document.documentElement.scrollWidth"),
      colour: await see("getComputedStyle(document.querySelector('button')).backgroundColor"),
      complaints,
    }),
  );
} catch (error) {
  console.error(error);
  code = 1;
}
browser.kill();
await once(browser, "exit");
rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
process.exit(code);
