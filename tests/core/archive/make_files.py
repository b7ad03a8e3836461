"""Makes files of all kinds that people take for TorchScript models, as PyTorch writes them.

    make_files.py FOLDER
"""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(sys.argv[1])
model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()).eval()
example = torch.rand(1, 1, 8, 8)

torch.save(model.state_dict(), folder / "state-dict.zip.pt")
torch.save(model.state_dict(), folder / "state-dict.old.pt", _use_new_zipfile_serialization=False)
torch.save(model, folder / "eager-pickle.zip.pt")
torch.save(model, folder / "eager-pickle.old.pt", _use_new_zipfile_serialization=False)
torch.save({"model": model.state_dict(), "epoch": 3}, folder / "state-dict.checkpoint.pt")
torch.export.save(torch.export.export(model, (example,)), folder / "exported-program.pt2")
with torch.package.PackageExporter(folder / "eager-pickle.package.pt") as package:
    package.save_pickle("models", "numbers.pkl", [1, 2])

scripted = torch.jit.script(model)
scripted.save(folder / "torchscript.scripted.pt")
torch.jit.trace(model, example).save(folder / "torchscript.traced.pt")
scripted._save_for_lite_interpreter(str(folder / "lite-interpreter.zip.ptl"))
scripted._save_for_lite_interpreter(str(folder / "lite-interpreter.flat.ptl"), _use_flatbuffer=True)
torch.jit.save_jit_module_to_flatbuffer(scripted, str(folder / "lite-interpreter.flat.ff"))


class Quantized(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.ao.nn.quantized.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)).dequantize()


torch.backends.quantized.engine = torch.backends.quantized.supported_engines[-1]
torch.jit.script(Quantized()).save(folder / "torchscript.quantized.pt")


class QuantizedConv(nn.Module):
    """Its convolution has a __setstate__ that is run while the file is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.ao.nn.quantized.Conv2d(1, 2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)).dequantize()


torch.jit.script(QuantizedConv())._save_for_lite_interpreter(
    str(folder / "lite-interpreter.quantized.ptl"), _use_flatbuffer=True
)
