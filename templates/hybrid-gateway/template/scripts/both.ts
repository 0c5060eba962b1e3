// Starts the gateway and the service behind it: `make dev` or `make start` in the folder above.
// One signal ends both, and when one of them ends, so does the other.
import { type ChildProcess, spawn } from "node:child_process";
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
const behind = { HOST: "127.0.0.1", PORT: URL.parse(SERVICE_URL)?.port || "80" };

let running = 2;
let exitCode: number | undefined; // Set as soon as all is to end.
let stopped = 0;

const service = start("service", python, ["-m", "app", ...(dev ? ["--reload"] : [])], behind);
const gateway = start("gateway", process.execPath, [...(dev ? ["--watch"] : []), "src/main.ts"], {
  SERVICE_URL,
});

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
    running -= 1;
    // An end that nobody asked for is a failure, whatever it calls itself.
    if (exitCode === undefined) stop(code || 1);
    else exitCode ||= code ?? 1;
    if (running === 0) process.exit(exitCode);
    // The service goes last: what the gateway still has in hand needs it.
    if (half === gateway) end(service);
  });
  return half;
}

function stop(code: number) {
  exitCode = code;
  stopped = performance.now();
  end(gateway);
}

function end(half: ChildProcess) {
  half.kill("SIGTERM");
  setTimeout(() => half.kill("SIGKILL"), 10_000).unref(); // It takes 8 seconds at most.
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
    if (exitCode === undefined) return stop(0);
    // npm passes on a Ctrl-C that the terminal has sent here as well; a second one comes later.
    if (performance.now() - stopped < 500) return;
    exitCode = 1;
    gateway.kill("SIGTERM");
    service.kill("SIGTERM");
  });
}
