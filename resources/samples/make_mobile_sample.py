#!/usr/bin/env python3
"""Makes mobile.ptl and mobile_flatbuffer.ptl, one model in both forms for the lite interpreter, beside this script.

    python make_mobile_sample.py [FOLDER]        torch 2.11.0

It stands apart from make_samples.py because the traced samples hold the line numbers of that script.
"""

import os
import pathlib
import sys
from typing import Dict, Tuple

import make_samples
import torch
from torch import Tensor, nn


class Mobile(nn.Module):
    """Modules, a loop, a condition, and an operator with two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.block = make_samples.ResidualBlock(3, 4, 2)
        self.head = nn.Linear(4, 5)
        self.scale = 2

    def forward(self, x: Tensor, turns: int) -> Tuple[Tensor, Dict[str, Tensor]]:
        y = self.block(x)
        for turn in range(turns):
            if turn > 1:
                y = y + self.scale
            else:
                y = y * self.scale
        largest, place = y.mean((2, 3)).max(1)
        return self.head(y.mean((2, 3))), {"largest": largest, "place": place}


class ForMobile:
    """What torch.jit.save is given: saves itself with bytecode and debug information."""

    def __init__(self, model: torch.jit.ScriptModule) -> None:
        self.model = model

    def save(self, file: object, _extra_files: object = None) -> None:
        file.write(self.model._c._save_to_buffer_for_mobile({}, True, False))


def main() -> None:
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    torch.jit.save = lambda model, file: model.save(file)
    model = make_samples.scripted(Mobile)
    make_samples.save(ForMobile(model), folder / "mobile.ptl")
    model._save_for_lite_interpreter(str(folder / "mobile_flatbuffer.ptl"), _use_flatbuffer=True)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
