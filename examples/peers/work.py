"""The work that Synfire and other programs are timed on: data, initial weights, timing, and one line of JSON.

    v[t] = 0.9 v[t-1] (1 - s[t-1]) + I[t]    s[t] = [v[t] > 1]    the reset has no gradient
    ds/dv = 1 / (1 + (pi (v - 1))^2)         spike counts of the last layer, cross-entropy, Adam 1e-3

Nets as `synfire bench --net` has them; initial weights and the order of the samples are those of parity_weights.py, so the
first losses of all programs are the same. `--hoist 1` computes the product with a constant input once, as Synfire does.
"""
import argparse
import gzip
import json
import os
import resource
import statistics
import time

import numpy as np

BETA = 0.9


def arguments(peers):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", choices=peers, default=peers[0])
    parser.add_argument("--net", choices=["mlp", "conv", "rec", "csnn"], default="mlp")
    parser.add_argument("--enc", choices=["const", "poisson"], default="const")
    parser.add_argument("--T", type=int, default=0, help="25 if not given; of rec 112, of csnn 8")
    parser.add_argument("--batch", type=int, default=0, help="128 if not given; of csnn 16")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--hoist", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--data", required=True, help="folder of MNIST, .gz or not")
    parser.add_argument("--weights", help=".npz of parity_weights.py; csnn draws its own")
    args = parser.parse_args()
    args.T = args.T or {"rec": 112, "csnn": 8}.get(args.net, 25)
    args.batch = args.batch or (16 if args.net == "csnn" else 128)
    if args.net == "rec" and (args.T % 28 or args.enc != "const"):
        parser.error("--net rec reads 28 rows of constant input: --T must be a multiple of 28, --enc const")
    if args.net != "csnn" and not args.weights:
        parser.error("--weights is missing; python examples/parity_weights.py writes some")
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(args.threads)
    # XLA takes as many threads as the process may run on
    if hasattr(os, "sched_setaffinity"):
        cpus = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cpus[: args.threads])
    return args


def idx(folder, name):
    path = os.path.join(folder, name)
    opened = gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as file:
        data = file.read()
    dims = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * data[3]).reshape(dims)


def batch(args, pixels, labels, indices):
    values = pixels[indices].astype(np.float32) / 255.0
    shape = (-1, 1, 28, 28) if args.net in ("conv", "csnn") else (-1, 784)
    return values.reshape(shape), labels[indices].astype(np.int64)


def layers(args):
    """Weights and biases by name; of rec there is no bias of `rec`."""
    return dict(np.load(args.weights)) if args.weights else {}


def run(args, version, build):
    """`build(arrays)` gives an object with `train(x, y) -> loss` and `infer(x) -> scores`, both of which wait for the result."""
    arrays = layers(args)
    pixels, labels = idx(args.data, "train-images-idx3-ubyte"), idx(args.data, "train-labels-idx1-ubyte")
    tests = idx(args.data, "t10k-images-idx3-ubyte"), idx(args.data, "t10k-labels-idx1-ubyte")
    order = arrays.get("order", np.random.RandomState(0).permutation(len(pixels)))
    model = build(arrays)
    batches = len(order) // args.batch
    get = lambda i: batch(args, pixels, labels, order[i % batches * args.batch :][: args.batch])

    def timed(f, runs, warmup):
        wall, cpu, results = [], [], []
        for i in range(warmup + runs):
            begun = time.perf_counter(), time.process_time()
            results.append(f(i))
            if i >= warmup:
                wall.append((time.perf_counter() - begun[0]) * 1e3)
                cpu.append((time.process_time() - begun[1]) * 1e3)
        return results, wall, cpu

    data = [get(i) for i in range(args.warmup + args.steps)]
    losses, wall, cpu = timed(lambda i: float(model.train(*data[i])), args.steps, args.warmup)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    data = [batch(args, *tests, np.arange(i * args.batch, (i + 1) * args.batch))[0] for i in range(13)]
    _, infer_wall, infer_cpu = timed(lambda i: model.infer(data[i]), 10, 3)
    print(json.dumps({
        "peer": args.peer, "version": version, "net": args.net, "enc": args.enc, "T": args.T, "batch": args.batch,
        "threads": args.threads, "device": args.device, "loss_early": [round(x, 5) for x in losses[: args.warmup]],
        "step_cpu_ms": round(statistics.median(cpu), 3), "step_cpu_ms_min": round(min(cpu), 3),
        "step_ms": round(statistics.median(wall), 3), "step_ms_min": round(min(wall), 3),
        "infer_cpu_ms": round(statistics.median(infer_cpu), 3), "infer_ms": round(statistics.median(infer_wall), 3),
        "peak_rss_mb": round(memory, 1),
    }))
