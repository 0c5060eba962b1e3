"""Resolve the Python universe again and write lock.json: `python3 reduce.py` (Python >= 3.11, uv on PATH, network).

pyproject.toml holds the direct dependencies and the cooling-off date (exclude-newer: a week before today).
uv resolves them, for every platform and Python at once; of its lock lock.json keeps what a project's
requirements files are cut from: names, versions, hashes, and edges with extras and markers. No download address.
Where no single version suits every Python, a package is there several times, with the marker of each version.
It prints which versions moved, and stops on a resolution that does not repeat, a missing hash or a dangling edge.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def resolve() -> dict:
    """What `uv lock` makes of pyproject.toml, in a folder of its own and without an earlier lock."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(HERE / "pyproject.toml", folder)
        subprocess.run(["uv", "lock", "--quiet", "--project", folder], check=True)
        return tomllib.loads(Path(folder, "uv.lock").read_text(encoding="utf-8"))


def edges(requirements: list[dict]) -> list[dict]:
    """One edge per requirement; version only where the universe holds a package twice."""
    return [{k: r[k] for k in ("name", "version", "extra", "marker") if k in r} for r in requirements]


def forks(resolved: dict) -> dict[tuple[str, str], str]:
    """Where each version applies of the direct dependencies that have several, as uv says for the universe itself."""
    root = next(package for package in resolved["package"] if "registry" not in package["source"])
    markers: dict[tuple[str, str], list[str]] = {}
    for edge in sum(root.get("dev-dependencies", {}).values(), root["dependencies"]):
        if "version" in edge:
            markers.setdefault((edge["name"], edge["version"]), []).append(edge["marker"])
    return {fork: " or ".join(f"({m})" for m in ms) if len(ms) > 1 else ms[0] for fork, ms in markers.items()}


def reduce_package(package: dict, markers: dict[tuple[str, str], str]) -> dict:
    """Name, version, marker, edges, edges per extra, and the hashes of the source and of every wheel."""
    files = [package["sdist"]] if "sdist" in package else []
    files += package.get("wheels", [])
    reduced = {
        "name": package["name"],
        "version": package["version"],
        "marker": markers.get((package["name"], package["version"])),
        "dependencies": edges(package.get("dependencies", [])),
        "optional": {extra: edges(reqs) for extra, reqs in sorted(package.get("optional-dependencies", {}).items())},
        "hashes": sorted(file["hash"] for file in files),
    }
    return {key: value for key, value in reduced.items() if value}


def check(packages: list[dict]) -> None:
    names = {package["name"] for package in packages}
    for package in packages:
        if not package.get("hashes"):
            sys.exit(f"reduce.py: {package['name']} {package['version']} has no hash")
        for edge in sum(package.get("optional", {}).values(), package.get("dependencies", [])):
            if edge["name"] not in names:
                sys.exit(f"reduce.py: {package['name']} needs {edge['name']}, which is not in the lock")


def dump(lock: dict) -> str:
    """JSON with one line for each part of a package, so that a diff shows what moved."""
    blocks = [
        "  {" + ",\n   ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in package.items()) + "}"
        for package in lock["packages"]
    ]
    head = [f"{json.dumps(key)}: {json.dumps(lock[key])}" for key in ("version", "requires_python")]
    return "{" + ",\n ".join([*head, '"packages": [\n' + ",\n".join(blocks) + "\n ]"]) + "}\n"


def versions(packages: list[dict]) -> dict[str, str]:
    """The versions of each package; several where no single one suits every Python."""
    found: dict[str, str] = {}
    for package in packages:
        name = package["name"]
        found[name] = f"{found[name]}, {package['version']}" if name in found else package["version"]
    return found


def report(old: list[dict], new: list[dict]) -> None:
    before, after = versions(old), versions(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            print(f"{name}: {before.get(name, 'new')} -> {after.get(name, 'gone')}")


def main() -> None:
    if shutil.which("uv") is None:
        sys.exit("reduce.py: uv is not on PATH; install it (python3 -m pip install uv)")
    resolved = resolve()
    if resolve() != resolved:
        sys.exit("reduce.py: two resolutions differ; nothing is written")
    registry = [package for package in resolved["package"] if "registry" in package["source"]]
    markers = forks(resolved)
    packages = sorted((reduce_package(p, markers) for p in registry), key=lambda p: (p["name"], p["version"]))
    check(packages)
    target = HERE / "lock.json"
    report(json.loads(target.read_text(encoding="utf-8"))["packages"] if target.exists() else [], packages)
    lock = {"version": 1, "requires_python": resolved["requires-python"], "packages": packages}
    target.write_text(dump(lock), encoding="utf-8", newline="\n")


main()
