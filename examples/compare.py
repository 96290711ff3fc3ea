"""Synfire and other programs on the same work, alternating in one run, and a table of ratios.

    python examples/compare.py --synfire target/release/synfire --data datasets/mnist
    python examples/compare.py --synfire new/synfire --baseline old/synfire --data datasets/mnist     # two builds
    python examples/compare.py --synfire target/release/synfire --data datasets/mnist --works mlp conv --repeats 5

Programs whose packages are not installed are named as skipped; `--python` names an interpreter for each (jax=PATH
torch=PATH), this one if not given. Every program computes the product with a constant input once. A cell is the smallest
over the repeats of the median step, process CPU time in ms at one thread, wall time at more; the range is that of the
repeats: where it is wide, the machine was busy. Writes TABLE.md and RUNS.json into `--out`.

The floor is the least that a dense program computes at `--gflops`: products of a step's forward and backward, 2 operations
for each weight, step and sample. Synfire is below it where it leaves out what does not spike.
"""
import argparse
import json
import pathlib
import subprocess
import sys

import numpy  # noqa: F401  parity_weights.py needs it: better found missing here

HERE = pathlib.Path(__file__).resolve().parent
TORCH = ["norse", "snntorch", "spikingjelly", "torch"]
# name: net, options of every program, peers, steps
WORKS = {
    "mlp": ("mlp", [], ["jax", *TORCH], 10),
    "mlp-poisson": ("mlp", ["--enc", "poisson"], ["jax", *TORCH], 10),
    "mlp-batch1": ("mlp", ["--batch", "1"], ["jax", *TORCH], 100),
    "conv": ("conv", [], ["jax", *TORCH], 4),
    "conv-batch1": ("conv", ["--batch", "1"], ["jax", *TORCH], 20),
    "rec": ("rec", [], ["jax", "norse", "snntorch", "torch"], 4),
    "csnn": ("csnn", [], ["spikingjelly"], 3),
}
# multiply-adds of a sample in all steps, forward: products that are computed at every step, and once
PRODUCTS = {
    "mlp": (25 * 512 * 10, 784 * 512),
    "mlp-poisson": (25 * (784 * 512 + 512 * 10), 0),
    "conv": (25 * (12 * 32 * 25 * 64 + 512 * 10), 12 * 25 * 576),
    "rec": (112 * (256 * 256 + 256 * 10), 28 * 28 * 256),
    "csnn": (8 * (128 * 128 * 9 * 196 + 6272 * 2048 + 2048 * 100), 128 * 9 * 784),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfire", required=True, help="the program")
    parser.add_argument("--baseline", help="another build of it, for a regression check")
    parser.add_argument("--data", required=True, help="folder of MNIST")
    parser.add_argument("--works", nargs="*", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--peers", nargs="*", choices=["jax", *TORCH], default=["jax", *TORCH])
    parser.add_argument("--python", nargs="*", default=[], metavar="PEER=PATH", help="interpreters, jax=PATH torch=PATH")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for the peers and --synfire-device for Synfire")
    parser.add_argument("--synfire-device", default="flex")
    parser.add_argument("--precision", choices=["f32", "f16", "bf16"], help="of Synfire's values between layers")
    parser.add_argument("--gflops", type=float, default=100.0, help="of a dense product on one thread, for the floor")
    parser.add_argument("--seconds", type=float, default=600, help="longest time of one run of one program")
    parser.add_argument("--out", default="comparison")
    return parser.parse_args()


def run(command, seconds):
    """The line of JSON that a command prints, or why there is none."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None, f"took longer than {seconds:.0f} s"
    except OSError as problem:
        return None, str(problem)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and lines:
        return json.loads(lines[-1]), None
    last = [line for line in done.stderr.strip().splitlines() if line.strip()]
    return None, last[-1] if last else f"ended with code {done.returncode}"


def interpreters(args):
    paths = dict(entry.split("=", 1) for entry in args.python)
    return {peer: paths.get(peer, paths.get("torch" if peer in TORCH else peer, sys.executable)) for peer in args.peers}


def installed(args):
    """The peers whose packages can be imported, and a line for each that cannot."""
    found, skipped = {}, []
    for peer, python in interpreters(args).items():
        packages = ["numpy", *(["jax"] if peer == "jax" else ["torch"]), *([peer] if peer in TORCH[:3] else [])]
        try:
            test = subprocess.run([python, "-c", "import " + ", ".join(packages)], capture_output=True)
            good = test.returncode == 0
        except OSError:
            good = False
        if good:
            found[peer] = python
        else:
            skipped.append(f"{peer}: skipped, {python} has not all of {', '.join(packages)}")
    return found, skipped


def programs(args, found, weights, work):
    """Name and command of every program that does a work."""
    net, options, peers, steps = WORKS[work]
    given = ["--weights", str(weights[net])] if net in weights else []
    common = ["--net", net, *options, *given, "--data", args.data, "--steps", str(steps), "--warmup", "4"]
    threads = ["--threads", str(args.threads)]
    device = ["--device", args.synfire_device] + (["--precision", args.precision] if args.precision else [])
    commands = {"synfire": [args.synfire, *threads, "bench", *common, *device]}
    if args.baseline:
        commands["baseline"] = [args.baseline, *threads, "bench", *common, *device]
    for peer in [peer for peer in peers if peer in found]:
        script = HERE / "peers" / ("jax_peer.py" if peer == "jax" else "torch_peer.py")
        commands[peer] = [found[peer], str(script), "--peer", peer, *common, *threads, "--device", args.device]
    return commands


def smallest(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return (min(values), max(values)) if values else (float("nan"),) * 2


def table(work, results, key, infer_key, args):
    fastest = smallest(results["synfire"], key)[0] if results.get("synfire") else float("nan")
    infer = smallest(results["synfire"], infer_key)[0] if results.get("synfire") else float("nan")
    lines = [f"### {work}", ""]
    if work in PRODUCTS and args.device == "cpu":
        steps, once = PRODUCTS[work]
        batch = 16 if work == "csnn" else 128
        floor = 2 * batch * (3 * steps + 2 * once) / args.gflops / 1e6
        lines += [f"Dense floor at {args.gflops:.0f} GFLOP/s: {floor:.1f} ms; Synfire takes {fastest / floor:.2f} of it.", ""]
    lines += ["| program | step, ms | range | Synfire takes | inference, ms | Synfire takes | peak MB | first losses |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for name, runs in sorted(results.items(), key=lambda entry: smallest(entry[1], key)[0]):
        low, high = smallest(runs, key)
        answer = smallest(runs, infer_key)[0]
        memory = smallest(runs, "peak_rss_mb")[1]
        losses = " ".join(f"{loss:.4f}" for loss in runs[0]["loss_early"][:4])
        cells = [name, f"{low:.2f}", f"{low:.2f} to {high:.2f}", f"{fastest / low:.2f}", f"{answer:.2f}", f"{infer / answer:.2f}"]
        lines.append("| " + " | ".join([*cells, f"{memory:.0f}", losses]) + " |")
    return "\n".join(lines) + "\n"


def main():
    args = arguments()
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    weights = {}
    for net in ("mlp", "conv", "rec"):
        weights[net] = out / f"{net}.npz"
        subprocess.run([sys.executable, str(HERE / "parity_weights.py"), "--net", net, str(weights[net])], check=True)
    found, skipped = installed(args)
    wall = args.threads > 1 or args.device != "cpu"
    key, infer_key = ("step_ms", "infer_ms") if wall else ("step_cpu_ms", "infer_cpu_ms")
    results, tables = {}, []
    heading = f"{'Wall' if wall else 'Process CPU'} time, {args.threads} thread(s), {args.repeats} repeats, device {args.device}.\n"
    for line in skipped:
        print(line, file=sys.stderr)
    for work in args.works:
        runs = results.setdefault(work, {})
        commands = programs(args, found, weights, work)
        for repeat in range(args.repeats):
            for name, command in list(commands.items()):
                measured, problem = run(command, args.seconds)
                if measured is None:
                    skipped.append(f"{name}: left out of {work}, {problem}")
                    print(skipped[-1], file=sys.stderr)
                    del commands[name]
                    continue
                runs.setdefault(name, []).append(measured)
                print(f"{work} {repeat + 1}/{args.repeats} {name}: {measured[key]:.2f} ms", file=sys.stderr)
        if runs:
            tables.append(table(work, runs, key, infer_key, args))
        # after each work: whoever has no time for the rest keeps it
        (out / "RUNS.json").write_text(json.dumps({"works": results, "skipped": skipped}, indent=1))
        (out / "TABLE.md").write_text("\n".join([heading, *tables, *(f"- {line}" for line in skipped)]) + "\n")
    print((out / "TABLE.md").read_text())



main()
