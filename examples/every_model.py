"""Trains every model that gradients flow through on the digits, by its name alone, and prints a table.

    cargo build --release -p synfire-cli
    python examples/every_model.py target/release/synfire > table.md

Names after the program train those models only.
"""
import json
import subprocess
import sys
import tempfile
import time


def answer(*command):
    """What the program prints with --json."""
    return json.loads(subprocess.run([*command, "--json"], check=True, capture_output=True, text=True).stdout)


def main(program, *names):
    models = [model for model in answer(program, "models") if model["differentiable"]]
    print("| model | test accuracy | loss after 1 | 5 | 15 | 30 epochs | seconds |\n|---|---|---|---|---|---|---|")
    for name in names or [model["name"] for model in models]:
        with tempfile.TemporaryDirectory() as folder:
            started = time.time()
            result = answer(program, "train", "--neuron", name, "--out", f"{folder}/run")
            seconds = time.time() - started
            with open(f"{folder}/run/metrics.jsonl") as file:
                losses = [json.loads(line)["train_loss"] for line in file]
        curve = " | ".join(f"{losses[epoch - 1]:.2f}" for epoch in (1, 5, 15, 30))
        print(f"| `{name}` | {100 * result['test_accuracy']:.1f} % | {curve} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
