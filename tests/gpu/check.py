"""Records models on a GPU with the engine of this kit and checks that the recordings are complete and true.

Needs Python 3 and torch 2.11.0+cu130 (whose libraries the engine uses), a GPU, and no network. With torchvision 0.26.0 its
models are checked too. Writes result.json and the documents into the folder of --output. Ends with 1 when something is
missing in a recording.
"""

import argparse
import contextlib
import datetime
import importlib.util
import json
import os
import pathlib
import platform
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import List

import protocol

KIT = pathlib.Path(__file__).resolve().parent
WARMUPS = 2


@dataclass
class Check:
    model: str
    inputs: List[str]
    passes: str = ""
    made: bool = False  # by make_models.py, with torchvision
    libraries: bool = False  # needs torchvision's operators
    # The same kernels in each run, so that PyTorch's own profiler must count as many.
    steady: bool = True

    @property
    def name(self) -> str:
        return f"{self.model}-{self.passes.replace(',', '-')}" if self.passes else self.model


CHECKS = [
    Check("residual_cnn_scripted", ["float32:8x3x32x32"]),
    Check("pointwise", ["float32:256x256", "float32:256x256"]),
    Check("mobilenet_v3_large_scripted", ["float32:8x3x224x224"], made=True),
    Check("resnet50_scripted", ["float32:8x3x224x224"], made=True),
    Check("resnet50_scripted", ["float32:8x3x224x224"], "freeze,fold-batch-norm,fuse-conv-add-relu", made=True),
    Check("vit_b_16_traced", ["float32:1x3x224x224"], made=True),
    Check("transformer_scripted", ["float32:2x16x512", "float32:2x16x512"], made=True),
    Check("maskrcnn_resnet50_fpn_scripted", ["[float32:3x128x160]"], made=True, libraries=True, steady=False),
]


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


def operator_library() -> str:
    spec = importlib.util.find_spec("torchvision")
    folder = pathlib.Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    return str(folder / "_C.so") if folder else ""


def make_models(names: List[str], cache: pathlib.Path) -> pathlib.Path:
    """The folder with the models; empty where they cannot be made."""
    if importlib.util.find_spec("torchvision") is None:
        return pathlib.Path()
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache))
    subprocess.run([sys.executable, str(KIT / "make_models.py"), *names], env=environment, check=True, timeout=300)
    return cache / "jitscope" / "models"


def reference(model: pathlib.Path, check: Check, options: argparse.Namespace) -> dict:
    """What PyTorch's own profiler sees of a run in Python, after as many warm-ups."""
    command = [sys.executable, str(KIT / "kineto.py"), str(model), "--device", options.device]
    command += ["--warmups", str(WARMUPS), "--iterations", str(options.iterations), *check.inputs]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        return {"error": done.stderr.strip()[-2000:]}
    return json.loads(done.stdout)


