// Starts the gateway and the service behind it: `make dev` or `make start` in the folder above.
// One signal ends both, and when one of them ends, so does the other.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

const windows = process.platform === "win32";
const path = (below: string) => fileURLToPath(new URL(`../../${below}`, import.meta.url));
const log = (msg: string, code?: number | null) =>
  console.log(JSON.stringify({ level: "info", time: new Date(), msg, code }));

const python = path(`service/.venv/${windows ? "Scripts/python.exe" : "bin/python"}`);
if (!existsSync(python)) {
  console.error("service/.venv is missing: run `make install` first.");
  process.exit(1);
}
const dev = process.argv[2] === "dev";
const settings = path("gateway/.env");
const own = existsSync(settings) ? parseEnv(readFileSync(settings, "utf8")) : {};
const SERVICE_URL = process.env.SERVICE_URL || own.SERVICE_URL || "http://127.0.0.1:8000";
const behind = { HOST: "127.0.0.1", PORT: new URL(SERVICE_URL).port || "80" };

const halves = [
  start("service", python, ["-m", "app", ...(dev ? ["--reload"] : [])], behind),
  start("gateway", process.execPath, [...(dev ? ["--watch"] : []), "src/main.ts"], { SERVICE_URL }),
];

let running = halves.length;
let exitCode: number | undefined; // Set as soon as all is to end.
let stopped = 0;

function start(name: string, command: string, args: string[], environment: NodeJS.ProcessEnv) {
  const half = spawn(command, args, {
    cwd: path(name),
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit"],
    // A group of its own: Ctrl-C in a terminal reaches only this process, which passes it on once.
    detached: !windows,
  });
  half.once("exit", (code) => {
    log(`${name} ended`, code);
    sweep(half.pid);
    // An end that nobody asked for is a failure, whatever it calls itself.
    if (exitCode === undefined) stop(code || 1);
    running -= 1;
    if (running === 0) process.exit(exitCode);
  });
  return half;
}

function stop(code: number) {
  exitCode = code;
  stopped = performance.now();
  for (const half of halves) half.kill("SIGTERM");
  // They take 8 seconds at most.
  setTimeout(() => halves.forEach((half) => void half.kill("SIGKILL")), 10_000).unref();
}

/** What a half started itself and left behind, as when it was killed. */
function sweep(group: number | undefined) {
  if (windows || group === undefined) return;
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // Nothing is left.
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // npm passes on a Ctrl-C that the terminal has sent here as well; a second one comes later.
    const again = exitCode !== undefined && performance.now() - stopped > 500;
    if (exitCode === undefined) stop(0);
    else if (again) stop(1);
  });
}
