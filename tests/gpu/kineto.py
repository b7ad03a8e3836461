"""Runs a model in Python and prints what PyTorch's own profiler saw of a run on the GPU, as a JSON object.

    python kineto.py MODEL [--device cuda:0] [--warmups N] SPEC...      SPEC: float32:1x3x224x224
"""

import argparse
import json
import pathlib
import statistics
import tempfile
import time
from collections import Counter
from typing import Any, Callable

import torch
from torch.profiler import ProfilerActivity, profile


def tensor(spec: str, device: str) -> torch.Tensor:
    dtype, shape = spec.split(":")
    return torch.rand([int(size) for size in shape.split("x")], dtype=getattr(torch, dtype), device=device)


def wait(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize(device)


def timed(run: Callable[[], Any], device: str) -> float:
    """Milliseconds."""
    wait(device)
    start = time.perf_counter()
    run()
    wait(device)
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--warmups", type=int, default=2)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("inputs", nargs="+")
    options = parser.parse_args()
    model = torch.jit.load(options.model, map_location=options.device).eval()
    inputs = [tensor(spec, options.device) for spec in options.inputs]

    def run() -> None:
        model(*inputs)

    with torch.no_grad():
        for _ in range(options.warmups):
            run()
        plain = [timed(run, options.device) for _ in range(options.iterations)]
        with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA], acc_events=True) as profiler:
            profiled = [timed(run, options.device) for _ in range(options.iterations)]
    with tempfile.TemporaryDirectory() as folder:
        trace = pathlib.Path(folder) / "trace.json"
        profiler.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
    kernels = [event for event in events if event.get("cat") == "kernel"]
    result = {
        "kernels": len(kernels) / options.iterations,
        "kernel_ms": sum(event["dur"] for event in kernels) / 1e3 / options.iterations,
        "copies": sum(event.get("cat") == "gpu_memcpy" for event in events) / options.iterations,
        "plain_ms": statistics.median(plain),
        "profiled_ms": statistics.median(profiled),
        "names": Counter(event["name"] for event in kernels),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
