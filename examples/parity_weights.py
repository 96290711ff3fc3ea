"""Writes the initial weights and the order of samples that the peers of the benchmark start from.

    python examples/parity_weights.py parity.npz
    synfire bench --data datasets/mnist --weights parity.npz
    python examples/parity_weights.py --net conv conv.npz
    synfire bench --net conv --data datasets/mnist --weights conv.npz

The first losses of `synfire bench` are then those of any program that does the same work:
784-512-10 LIF, or 12C5-MP2-LIF-32C5-MP2-LIF-FC10-LIF (decay 0.9, threshold 1, hard reset with its
gradient cut, arctan surrogate), T = 25, batch 128, spike-count cross-entropy, Adam 1e-3.
Weights are in PyTorch's order of axes. Needs numpy only.
"""
import argparse

import numpy as np

SHAPES = {
    "mlp": {"fc1": (512, 784), "fc2": (10, 512)},
    "conv": {"c1": (12, 1, 5, 5), "c2": (32, 12, 5, 5), "fc": (10, 512)},
}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--net", choices=sorted(SHAPES), default="mlp")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("file", nargs="?", default="parity.npz")
args = parser.parse_args()

draw = np.random.RandomState(1234 + args.seed)
arrays = {}
for name, shape in SHAPES[args.net].items():
    bound = 1.0 / np.sqrt(np.prod(shape[1:]))
    arrays[f"{name}.weight"] = draw.uniform(-bound, bound, shape).astype(np.float32)
    arrays[f"{name}.bias"] = draw.uniform(-bound, bound, shape[0]).astype(np.float32)
arrays["order"] = np.random.RandomState(args.seed).permutation(60_000).astype(np.int64)
np.savez(args.file, **arrays)