def record(check: Check, model: pathlib.Path, options: argparse.Namespace, environment: dict) -> dict:
    document = options.output / f"{check.name}.jitscope"
    document.unlink(missing_ok=True)
    command = [str(KIT / "bin" / "jitscope-cli"), "profile", str(model)]
    for spec in check.inputs:
        command += ["--input", spec]
    if check.passes:
        command += ["--apply", check.passes]
    if check.libraries:
        command += ["--op-library", operator_library()]
    command += ["--device", options.device, "--iterations", str(options.iterations), "--warmups", str(WARMUPS)]
    done = subprocess.run(
        command + ["-o", str(document), "--json"], env=environment, capture_output=True, text=True, timeout=300
    )
    result: dict = {"model": check.name, "exit_code": done.returncode, "failures": []}
    if done.stderr.strip():
        result["messages"] = done.stderr.strip()[-4000:]
    if done.returncode != 0:
        result["failures"].append(done.stderr.strip()[-2000:] or f"exit code {done.returncode}")
        return result
    result["remarks"] = json.loads(done.stdout).get("remarks", [])
    failures = result["failures"]
    connection = sqlite3.connect(f"file:{document}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    run = dict(connection.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchone())
    result["run"] = run

    def one(query: str) -> int:
        return connection.execute(query, (run["id"],)).fetchone()[0]

    result["slices"] = one("SELECT coalesce(sum(n), 0) FROM node_chunk WHERE run = ?")
    durations = [end - start for start, end in connection.execute(
        "SELECT start, end FROM iteration WHERE run = ? AND number >= 0", (run["id"],))]
    result["median_ms"] = sorted(durations)[len(durations) // 2] / 1e6 if durations else None
    if run["state"] != "done":
        failures.append(f"the run ended as {run['state']}")
    if not run["executed"] or run["executed"] != run["recorded"] or run["recorded"] != result["slices"]:
        failures.append(f"executed {run['executed']}, recorded {run['recorded']}, stored {result['slices']} nodes")
    if run["dropped"]:
        failures.append(f"{run['dropped']} node slices were dropped")
    if run["outputs_equal"] != "yes":
        failures.append(f"outputs equal to the stock executor's: {run['outputs_equal']}")
    kernels = "CUPTI_ACTIVITY_KIND_KERNEL"
    inside = "EXISTS (SELECT 1 FROM iteration i WHERE i.run = k.run AND i.number >= 0 AND k.start >= i.start AND k.end <= i.end)"
    result["kernels_stored"] = one(f"SELECT count(*) FROM {kernels} WHERE run = ?")
    result["kernels_of_nodes"] = one(
        f"SELECT count(*) FROM {kernels} k WHERE run = ? AND EXISTS (SELECT 1 FROM node n WHERE n.key = k.node)")
    result["kernels_inside"] = one(f"SELECT count(*) FROM {kernels} k WHERE run = ? AND {inside}")
    result["kernels_with_call"] = one(
        f"SELECT count(*) FROM {kernels} k WHERE run = ? AND EXISTS (SELECT 1 FROM CUPTI_ACTIVITY_KIND_RUNTIME r "
        "WHERE r.run = k.run AND r.correlationId = k.correlationId AND r.start <= k.start)")
    result["kernels_by_iteration"] = [row[0] for row in connection.execute(
        f"SELECT count(k.start) FROM iteration i LEFT JOIN {kernels} k ON k.run = i.run AND k.start >= i.start AND k.end <= i.end "
        "WHERE i.run = ? AND i.number >= 0 GROUP BY i.number ORDER BY i.number", (run["id"],))]
    result["copies"] = one("SELECT count(*) FROM CUPTI_ACTIVITY_KIND_MEMCPY WHERE run = ?")
    result["kernel_ms"] = one(f"SELECT coalesce(sum(end - start), 0) FROM {kernels} WHERE run = ?") / 1e6 / options.iterations
    if options.device == "cpu":
        return result
    stored = result["kernels_stored"]
    if not run["launched"]:
        failures.append("no kernel was launched")
    if run["launched"] != run["kernels"] or run["kernels"] != stored:
        failures.append(f"launched {run['launched']}, recorded {run['kernels']}, stored {stored} kernels")
    if run["unattributed"] or result["kernels_of_nodes"] != stored:
        failures.append(f"{result['kernels_of_nodes']} of {stored} kernels are linked to a node")
    if result["kernels_inside"] != stored:
        failures.append(f"{result['kernels_inside']} of {stored} kernels lie inside an iteration")
    if result["kernels_with_call"] != stored:
        failures.append(f"{result['kernels_with_call']} of {stored} kernels follow an API call that is recorded")
    if check.steady and not check.passes:
        expected = reference(model, check, options)
        result["kineto"] = expected
        if "error" in expected:
            failures.append(f"PyTorch's own profiler: {expected['error']}")
            return result
        theirs = Counter(expected.pop("names"))
        ours = Counter(dict(connection.execute(
            f"SELECT s.value, count(*) FROM {kernels} k JOIN StringIds s ON s.id = k.demangledName WHERE k.run = ? GROUP BY 1",
            (run["id"],))))
        if ours != theirs:
            failures.append(f"{ours.total()} kernels, {theirs.total()} by PyTorch's own profiler")
            result["kernels_only_here"] = dict(ours - theirs)
            result["kernels_only_there"] = dict(theirs - ours)
    return result


def serve(options: argparse.Namespace, environment: dict) -> dict:
    """The same through the protocol; `initialize` looks for a GPU before the engine gives its rights away."""
    check = CHECKS[0]
    document = options.output / "served.jitscope"
    document.unlink(missing_ok=True)
    engine = protocol.Engine([str(KIT / "bin" / "jitscope-cli"), "serve"], environment)
    result: dict = {"model": "served", "failures": []}
    try:
        model = str(KIT / "models" / f"{check.model}.pt")
        result.update(protocol.run(engine, model, str(document), options.device, check.inputs))
        if options.device not in result["devices"]:
            result["failures"].append(f"{options.device} is not among the devices {result['devices']}")
        with contextlib.closing(sqlite3.connect(f"file:{document}?mode=ro", uri=True)) as connection:
            state, equal, kernels = connection.execute("SELECT state, outputs_equal, kernels FROM run").fetchone()
        if (state, equal) != ("done", "yes"):
            result["failures"].append(f"the run ended as {state}, outputs equal: {equal}")
        if kernels == 0 and options.device != "cpu":
            result["failures"].append(f"no kernel was recorded: {result['cuda_recording']}")
    except protocol.EngineError as error:
        result["failures"].append(str(error))
    finally:
        engine.end()
    return result


def device_name(options: argparse.Namespace) -> str:
    if options.device == "cpu":
        return "cpu"
    asked = [sys.executable, "-c", f"import torch; print(torch.cuda.get_device_name('{options.device}'))"]
    return subprocess.run(asked, capture_output=True, text=True, timeout=120).stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks recordings on a GPU.")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--torch", default="", help="folder with lib/ of LibTorch; that of Python's torch when left out")
    parser.add_argument("--output", type=pathlib.Path, default=KIT / "result")
    parser.add_argument("--only", action="append", help="this model; may be given several times")
    options = parser.parse_args()
    options.output = options.output.resolve()
    options.output.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, LD_LIBRARY_PATH=library_path(torch_folder(options.torch)))

    checks = [check for check in CHECKS if not options.only or check.name in options.only]
    names = sorted({check.model for check in checks if check.made})
    made = make_models(names, KIT / "made") if names and options.device != "cpu" else pathlib.Path()
    runs = []
    for check in checks:
        if check.made and made == pathlib.Path():
            continue
        model = (made if check.made else KIT / "models") / f"{check.model}.pt"
        runs.append(record(check, model, options, environment))
        print(f"check: {check.name}: {'; '.join(runs[-1]['failures']) or 'complete'}", flush=True)
    if not options.only:
        runs.append(serve(options, environment))
        print(f"check: served: {'; '.join(runs[-1]['failures']) or 'complete'}", flush=True)
    failures = [f"{run['model']}: {failure}" for run in runs for failure in run["failures"]]
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "device": options.device,
        "name": device_name(options),
        "kernel": platform.release(),
        "ok": not failures,
        "failures": failures,
        "runs": runs,
    }
    (options.output / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"check: {'all is recorded' if not failures else 'incomplete'}; see {options.output}/result.json")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
