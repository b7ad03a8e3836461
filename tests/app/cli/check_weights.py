"""Compares `jitscope-cli weights` with torch and NumPy on a model with tensors of every kind.

    check_weights.py JITSCOPE_CLI FOLDER

Works in FOLDER. Prints what differs and ends with 1; ends with 0 when nothing does.
"""
import json
import pathlib
import subprocess
import sys
import warnings

import numpy
import torch

warnings.filterwarnings("ignore")
CLI = sys.argv[1]
FOLDER = pathlib.Path(sys.argv[2])
differences = []


def check(condition, *what):
    if not condition:
        differences.append(" ".join(str(part) for part in what))


class Many(torch.nn.Module):
    """Large and small tensors, so that both what is left in the file and what is read at once is met."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        random = torch.randn(40, 50, dtype=torch.float64)
        for dtype in (
            torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2,
            torch.float8_e4m3fnuz, torch.float8_e5m2fnuz,
        ):
            name = "of_" + str(dtype).split(".")[1]  # half and bfloat16 are methods
            self.register_buffer(name, random.to(dtype))
            self.register_buffer(name + "_small", random[:3, :2].to(dtype).clone())
        for dtype in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool, torch.uint16, torch.uint32):
            self.register_buffer("of_" + str(dtype).split(".")[1], (random * 30).abs().to(torch.int64).to(dtype))
        self.register_buffer("int64_extreme", torch.tensor([-(2**63), 2**63 - 1, 2**53 + 1]))
        self.register_buffer("complex64", torch.complex(random.float(), random.float().flip(0)))
        self.register_buffer("complex128", torch.complex(random, -random))
        bad = torch.randn(3000)
        bad[[3, 1000, 2999]] = float("nan")
        bad[[4, 5]] = float("inf")
        bad[7] = -float("inf")
        bad[[0, 1]] = 0
        self.register_buffer("bad", bad)
        self.register_buffer("only_nan", torch.full((2, 2), float("nan")))
        self.register_buffer("empty", torch.empty(0, 3))
        self.register_buffer("scalar", torch.tensor(2.5))
        self.register_buffer("zeros", torch.zeros(64, 64))
        self.register_buffer("constant", torch.full((2000,), 0.1))
        whole = torch.randn(64, 32, 3, 3)
        self.register_buffer("whole", whole)
        self.register_buffer("transposed", whole.transpose(0, 1))
        self.register_buffer("part", whole[8:16, :, 1])
        self.register_buffer("channels_last", torch.randn(16, 8, 5, 5).contiguous(memory_format=torch.channels_last))
        self.register_buffer("expanded", torch.randn(1, 7).expand(9, 7))
        self.register_buffer("embedding", torch.randn(3000, 4))
        self.tied = torch.nn.Parameter(torch.randn(30, 40))
        self.child = torch.nn.Linear(40, 30, bias=False)
        self.child.weight = self.tied

    def forward(self, x):
        return self.child(x) + self.tied.sum()


class Quantized(torch.nn.Module):
    def __init__(self):
        super().__init__()
        values = torch.randn(8, 100)
        self.register_buffer("per_tensor", torch.quantize_per_tensor(values, 0.05, 3, torch.quint8))
        self.register_buffer(
            "per_channel",
            torch.quantize_per_channel(values, torch.linspace(0.01, 0.2, 8), torch.arange(8), 0, torch.qint8))
        self.register_buffer(
            "per_column",
            torch.quantize_per_channel(values, torch.linspace(0.01, 0.2, 100), torch.arange(100), 1, torch.qint8))
        self.register_buffer("whole", torch.quantize_per_tensor(values, 0.001, 0, torch.qint32))

    def forward(self, x):
        return x


class Packed(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = torch.ao.quantization.QuantStub()
        self.conv = torch.nn.Conv2d(3, 8, 3)
        self.linear = torch.nn.Linear(8, 4)
        self.dequant = torch.ao.quantization.DeQuantStub()

    def forward(self, x):
        x = self.conv(self.quant(x)).mean([2, 3])
        return self.dequant(self.linear(x))


def run(*arguments):
    done = subprocess.run([CLI, *map(str, arguments)], capture_output=True, text=True)
    check(done.returncode == 0, arguments, "ended with", done.returncode, done.stderr)
    return done.stdout


def numbers_of(tensor):
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.is_complex():
        return torch.abs(tensor.to(torch.complex128)).flatten().numpy()
    if tensor.dtype in (torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz):
        tensor = tensor.float()
    return tensor.to(torch.float64).flatten().numpy()


def is_near(found, expected, tolerance=1e-12):
    return abs(found - expected) <= tolerance * max(abs(expected), 1e-300)


def compare_statistics(name, tensor, found):
    all_numbers = numbers_of(tensor)
    finite = all_numbers[numpy.isfinite(all_numbers)]
    for field, expected in (
        ("elements", all_numbers.size),
        ("zeros", int((all_numbers == 0).sum())),
        ("nan", int(numpy.isnan(all_numbers).sum())),
        ("positive_infinity", int(numpy.isposinf(all_numbers).sum())),
        ("negative_infinity", int(numpy.isneginf(all_numbers).sum())),
    ):
        check(found[field] == expected, name, field, found[field], expected)
    if finite.size == 0:
        for field in ("minimum", "maximum", "mean", "deviation"):
            check(found[field] is None, name, field, found[field])
        check(found["histogram"] == [], name, found["histogram"])
        return
    exact = not tensor.is_complex()  # hypot may differ in the last bit
    near = 0 if exact else 1e-15
    check(is_near(found["minimum"], finite.min(), near), name, "minimum", found["minimum"], finite.min())
    check(is_near(found["maximum"], finite.max(), near), name, "maximum", found["maximum"], finite.max())
    mean = numpy.longdouble(finite.astype(numpy.longdouble).mean())
    scale = numpy.abs(finite).max()
    check(abs(found["mean"] - mean) <= 1e-13 * scale, name, "mean", found["mean"], mean)
    deviation = numpy.sqrt(((finite.astype(numpy.longdouble) - mean) ** 2).mean())
    check(abs(found["deviation"] - deviation) <= 1e-12 * scale, name, "deviation", found["deviation"], deviation)
    if finite.min() == finite.max():
        check(found["histogram"][0] == finite.size, name, "histogram of equal elements")
    elif exact:
        counts, _ = numpy.histogram(finite, bins=64, range=(finite.min(), finite.max()))
        check(found["histogram"] == counts.tolist(), name, "histogram", found["histogram"], counts)


def compare_channels(document, name, tensor):
    out = json.loads(run("sql", document, "--json", f"""SELECT s.channels, s.channel_step, c.channel, c.minimum, c.maximum
        FROM tensor t JOIN tensor_statistics s ON s.tensor = t.id LEFT JOIN tensor_channel c ON c.tensor = t.id
        WHERE t.name = '{name}' ORDER BY c.channel"""))
    rows = out["rows"]
    if tensor.dim() < 2 or tensor.numel() == 0:
        check(rows[0][0] == 0 and rows[0][2] is None, name, "has channels", rows[:2])
        return
    step = -(-tensor.shape[0] // 1024)
    check(rows[0][0] == tensor.shape[0] and rows[0][1] == step, name, "channels", rows[0])
    check(len(rows) == -(-tensor.shape[0] // step), name, "ranges", len(rows))
    for i, row in enumerate(rows):
        part = numbers_of(tensor[i * step : (i + 1) * step])
        part = part[numpy.isfinite(part)]
        if part.size == 0:
            check(row[3] is None and row[4] is None, name, "channel", i, row)
        else:
            tolerance = 1e-12  # SQLite prints fifteen digits
            check(is_near(float(row[3]), part.min(), tolerance), name, "channel", i, row, part.min())
            check(is_near(float(row[4]), part.max(), tolerance), name, "channel", i, row, part.max())


def compare_file(name, tensor, file):
    array = numpy.load(file)
    check(array.shape == tuple(tensor.shape), name, "shape", array.shape)
    if tensor.is_quantized:
        expected = tensor.dequantize().numpy()
        check(numpy.allclose(array, expected, rtol=1e-6, atol=1e-7), name, "dequantized differs")
        check(array.dtype == numpy.float32, name, array.dtype)
        return
    if tensor.dtype == torch.bfloat16 or "float8" in str(tensor.dtype):
        tensor = tensor.float()
    expected = tensor.contiguous().numpy()
    check(array.dtype == expected.dtype, name, array.dtype, expected.dtype)
    check(array.tobytes() == expected.tobytes(), name, "elements differ")


def compare_model(path, tensors):
    document = path.with_suffix(".jitscope")
    folder = FOLDER / (path.stem + "-npy")
    out = json.loads(run("weights", path, "--stats", "--export", folder, "-o", document, "--json"))
    found = {entry["name"]: entry for entry in out["tensors"]}
    files = {entry["name"]: entry["file"] for entry in out["files"]}
    check(set(found) == set(tensors), "names", set(found) ^ set(tensors))
    for name, tensor in tensors.items():
        entry = found[name]
        check(entry["shape"] == list(tensor.shape), name, entry["shape"])
        check(entry["strides"] == list(tensor.stride()), name, entry["strides"], tensor.stride())
        check(entry["dtype"] == str(tensor.dtype).split(".")[1], name, entry["dtype"], tensor.dtype)
        check(entry["bytes"] == tensor.numel() * tensor.element_size(), name, entry["bytes"])
        compare_statistics(name, tensor, entry["statistics"])
        compare_channels(document, name, tensor)
        compare_file(name, tensor, files[name])
    # A document shows what it has without its model.
    moved = path.with_suffix(".moved")
    path.rename(moved)
    again = json.loads(run("weights", document, "--stats", "--json"))
    moved.rename(path)
    check([e.get("statistics") for e in again["tensors"]] == [e["statistics"] for e in out["tensors"]], path, "not kept")
    return found


def save(module, name):
    path = FOLDER / (name + ".pt")
    torch.jit.script(module.eval()).save(path)
    loaded = torch.jit.load(path)
    return path, {**dict(loaded.named_parameters(remove_duplicate=False)), **dict(loaded.named_buffers())}


def main():
    path, tensors = save(Many(), "many")
    tensors["child.weight"] = tensors["tied"]
    found = compare_model(path, {name: tensor.detach() for name, tensor in tensors.items()})
    check(found["tied"]["shared_with"] == ["child.weight"], "tied", found["tied"]["shared_with"])
    check(found["transposed"]["storage"] == found["whole"]["storage"], "views share their storage")
    check(set(found["whole"]["shared_with"]) == {"transposed", "part"}, found["whole"]["shared_with"])
    check(found["part"]["storage_offset"] == 8 * 32 * 9 + 3, found["part"]["storage_offset"])

    path, tensors = save(Quantized(), "quantized")
    found = compare_model(path, tensors)
    check(found["per_tensor"]["quantization"] == {"scheme": "per_tensor_affine", "scale": 0.05, "zero_point": 3},
          found["per_tensor"])
    channels = found["per_channel"]["quantization"]
    check(channels["scheme"] == "per_channel_affine" and channels["axis"] == 0, channels)
    check(channels["zero_points"] == list(range(8)), channels)
    check(numpy.allclose(channels["scales"], numpy.linspace(0.01, 0.2, 8)), channels)

    model = Packed().eval()
    model.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    prepared = torch.ao.quantization.prepare(model)
    prepared(torch.randn(4, 3, 8, 8))
    converted = torch.ao.quantization.convert(prepared)
    path, _ = save(converted, "packed")
    out = json.loads(run("weights", path, "--stats", "--name", "*_packed_params*", "--json"))
    found = {entry["name"]: entry for entry in out["tensors"]}
    for name, layer in (("conv._packed_params", converted.conv), ("linear._packed_params._packed_params", converted.linear)):
        check(name + ".weight" in found, name, "is missing in", list(found))
        if name + ".weight" in found:
            compare_statistics(name, layer.weight(), found[name + ".weight"]["statistics"])
            check(found[name + ".weight"]["dtype"] == "qint8", found[name + ".weight"]["dtype"])
            compare_statistics(name, layer.bias().detach(), found[name + ".bias"]["statistics"])

    for difference in differences:
        print(difference)
    return 1 if differences else 0


sys.exit(main())
