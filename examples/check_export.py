"""Runs an exported network with numpy alone and compares it with Synfire, spike by spike.

    synfire export runs/002-lif-mnist/checkpoints/last.bpk --out mnist.safetensors
    synfire predict mnist.safetensors --data datasets/mnist --index 0 --count 100 --json > synfire.json
    python examples/check_export.py mnist.safetensors datasets/mnist synfire.json

Needs numpy and safetensors. Works for any stack of linear and `lif` layers with constant input.
"""
import gzip
import json
import sys

import numpy as np
from safetensors import safe_open


def read_network(path):
    """The description and the arrays, `layers.0.weight` [outputs, inputs], `layers.1.tau_m` .."""
    with safe_open(path, framework="np") as file:
        description = json.loads(file.metadata()["synfire"])
        return description["model"], {name: file.get_tensor(name) for name in file.keys()}


def read_images(folder, count):
    with gzip.open(f"{folder}/t10k-images-idx3-ubyte.gz") as file:
        raw = np.frombuffer(file.read(), np.uint8, offset=16)
    return raw[: count * 784].reshape(count, 784).astype(np.float32) / np.float32(255)


def run(network, arrays, images):
    """Spike counts [B, classes] and the last layer's final membrane potential [B, classes]."""
    signal = [images] * network["steps"]
    for i, layer in enumerate(network["layers"]):
        get = lambda name: arrays[f"layers.{i}.{name}"]
        if "linear" in layer:
            product = {}  # a constant input is the same object at every step: multiply it once
            for x in signal:
                if id(x) not in product:
                    product[id(x)] = x @ get("weight").T + (get("bias") if layer.get("bias", True) else 0)
            signal = [product[id(x)] for x in signal]
        else:
            assert layer["neuron"] == "lif" and layer.get("reset", "hard") == "hard", layer
            beta = np.exp(np.float32(-network.get("dt", 1.0)) / get("tau_m")).astype(np.float32)
            v, spikes = np.zeros_like(signal[0]), []
            for x in signal:
                v = beta * v + x
                fired = v > get("v_th")
                v = np.where(fired, get("v_reset"), v)
                spikes.append(fired.astype(np.float32))
            signal = spikes
    return sum(signal), v


def main(path, folder, answers):
    network, arrays = read_network(path)
    answers = json.load(open(answers))["predictions"]
    counts, potentials = run(network, arrays, read_images(folder, len(answers)))
    expected_counts = np.array([a["scores"] for a in answers])
    expected_potentials = np.array([a["potentials"] for a in answers])
    different = int((counts != expected_counts).any(axis=1).sum())
    worst = float(np.abs(potentials - expected_potentials).max())
    print(f"{len(answers)} images: {different} with other spike counts, potentials differ by at most {worst:.2e}")
    sys.exit(0 if different == 0 and worst < 1e-4 else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
