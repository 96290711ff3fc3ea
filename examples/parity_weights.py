"""Writes the initial weights and the order of samples that the peers of the benchmark start from.

    python examples/parity_weights.py parity.npz
    synfire bench --data datasets/mnist --weights parity.npz

The first losses of `synfire bench` are then those of any program that does the same work:
784-512-10 LIF (decay 0.9, threshold 1, hard reset with its gradient cut, arctan surrogate), T = 25,
batch 128, spike-count cross-entropy, Adam 1e-3. Needs numpy only.
"""
import sys

import numpy as np

draw = np.random.RandomState(1234)
arrays = {}
for name, shape in (("fc1", (512, 784)), ("fc2", (10, 512))):
    bound = 1.0 / np.sqrt(shape[1])
    arrays[f"{name}.weight"] = draw.uniform(-bound, bound, shape).astype(np.float32)
    arrays[f"{name}.bias"] = draw.uniform(-bound, bound, shape[0]).astype(np.float32)
arrays["order"] = np.random.RandomState(0).permutation(60_000).astype(np.int64)
np.savez(sys.argv[1] if len(sys.argv) > 1 else "parity.npz", **arrays)
