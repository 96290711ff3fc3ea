"""Writes the initial weights and the order of samples that the peers of the benchmark start from.

    python examples/parity_weights.py parity.npz
    synfire bench --data datasets/mnist --weights parity.npz
    python examples/parity_weights.py --net conv conv.npz
    synfire bench --net conv --data datasets/mnist --weights conv.npz
    python examples/parity_weights.py --net rec rec.npz
    synfire bench --net rec --data datasets/mnist --weights rec.npz

The first losses of `synfire bench` are then those of any program that does the same work:
784-512-10 LIF, 12C5-MP2-LIF-32C5-MP2-LIF-FC10-LIF, or 28-256-10 LIF whose hidden layer hears itself and reads a
picture row by row (decay 0.9, threshold 1, hard reset with its gradient cut, arctan surrogate), T = 25, or 112 with
four steps for each row, batch 128, spike-count cross-entropy, Adam 1e-3.
Weights are in PyTorch's order of axes. Needs numpy only.
"""
import argparse

import numpy as np



def shapes(net, hidden):
    """Shapes of the weights in the order in which they are drawn; `rec` has no bias."""
    return {
        "mlp": {"fc1": (hidden, 784), "fc2": (10, hidden)},
        "conv": {"c1": (12, 1, 5, 5), "c2": (32, 12, 5, 5), "fc": (10, 512)},
        "rec": {"fc1": (hidden, 28), "rec": (hidden, hidden), "fc2": (10, hidden)},
    }[net]


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--net", choices=["conv", "mlp", "rec"], default="mlp")
parser.add_argument("--hidden", type=int, help="512 if not given, 256 of rec")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("file", nargs="?", default="parity.npz")
args = parser.parse_args()

draw = np.random.RandomState(1234 + args.seed)
arrays = {}
for name, shape in shapes(args.net, args.hidden or (256 if args.net == "rec" else 512)).items():
    bound = 1.0 / np.sqrt(np.prod(shape[1:]))
    arrays[f"{name}.weight"] = draw.uniform(-bound, bound, shape).astype(np.float32)
    if name == "rec":
        continue
    arrays[f"{name}.bias"] = draw.uniform(-bound, bound, shape[0]).astype(np.float32)
arrays["order"] = np.random.RandomState(args.seed).permutation(60_000).astype(np.int64)
np.savez(args.file, **arrays)
