"""Records two models with the engine of this kit and checks that the recording is complete.

Needs Python 3 and torch 2.11.0+cu130 (whose libraries the engine uses), a GPU, and no network. Writes result.json and two
documents into the folder of --output. Ends with 1 when something is missing in a recording.
"""

import argparse
import datetime
import importlib.util
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

KIT = pathlib.Path(__file__).resolve().parent

MODELS = {
    "residual_cnn_scripted": ["float32:8x3x32x32"],
    "pointwise": ["float32:256x256", "float32:256x256"],
}


def torch_folder(given: str) -> pathlib.Path:
    if given:
        return pathlib.Path(given)
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("check: Python has no torch here; install torch 2.11.0+cu130 or give --torch FOLDER")
    return pathlib.Path(spec.submodule_search_locations[0])


def library_path(torch: pathlib.Path) -> str:
    folders = [KIT / "lib", torch / "lib"]
    folders += sorted(torch.parent.glob("nvidia/*/lib"))
    known = os.environ.get("LD_LIBRARY_PATH")
    return ":".join([str(folder) for folder in folders] + ([known] if known else []))


def record(name: str, inputs: list, options: argparse.Namespace, environment: dict) -> dict:
    document = options.output / f"{name}.jitscope"
    document.unlink(missing_ok=True)
    command = [str(KIT / "bin" / "jitscope-cli"), "profile", str(KIT / "models" / f"{name}.pt")]
    for spec in inputs:
        command += ["--input", spec]
    command += ["--device", options.device, "--iterations", str(options.iterations), "-o", str(document), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    result: dict = {"model": name, "exit_code": done.returncode, "failures": []}
    if done.returncode != 0:
        result["failures"].append(done.stderr.strip() or f"exit code {done.returncode}")
        return result
    failures = result["failures"]
    connection = sqlite3.connect(f"file:{document}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    run = dict(connection.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchone())
    result["run"] = run

    def count(query: str) -> int:
        return connection.execute(query, (run["id"],)).fetchone()[0]

    result["slices"] = count("SELECT coalesce(sum(n), 0) FROM node_chunk WHERE run = ?")
    if run["state"] != "done":
        failures.append(f"the run ended as {run['state']}")
    if not run["executed"] or run["executed"] != run["recorded"] or run["recorded"] != result["slices"]:
        failures.append(f"executed {run['executed']}, recorded {run['recorded']}, stored {result['slices']} nodes")
    if run["dropped"]:
        failures.append(f"{run['dropped']} node slices were dropped")
    if run["outputs_equal"] != "yes":
        failures.append(f"outputs equal to the stock executor's: {run['outputs_equal']}")
    if options.device == "cpu":
        return result

    kernels = "CUPTI_ACTIVITY_KIND_KERNEL"
    result["kernels_stored"] = count(f"SELECT count(*) FROM {kernels} WHERE run = ?")
    result["kernels_of_nodes"] = count(
        f"SELECT count(*) FROM {kernels} k WHERE run = ? AND EXISTS (SELECT 1 FROM node n WHERE n.id = k.node)")
    result["inside_iterations"] = count(
        f"SELECT count(*) FROM {kernels} k WHERE run = ? AND EXISTS (SELECT 1 FROM iteration i WHERE i.run = k.run "
        "AND i.number >= 0 AND k.start >= i.start AND k.end <= i.end)")
    if not run["launched"]:
        failures.append("no kernel was launched")
    if run["launched"] != run["kernels"] or run["kernels"] != result["kernels_stored"]:
        failures.append(f"launched {run['launched']}, recorded {run['kernels']}, stored {result['kernels_stored']} kernels")
    if run["unattributed"] or result["kernels_of_nodes"] != result["kernels_stored"]:
        failures.append(f"{result['kernels_of_nodes']} of {result['kernels_stored']} kernels are linked to a node")
    if result["inside_iterations"] != result["kernels_stored"]:
        failures.append(f"{result['inside_iterations']} of {result['kernels_stored']} kernels lie inside an iteration")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks recordings on a GPU.")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--torch", default="", help="folder with lib/ of LibTorch; that of Python's torch when left out")
    parser.add_argument("--output", type=pathlib.Path, default=KIT / "result")
    options = parser.parse_args()
    options.output = options.output.resolve()
    options.output.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, LD_LIBRARY_PATH=library_path(torch_folder(options.torch)))

    runs = [record(name, inputs, options, environment) for name, inputs in MODELS.items()]
    failures = [f"{run['model']}: {failure}" for run in runs for failure in run["failures"]]
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "device": options.device,
        "ok": not failures,
        "failures": failures,
        "runs": runs,
    }
    (options.output / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    for failure in failures:
        print("check:", failure, file=sys.stderr)
    print(f"check: {'all is recorded' if not failures else 'incomplete'}; see {options.output}/result.json")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
