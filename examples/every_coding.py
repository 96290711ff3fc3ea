"""Trains every encoder with every decoder on the digits, at equal budget, and prints a table of test accuracies.

    cargo build --release -p synfire-cli
    python examples/every_coding.py target/release/synfire > table.md

What cannot go together has a dash; the reasons are printed at the end. More options of `synfire train` go behind
the program, `--epochs 10`.
"""
import json
import subprocess
import sys
import tempfile


# The digits are neither signals over time nor times of spikes.
FOR_OTHER_SAMPLES = {"series", "delta", "spike_times", "events"}


def ask(*command):
    """What the program prints with --json, or why it refuses."""
    done = subprocess.run([*command, "--json"], capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout), None
    lines = done.stderr.strip().splitlines()
    return None, next((line for line in lines if line.startswith("error")), lines[-1])


def names(program, kind):
    return [entry["name"] for entry in ask(program, "coding", kind)[0]]


def accuracy(program, encoder, decoder, *options):
    with tempfile.TemporaryDirectory() as folder:
        coding = ["--encoder", encoder, "--decoder", decoder]
        result, problem = ask(program, "train", *coding, "--out", f"{folder}/run", *options)
        return (100 * result["test_accuracy"], None) if result else (None, problem)


def main(program, *options):
    encoders = [name for name in names(program, "encoders") if name not in FOR_OTHER_SAMPLES]
    table, refused = [], {}
    for decoder in names(program, "decoders"):
        row = []
        for encoder in encoders:
            value, problem = accuracy(program, encoder, decoder, *options)
            row.append(value)
            if problem:
                refused.setdefault(problem, []).append((encoder, decoder))
        table.append((decoder, row))
        print(decoder, row, file=sys.stderr, flush=True)
    columns = [i for i in range(len(encoders)) if any(row[i] is not None for _, row in table)]
    print("| | " + " | ".join(f"`{encoders[i]}`" for i in columns) + " |\n|---|" + "---|" * len(columns))
    for decoder, row in table:
        if any(value is not None for value in row):
            cells = ["–" if row[i] is None else f"{row[i]:.1f}" for i in columns]
            print(f"| `{decoder}` | " + " | ".join(cells) + " |")
    print()
    for problem, pairs in refused.items():
        print(f"- {problem} ({len(pairs)} pairs, first {pairs[0]})")


if __name__ == "__main__":
    main(*sys.argv[1:])
