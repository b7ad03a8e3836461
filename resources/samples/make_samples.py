#!/usr/bin/env python3
"""Makes the sample models that lie beside this script.

    python make_samples.py [FOLDER]        torch 2.11.0; FOLDER is where this script lies when left out

Every sample is small (under 1 MB), has random weights from a fixed seed and shows one thing that the
program can do. The first line of each class says what. Example inputs are written beside the models
into inputs.json, as `jitscope-cli profile --input` takes them.
"""

import io
import json
import os
import pathlib
import pickletools
import sys
import zipfile
from typing import Callable, Dict, List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Two convolutions with batch norm and a shortcut, as in ResNet."""

    def __init__(self, channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.downsample is not None:
            shortcut = self.downsample(x)
        y += shortcut
        return self.relu(y)


class ResidualCnn(nn.Module):
    """A small residual network: module hierarchy, shared block class, batch norm to fold."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.layer1 = nn.Sequential(ResidualBlock(16, 16, 1), ResidualBlock(16, 16, 1))
        self.layer2 = nn.Sequential(ResidualBlock(16, 32, 2), ResidualBlock(32, 32, 1))
        self.layer3 = nn.Sequential(ResidualBlock(32, 64, 2), ResidualBlock(64, 64, 1))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(64, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = self.layer3(self.layer2(self.layer1(self.stem(image))))
        return self.classifier(torch.flatten(self.pool(x), 1))


class Transformer(nn.Module):
    """An encoder over token ids: embeddings, attention with a mask, repeated layers."""

    def __init__(self, vocabulary: int = 200, width: int = 32, heads: int = 4, layers: int = 3) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(64, width) * 0.02)
        layer = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embedding(tokens) + self.position[: tokens.size(1)]
        return self.head(self.norm(self.encoder(x)))


class NestedIfLoop(nn.Module):
    """Conditions inside loops inside conditions: nested blocks, loop-carried values, early exit."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 8) * 0.3)

    def forward(self, x: Tensor, steps: int) -> Tuple[Tensor, int]:
        taken = 0
        for step in range(steps):
            if step % 2 == 0:
                x = torch.tanh(x @ self.weight)
                inner = 0
                while inner < step:
                    if bool(x.mean() > 0.0):
                        x = x - 0.1
                    else:
                        x = x + 0.1
                    inner += 1
                    taken += 1
            else:
                x = x.relu()
            if bool(x.abs().max() > 100.0):
                break
        return x, taken


class Lstm(nn.Module):
    """A recurrent network with its own cell, unrolled in a TorchScript loop, then nn.LSTM."""

    def __init__(self, features: int = 16, hidden: int = 24) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(features, hidden)
        self.lstm = nn.LSTM(hidden, hidden, num_layers=2, batch_first=True)
        self.head = nn.Linear(hidden, 4)

    def forward(self, sequence: Tensor) -> Tensor:
        hidden = torch.zeros(sequence.size(0), 24, dtype=sequence.dtype, device=sequence.device)
        state = torch.zeros_like(hidden)
        steps: List[Tensor] = []
        for step in range(sequence.size(1)):
            hidden, state = self.cell(sequence[:, step], (hidden, state))
            steps.append(hidden)
        out, _ = self.lstm(torch.stack(steps, dim=1))
        return self.head(out[:, -1])


class Branch(nn.Module):
    """One branch of ForkWait."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.linear(x)) * x


class ForkWait(nn.Module):
    """Asynchronous branches: prim::fork with its subgraph, aten::wait."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.left = Branch(width)
        self.right = Branch(width)

    def forward(self, x: Tensor) -> Tensor:
        left = torch.jit.fork(self.left, x)
        right = torch.jit.fork(self.right, x * 2.0)
        return torch.jit.wait(left) + torch.jit.wait(right)


class SeveralMethods(nn.Module):
    """A model with more entry points than forward: encode, decode, and a dictionary as the result."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 4))
        self.decoder = nn.Sequential(nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, 16))

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x)

    @torch.jit.export
    def decode(self, code: Tensor) -> Tensor:
        return self.decoder(code)

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        code = self.encode(x)
        restored = self.decode(code)
        return {"code": code, "loss": F.mse_loss(restored, x)}


class Pointwise(nn.Module):
    """A chain of pointwise operators, which the fuser turns into one group."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.randn(256))
        self.shift = nn.Parameter(torch.randn(256))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        z = x * self.scale + self.shift
        z = torch.sigmoid(z) * torch.tanh(y)
        z = z + torch.relu(x - y) * 0.5
        return torch.exp(-z * z)


class Activation(nn.Module):
    """What InterfaceCalls asks of its activations; interface_calls() declares it to the compiler."""

    def forward(self, x: Tensor) -> Tensor:
        pass


class Swish(nn.Module):
    """x times its sigmoid."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(x)


