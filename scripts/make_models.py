#!/usr/bin/env python3
"""Makes the large models that tests and benchmarks use, with random weights from a fixed seed.

    python make_models.py [NAME]...     needs torch 2.11.0 and torchvision 0.26.0; nothing is downloaded

They go to $XDG_CACHE_HOME/jitscope/models (~/.cache when unset). Beside each NAME.pt lies NAME.ready, which says by which
version of its recipe it was made; a model that is there in that version is left alone.
"""

import os
import pathlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, Tuple

if TYPE_CHECKING:
    import torch

transformer_layers = 12
chain_nodes = 100_000


@dataclass
class Recipe:
    make: Callable[[], "torch.nn.Module"]
    trace_with: Any = None  # gives the example inputs of a trace; None: the model is scripted
    # The graph is what it is for: each weight is one number, repeated by strides of 0, which keeps the file small.
    light: bool = False
    version: int = 1  # raised when the recipe gives another file than before


def image() -> Tuple["torch.Tensor", ...]:
    import torch

    return (torch.rand(1, 3, 224, 224),)


def two_images() -> Tuple["torch.Tensor", ...]:
    import torch

    return torch.rand(1, 3, 128, 128), torch.rand(1, 3, 128, 128)


def list_of_images() -> Tuple[Any, ...]:
    import torch

    return ([torch.rand(3, 128, 160)],)


def vision(name: str) -> Callable[[], "torch.nn.Module"]:
    def make() -> "torch.nn.Module":
        import torchvision

        return getattr(torchvision.models, name)()

    return make


def transformer() -> "torch.nn.Module":
    import torch

    return torch.nn.Transformer(
        d_model=512,
        num_encoder_layers=transformer_layers,
        num_decoder_layers=transformer_layers,
        batch_first=True,
    )


def mask_rcnn() -> "torch.nn.Module":
    import torchvision

    return torchvision.models.detection.maskrcnn_resnet50_fpn(weights=None, weights_backbone=None)


def mask_rcnn_with_tensors() -> "torch.nn.Module":
    """A trace gives tensors and no list of dictionaries."""
    import torch

    class FirstDetections(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.detector = mask_rcnn()

        def forward(self, images):
            return tuple(self.detector(images)[0].values())

    return FirstDetections()


def raft_small() -> "torch.nn.Module":
    import torchvision

    return torchvision.models.optical_flow.raft_small()


def quantized_mobilenet() -> "torch.nn.Module":
    import torchvision

    return torchvision.models.quantization.mobilenet_v2(quantize=True)


def chain() -> "torch.nn.Module":
    """One node after the other: what a graph of a hundred thousand costs, whatever its shape."""
    import torch

    class Chain(torch.nn.Module):
        def forward(self, x):
            for _ in range(chain_nodes // 2):
                x = torch.tanh(torch.relu(x))
            return x

    return Chain()


def few_numbers() -> Tuple["torch.Tensor", ...]:
    import torch

    return (torch.rand(4),)


RECIPES: Dict[str, Recipe] = {
    "resnet18_scripted": Recipe(vision("resnet18")),
    "resnet18_traced": Recipe(vision("resnet18"), image, light=True),
    "resnet50_scripted": Recipe(vision("resnet50")),
    "resnet50_traced": Recipe(vision("resnet50"), image, light=True),
    "densenet201_scripted": Recipe(vision("densenet201"), light=True),
    "densenet201_traced": Recipe(vision("densenet201"), image),
    "mobilenet_v3_large_scripted": Recipe(vision("mobilenet_v3_large")),
    "mobilenet_v3_large_traced": Recipe(vision("mobilenet_v3_large"), image, light=True),
    "vit_b_16_scripted": Recipe(vision("vit_b_16")),
    "vit_b_16_traced": Recipe(vision("vit_b_16"), image),
    "maskrcnn_resnet50_fpn_scripted": Recipe(mask_rcnn),
    "maskrcnn_resnet50_fpn_traced": Recipe(mask_rcnn_with_tensors, list_of_images, light=True),
    "raft_small_scripted": Recipe(raft_small),
    "raft_small_traced": Recipe(raft_small, two_images),
    "quantized_mobilenet_v2_scripted": Recipe(quantized_mobilenet),
    "quantized_mobilenet_v2_traced": Recipe(quantized_mobilenet, image),
    "transformer_scripted": Recipe(transformer),
    "chain_100000": Recipe(chain, few_numbers),
}


def build(recipe: Recipe) -> "torch.jit.ScriptModule":
    import torch

    torch.manual_seed(20260)
    module = recipe.make().eval()
    if recipe.trace_with is None:
        model = torch.jit.script(module)
    else:
        model = torch.jit.trace(module, recipe.trace_with(), check_trace=False)
    if recipe.light:
        for parameter in model.parameters():
            one = parameter.detach().flatten()[:1].clone()
            parameter.data = one.expand(parameter.shape)
    return model


def save(model: "torch.jit.ScriptModule", path: pathlib.Path) -> None:
    """What carries the right name is whole. The name inside the archive follows the file's, so that the
    file is first made under its own name in another folder."""
    import torch

    partial = path.parent / f".partial-{os.getpid()}" / path.name
    partial.parent.mkdir(exist_ok=True)
    torch.jit.save(model, str(partial))
    partial.rename(path)
    partial.parent.rmdir()


def main() -> int:
    unknown = [name for name in sys.argv[1:] if name not in RECIPES]
    if unknown:
        print(f"make_models.py: no model called {', '.join(unknown)}; there are {', '.join(RECIPES)}", file=sys.stderr)
        return 2
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    folder = pathlib.Path(cache) / "jitscope" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or RECIPES:
        recipe = RECIPES[name]
        path = folder / f"{name}.pt"
        ready = folder / f"{name}.ready"
        made_by = ready.read_text().strip() if path.exists() and ready.exists() else ""
        if made_by == str(recipe.version):
            continue
        ready.unlink(missing_ok=True)
        save(build(recipe), path)
        ready.write_text(f"{recipe.version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
