"""Runs a network in integers in NumPy alone, and compares each spike with Synfire's.

    synfire export runs/001-lif-mnist --out net.int8 --data datasets/mnist
    python examples/interop/int8_reference.py target/release/synfire datasets/mnist net.int8 [--count 1000]

Written from the equations in the documentation of `synfire-int8`, with nothing of its code. For networks whose encoder gives the
pixels themselves at every step (`constant`).
"""

import argparse
import gzip
import json
import pathlib
import subprocess
import tempfile

import numpy as np

TYPES = {"I8": np.int8, "I32": np.int32, "F32": np.float32}


def read(path):
    """Input, layers with their tensors, and the description of the network: a safetensors file."""
    raw = pathlib.Path(path).read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header, data = json.loads(raw[8 : 8 + size]), raw[8 + size :]
    metadata = header.pop("__metadata__")
    head = json.loads(metadata["synfire-int8"])
    for name, entry in header.items():
        _, layer, field = name.split(".")
        first, last = entry["data_offsets"]
        values = np.frombuffer(data[first:last], TYPES[entry["dtype"]]).reshape(entry["shape"])
        head["layers"][int(layer)][field] = values
    return head["input"], head["layers"], json.loads(metadata["description"])


def windows(x, layer, fill):
    """Windows [B, C, oH, oW, kH, kW] of pictures [B, C, H, W]."""
    (top, bottom), (left, right) = layer["padding"]
    (height, width), (rows, columns) = layer["kernel"], layer["stride"]
    down, across = layer.get("dilation", [1, 1])
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=fill)
    reach = (down * (height - 1) + 1, across * (width - 1) + 1)
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(2, 3))
    return view[:, :, ::rows, ::columns, ::down, ::across]


def connection(layer, x, shape):
    """Whole sums of a layer without a state, [B, ..]."""
    if layer["kind"] == "linear":
        return x.reshape(len(x), -1) @ layer["weight"].astype(np.int64).T
    x = x.reshape(len(x), *shape)
    if layer["kind"] == "pool2d":
        if layer["pool"] == "max":
            return windows(x, layer, np.iinfo(np.int64).min).max((4, 5))
        return windows(x, layer, 0).sum((4, 5))
    weight, groups = layer["weight"].astype(np.int64), layer["groups"]
    parts = zip(np.split(windows(x, layer, 0), groups, 1), np.split(weight, groups))
    return np.concatenate([np.einsum("bcyxij,ocij->boyx", part, w, optimize=True) for part, w in parts], 1)


def each(values, shape):
    """A parameter of one, channel or neuron values, for every neuron."""
    count = int(np.prod(shape))
    return np.repeat(values.astype(np.int64), count // len(values)).reshape(shape)


def neurons(layer, x, v):
    """Spikes and potentials after a step."""
    leak, threshold, to, bias = (each(layer[name], x.shape[1:]) for name in ("leak", "threshold", "v_reset", "bias"))
    limit = lambda v: np.clip(v, -(2**31), 2**31 - 1)
    leaked = lambda v: (v * leak + 2**23) >> 24
    current = (x << layer["fraction_bits"]) + bias
    if layer["reset_delay"]:
        before = v > threshold
        if layer["reset"] == "hard":
            v = np.where(before, to, v)
        v = leaked(v) + current
        v = limit(v - threshold * before if layer["reset"] == "soft" else v)
        return (v > threshold).astype(np.int64), v
    v = limit(leaked(v) + current)
    spikes = v > threshold
    if layer["reset"] == "hard":
        v = np.where(spikes, to, v)
    elif layer["reset"] == "soft":
        v = limit(v - threshold * spikes)
    return spikes.astype(np.int64), v


def run(path, pixels):
    """Spikes [B, T, N] of each layer of neurons."""
    start, layers, description = read(path)
    assert description["model"]["encoder"] == "constant" or description["model"]["encoder"]["name"] == "constant"
    x = np.floor(pixels / np.float32(start["scale"]) + np.float32(0.5)).astype(np.int64)
    x = np.clip(x, start["low"], start["high"])
    potentials, spikes, held = {}, {}, None
    for _ in range(description["model"]["steps"]):
        y, shape = x, tuple(start["shape"])
        for i, layer in enumerate(layers):
            if layer["kind"] == "neurons":
                y, potentials[i] = neurons(layer, y, potentials.get(i, np.zeros_like(y)))
                spikes.setdefault(i, []).append(y.reshape(len(y), -1))
            else:
                # the input is the same at every step
                held = connection(layer, y, shape) if i == 0 and held is None else held
                y = held if i == 0 else connection(layer, y, shape)
            shape = y.shape[1:]
    return {f"layers.{i}.spikes": np.stack(steps, 1) for i, steps in spikes.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("synfire")
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("networks", nargs="+")
    parser.add_argument("--count", type=int, default=1000, help="test pictures")
    arguments = parser.parse_args()
    with gzip.open(arguments.mnist / "t10k-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)[: arguments.count]
    pixels = pixels.astype(np.float32) / np.float32(255)
    for network in arguments.networks:
        parts = [run(network, part) for part in np.array_split(pixels, max(1, arguments.count // 50))]
        theirs = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        with tempfile.TemporaryDirectory() as folder:
            record = pathlib.Path(folder) / "spikes.npz"
            command = [arguments.synfire, "predict", network, "--data", arguments.mnist, "--index", "0"]
            command += ["--count", str(arguments.count), "--record", record, "--json"]
            told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            ours = np.load(record)
            print(f"{network}: accuracy {100 * told['accuracy']:.2f} % of {arguments.count} pictures")
            for name, expected in theirs.items():
                different = int((ours[name] != expected).sum())
                print(f"  {name}: {int(expected.sum())} spikes of {expected.size} places, {different} different")
                if different or ours[name].shape != expected.shape:
                    raise SystemExit("not the same")


if __name__ == "__main__":
    main()