class ScaledCube(nn.Module):
    """The cube, with a weight for each channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * x * x * self.weight


def halved(x: Tensor, times: int) -> Tensor:
    for _ in range(times):
        x = x * 0.5
    return x


class InterfaceCalls(nn.Module):
    """Calls through an interface, of a module that is known and of one chosen while it runs; a function."""

    first: Activation

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.first = Swish()
        self.choices = nn.ModuleList([ScaledCube(width), Swish()])

    def forward(self, x: Tensor, which: int) -> Tensor:
        x = halved(self.first.forward(x), 2)
        chosen: Activation = self.choices[which]
        return chosen.forward(x)


def interface_calls() -> nn.Module:
    torch.jit.interface(Activation)
    return InterfaceCalls()


def seeded(make: Callable[[], nn.Module]) -> nn.Module:
    """A model in evaluation mode whose weights do not depend on what was made before it."""
    torch.manual_seed(20260)
    return make().eval()


def scripted(make: Callable[[], nn.Module]) -> torch.jit.ScriptModule:
    return torch.jit.script(seeded(make))


def traced(make: Callable[[], nn.Module], example: Tensor) -> torch.jit.ScriptModule:
    # The check would compare with a second trace, in which attention takes another path.
    return torch.jit.trace(seeded(make), example, check_trace=False)


def frozen(make: Callable[[], nn.Module]) -> torch.jit.ScriptModule:
    return torch.jit.freeze(scripted(make))


IMAGE = torch.linspace(0, 1, 3 * 32 * 32).reshape(1, 3, 32, 32)
TOKENS = torch.arange(12).reshape(1, 12)

# Every sample by file name: what makes it, and one input spec an argument of forward.
SAMPLES: Dict[str, Tuple[Callable[[], torch.jit.ScriptModule], List[str]]] = {
    "residual_cnn_scripted": (lambda: scripted(ResidualCnn), ["float32[1,3,32,32]"]),
    "residual_cnn_traced": (lambda: traced(ResidualCnn, IMAGE), ["float32[1,3,32,32]"]),
    "transformer_scripted": (lambda: scripted(Transformer), ["int64[1,12]"]),
    "transformer_traced": (lambda: traced(Transformer, TOKENS), ["int64[1,12]"]),
    "nested_if_loop": (lambda: scripted(NestedIfLoop), ["float32[4,8]", "6"]),
    "lstm": (lambda: scripted(Lstm), ["float32[2,10,16]"]),
    "fork_wait": (lambda: scripted(ForkWait), ["float32[4,32]"]),
    "several_methods": (lambda: scripted(SeveralMethods), ["float32[4,16]"]),
    "frozen_cnn": (lambda: frozen(ResidualCnn), ["float32[1,3,32,32]"]),
    "pointwise": (lambda: scripted(Pointwise), ["float32[128,256]", "float32[128,256]"]),
    "interface_calls": (lambda: scripted(interface_calls), ["float32[4,8]", "1"]),
}


def forget_classes() -> None:
    """Empties the compiler's tables, so that no class is named after its number in this process."""
    torch._C._jit_clear_class_registry()
    torch.jit._recursive.concrete_type_store = torch.jit._recursive.ConcreteTypeStore()
    torch.jit._state._clear_class_state()


def without_prefixes(record: bytes, prefixes: List[str]) -> bytes:
    """A pickled debug record with the given prefixes cut from every string in it."""
    out, end = bytearray(), 0
    for opcode, text, position in pickletools.genops(record):
        if opcode.name == "BINUNICODE":
            out += record[end:position]
            end = position + 5 + len(text.encode())
            for prefix in prefixes:
                text = text.replace(prefix, "")
            out += b"X" + len(text.encode()).to_bytes(4, "little") + text.encode()
    return bytes(out + record[end:])


def save(model: torch.jit.ScriptModule, path: pathlib.Path) -> None:
    """Saves a model whose source ranges name files below the project or below site-packages, so that
    the file does not depend on the machine it was made on. Tensors stay aligned to 64 bytes, as
    LibTorch writes them."""
    project = pathlib.Path(__file__).resolve().parents[2]
    packages = pathlib.Path(torch.__file__).resolve().parents[1]
    buffer = io.BytesIO()
    torch.jit.save(model, buffer)
    with zipfile.ZipFile(buffer) as plain, zipfile.ZipFile(path, "w") as portable:
        for entry in plain.infolist():
            data = plain.read(entry)
            if entry.filename.endswith(".debug_pkl"):
                data = without_prefixes(data, [f"{packages}/", f"{project}/"])
            rest = entry.filename.partition("/")[2]
            copy = zipfile.ZipInfo(f"{path.stem}/{rest}", (1980, 1, 1, 0, 0, 0))
            copy.compress_type = entry.compress_type
            header = portable.fp.tell() + 30 + len(copy.filename) + 4
            padding = -header % 64
            copy.extra = b"FB" + padding.to_bytes(2, "little") + b"Z" * padding
            portable.writestr(copy, data)


def main() -> None:
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {}
    for name, (make, specs) in SAMPLES.items():
        forget_classes()
        path = folder / f"{name}.pt"
        save(make(), path)
        size = path.stat().st_size
        assert size < 1 << 20, f"{path.name} has {size} bytes; samples stay under 1 MB"
        inputs[path.name] = specs
    (folder / "inputs.json").write_text(json.dumps(inputs, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The compiler writes sets of names in the order of their hashes.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
