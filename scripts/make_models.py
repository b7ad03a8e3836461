#!/usr/bin/env python3
"""Makes the large models that tests and benchmarks use, with random weights from a fixed seed.

    python make_models.py [NAME]...     needs torch 2.11.0 and torchvision 0.26.0; nothing is downloaded

They go to $XDG_CACHE_HOME/jitscope/models (~/.cache when unset). A model that is there already is left alone.
"""

import os
import pathlib
import sys
from typing import Callable, Dict

import torch
import torchvision

transformer_layers = 12


def scripted(make: Callable[[], torch.nn.Module]) -> torch.jit.ScriptModule:
    torch.manual_seed(20260)
    return torch.jit.script(make().eval())


def traced(make: Callable[[], torch.nn.Module]) -> torch.jit.ScriptModule:
    torch.manual_seed(20260)
    return torch.jit.trace(make().eval(), torch.rand(1, 3, 224, 224), check_trace=False)


def transformer() -> torch.nn.Module:
    return torch.nn.Transformer(
        d_model=512,
        num_encoder_layers=transformer_layers,
        num_decoder_layers=transformer_layers,
        batch_first=True,
    )


def mask_rcnn() -> torch.nn.Module:
    return torchvision.models.detection.maskrcnn_resnet50_fpn(weights=None, weights_backbone=None)


vision = torchvision.models
MODELS: Dict[str, Callable[[], torch.jit.ScriptModule]] = {
    "resnet18_scripted": lambda: scripted(vision.resnet18),
    "resnet50_scripted": lambda: scripted(vision.resnet50),
    "mobilenet_v3_large_scripted": lambda: scripted(vision.mobilenet_v3_large),
    "vit_b_16_scripted": lambda: scripted(vision.vit_b_16),
    "vit_b_16_traced": lambda: traced(vision.vit_b_16),
    "maskrcnn_resnet50_fpn_scripted": lambda: scripted(mask_rcnn),
    "transformer_scripted": lambda: scripted(transformer),
}


def main() -> int:
    unknown = [name for name in sys.argv[1:] if name not in MODELS]
    if unknown:
        print(f"make_models.py: no model called {', '.join(unknown)}; there are {', '.join(MODELS)}", file=sys.stderr)
        return 2
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    folder = pathlib.Path(cache) / "jitscope" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or MODELS:
        path = folder / f"{name}.pt"
        if path.exists():
            continue
        # Saved under another name first: what carries the right name is whole. The name inside the
        # archive follows the file's, so the other name differs by its folder only.
        partial = folder / f".partial-{os.getpid()}" / path.name
        partial.parent.mkdir(exist_ok=True)
        torch.jit.save(MODELS[name](), str(partial))
        partial.rename(path)
        partial.parent.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
