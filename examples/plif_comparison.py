"""Time constants that are fixed or learned, from 2 or from 16 steps, as Fang et al. (2021) compare them.

    python examples/plif_comparison.py target/release/synfire --data datasets/mnist --out runs/plif_comparison

The net is that of examples/mnist_conv.toml with PLIF neurons. Each of the four settings is trained with three seeds, for two
epochs. Prints a table of the test accuracy and of the time constants at the end; the run folders hold the rest. With
matplotlib installed it draws training accuracy and learned time constants over epochs, as accuracy.svg and tau.svg there.
Runs that are there already are not made again.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess


def configuration(tau, learn):
    """examples/mnist_conv.toml with PLIF neurons of this time constant."""
    text = (pathlib.Path(__file__).parent / "mnist_conv.toml").read_text()
    text = re.sub(r"^tau_m = .*$", f"tau_m = {{ value = {tau:.1f}, learn = {str(learn).lower()} }}", text, flags=re.M)
    return text.replace('neuron = "lif"', 'neuron = "plif"')


def train(program, out, data, tau, learn, seed, epochs):
    """One run: its folder, and what `synfire train --json` says of it."""
    folder = out / f"{'learned' if learn else 'fixed'}-{tau}-seed{seed}"
    result = folder.with_suffix(".json")
    if not result.exists():
        config = folder.with_suffix(".toml")
        config.write_text(configuration(tau, learn))
        command = [program, "train", "--json", "--config", config, "--data", data, "--epochs", epochs, "--seed", seed, "--out", folder]
        done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE)
        if done.returncode:
            raise SystemExit(f"{folder} failed")
        result.write_text(done.stdout)
    return folder, json.loads(result.read_text())


def epochs_of(folder):
    """Measures of each epoch."""
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def spread(values):
    return f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f}" if len(values) > 1 else f"{values[0]:.2f}"


def draw(runs, out):
    try:
        import matplotlib

        matplotlib.use("svg")
        import matplotlib.pyplot as plt

        matplotlib.rcParams["svg.hashsalt"] = "synfire"
    except ImportError:
        print("\nno curves: matplotlib is not installed")
        return
    accuracy, tau_axes = (plt.subplots(figsize=(6, 4), layout="constrained") for _ in range(2))
    for (tau, learn), trained in runs.items():
        name, style = f"{'learned' if learn else 'fixed'}, from {tau}", "-" if learn else "--"
        curves = [[100 * record["train_accuracy"] for record in epochs_of(folder)] for folder, _ in trained]
        means = [statistics.mean(column) for column in zip(*curves)]
        accuracy[1].plot(range(1, len(means) + 1), means, style, marker="o", label=name)
        if not learn:
            continue
        layers = sorted(trained[0][1]["time_constants"], key=lambda name: int(name.split(".")[1]))
        for number, layer in enumerate(layers):
            starts = [result["time_constants"][layer]["before"] for _, result in trained]
            courses = [[record["time_constants"][layer]["mean"] for record in epochs_of(folder)] for folder, _ in trained]
            means = [statistics.mean(column) for column in [starts, *zip(*courses)]]
            dash = "-" if tau == min(tau for tau, _ in runs) else "--"
            tau_axes[1].plot(range(len(means)), means, dash, marker="o", color=f"C{number}", label=f"{layer.removesuffix('.tau_m')}, from {tau}")
    for name, (figure, axes), label in [
        ("accuracy", accuracy, "training accuracy (%)"),
        ("tau", tau_axes, "learned time constant (steps)"),
    ]:
        axes.set(xlabel="epoch", ylabel=label)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend(fontsize="small")
        figure.savefig(out / f"{name}.svg")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the synfire program")
    parser.add_argument("--data", required=True, type=pathlib.Path, help="folder of MNIST")
    parser.add_argument("--out", default="runs/plif_comparison", type=pathlib.Path)
    parser.add_argument("--epochs", default=2, type=int)
    parser.add_argument("--seeds", default=3, type=int)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    runs = {}
    print("| first tau (steps) | time constants | test accuracy (%) | tau at the end |\n|---|---|---|---|")
    for tau in [2, 16]:
        for learn in [False, True]:
            results = [
                train(options.program, options.out, options.data, tau, learn, seed, options.epochs)
                for seed in range(options.seeds)
            ]
            runs[tau, learn] = results
            layers = [result["time_constants"] for _, result in results]
            ends = ", ".join(spread([layer[name]["after"] for layer in layers]) for name in sorted(layers[0], key=lambda name: int(name.split(".")[1])))
            row = [tau, "learned" if learn else "fixed", spread([100 * result["test_accuracy"] for _, result in results]), ends]
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
    draw(runs, options.out)


if __name__ == "__main__":
    main()
