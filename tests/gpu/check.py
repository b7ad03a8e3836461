"""Records models on a GPU with the engine of this kit and checks that the recordings are complete and true.

Needs Python 3 and torch 2.11.0+cu130 (whose libraries the engine uses), a GPU, and no network. With torchvision 0.26.0 its
models are checked too. Writes result.json and the documents into the folder of --output. Ends with 1 when something is
missing in a recording.
"""

import argparse
import datetime
import functools
import importlib.util
import json
import os
import pathlib
import platform
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import List

import protocol
from recording import Recording

KIT = pathlib.Path(__file__).resolve().parent


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
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache))
    command = [sys.executable, str(KIT / "make_models.py"), *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"check: make_models.py failed: {done.stderr.strip()[-2000:]}")
    return cache / "jitscope" / "models"


def compare_with_kineto(check: Check, model: pathlib.Path, recording: Recording, options: argparse.Namespace) -> dict:
    """PyTorch's own profiler, over the same model in Python."""
    command = [sys.executable, str(KIT / "kineto.py"), str(model), "--device", options.device]
    command += ["--warmups", str(options.warmups), "--iterations", str(options.iterations), *check.inputs]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        return {"failures": [f"PyTorch's own profiler: {done.stderr.strip()[-2000:]}"]}
    theirs = json.loads(done.stdout)
    names = Counter(theirs.pop("names"))
    result: dict = {"kineto": theirs, "failures": []}
    if recording.kernels != names:
        here, there = sum(recording.kernels.values()), sum(names.values())
        result["failures"].append(f"{here} kernels, {there} by PyTorch's own profiler")
        result["kernels_only_here"] = dict(recording.kernels - names)
        result["kernels_only_there"] = dict(names - recording.kernels)
    if recording.figures["copies"] != theirs["copies"]:
        result["failures"].append(f"{recording.figures['copies']} copies, {theirs['copies']} by PyTorch's own profiler")
    return result


def profile(check: Check, model: pathlib.Path, options: argparse.Namespace, environment: dict) -> dict:
    document = options.output / f"{check.name}.jitscope"
    document.unlink(missing_ok=True)
    command = [str(KIT / "bin" / "jitscope-cli"), "profile", str(model)]
    for spec in check.inputs:
        command += ["--input", spec]
    if check.passes:
        command += ["--apply", check.passes]
    if check.libraries:
        command += ["--op-library", operator_library()]
    command += ["--device", options.device, "--iterations", str(options.iterations), "--warmups", str(options.warmups)]
    done = subprocess.run(
        command + ["-o", str(document), "--json"], env=environment, capture_output=True, text=True, timeout=300
    )
    said = done.stderr.strip()[-2000:]
    if done.returncode != 0:
        return {"failures": [said or f"exit code {done.returncode}"]}
    recording = Recording(document)
    result = {"messages": said, "remarks": json.loads(done.stdout)["remarks"], **recording.figures}
    result["failures"] = list(recording.failures)
    if check.steady and not check.passes and options.device != "cpu":
        compared = compare_with_kineto(check, model, recording, options)
        result["failures"] += compared.pop("failures")
        result.update(compared)
    return result


def serve(options: argparse.Namespace, environment: dict) -> dict:
    """The first model through the protocol; `initialize` looks for a GPU before the engine gives its rights away."""
    check = CHECKS[0]
    document = options.output / "served.jitscope"
    document.unlink(missing_ok=True)
    model = str(KIT / "models" / f"{check.model}.pt")
    with protocol.Engine([str(KIT / "bin" / "jitscope-cli"), "serve"], environment) as engine:
        result = protocol.run(engine, model, str(document), options.device, check.inputs)
    recording = Recording(document)
    result.update(recording.figures)
    result["failures"] = list(recording.failures)
    if options.device not in result["devices"]:
        result["failures"].append(f"{options.device} is not among the devices {result['devices']}")
    if options.device != "cpu" and result["cuda_recording"]:
        result["failures"].append(result["cuda_recording"])
    return result


def device_name(options: argparse.Namespace) -> str:
    if options.device == "cpu":
        return "cpu"
    asked = [sys.executable, "-c", f"import torch; print(torch.cuda.get_device_name('{options.device}'))"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"check: torch finds no {options.device}: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks recordings on a GPU.")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--warmups", type=int, default=20)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--torch", default="", help="folder with lib/ of LibTorch; that of Python's torch when left out")
    parser.add_argument("--output", type=pathlib.Path, default=KIT / "result")
    parser.add_argument("--only", action="append", choices=[check.name for check in CHECKS], help="may be repeated")
    options = parser.parse_args()
    options.output = options.output.resolve()
    options.output.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, LD_LIBRARY_PATH=library_path(torch_folder(options.torch)))

    wanted = [check for check in CHECKS if not options.only or check.name in options.only]
    can_make = options.device != "cpu" and importlib.util.find_spec("torchvision") is not None
    checks = [check for check in wanted if can_make or not check.made]
    names = sorted({check.model for check in checks if check.made})
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "device": options.device,
        "name": device_name(options),
        "kernel": platform.release(),
        "skipped": [check.name for check in wanted if check not in checks],
        "failures": [],
        "runs": [],
    }
    made = make_models(names, KIT / "made") if names else KIT
    jobs = [
        (check.name, functools.partial(profile, check, (made if check.made else KIT / "models") / f"{check.model}.pt"))
        for check in checks
    ]
    if not options.only:
        jobs.append(("served", serve))
    for name, job in jobs:
        try:
            done = job(options, environment)
        except Exception as error:  # what the others found is kept
            done = {"failures": [f"{type(error).__name__}: {error}"]}
        result["runs"].append({"model": name, **done})
        result["failures"] += [f"{name}: {failure}" for failure in done["failures"]]
        (options.output / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        print(f"check: {name}: {'; '.join(done['failures']) or 'complete'}", flush=True)

    if result["skipped"]:
        why = "on a GPU only" if options.device == "cpu" else "Python has no torchvision here"
        print(f"check: skipped, {why}: {', '.join(result['skipped'])}")
    if not result["runs"] or result["failures"]:
        print(f"check: incomplete; see {options.output}/result.json")
        return 1
    print(f"check: all {len(result['runs'])} are complete; see {options.output}/result.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
