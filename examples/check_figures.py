"""Runs what examples and documents quote figures of, and compares: the same seed gives the same accuracy.

    cargo build --release -p synfire-cli
    python examples/check_figures.py target/release/synfire            # those on the embedded digits, minutes
    python examples/check_figures.py target/release/synfire --mnist    # those on datasets/mnist too, an hour
    python examples/check_figures.py target/release/synfire --only slif
    python examples/check_figures.py target/release/synfire --within 1.5         # on another processor than theirs

Run it in the root of the repository. Ends with 1 if a figure does not come out. Another kind of processor may round
otherwise, and figures differ by some pictures: of the digits there are 360 for the test.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

REACHES = r"([\d.]+) % of the test images"


def config(name, *options):
    return ["train", "--config", f"examples/{name}.toml", *options]


def mnist(name, *options):
    return config(name, "--data", "datasets/mnist", *options)


# document, pattern of the figure in it (the first match counts), commands of which the last one's accuracy is meant;
# OUT is a new folder
FIGURES = [
    ("README.md", r"test accuracy ([\d.]+) %", [["train"]]),
    ("examples/digits_recurrent.toml", REACHES, [config("digits_recurrent")]),
    ("examples/digits_selif.toml", REACHES, [config("digits_selif")]),
    ("examples/digits_slif.toml", REACHES, [config("digits_slif")]),
    ("examples/sew_resnet.toml", REACHES, [config("sew_resnet")]),
    ("docs/src/coding_pairs.md", r"`poisson` with `time_softmax` reaches ([\d.]+) %",
     [["train", "--encoder", "poisson", "--decoder", "time_softmax"]]),
    ("docs/src/coding_pairs.md", r"`latency` with\s+`first_spike` ([\d.]+) %",
     [["train", "--encoder", "latency", "--decoder", "first_spike"]]),
    ("docs/src/coding_pairs.md", r"`constant` with `final_step_voltage` ([\d.]+) %",
     [["train", "--encoder", "constant", "--decoder", "final_step_voltage"]]),
    ("examples/mnist_best_mlp.toml", REACHES, [mnist("mnist_best_mlp")]),
    ("examples/mnist_conv.toml", REACHES, [mnist("mnist_conv", "--epochs", "1")]),
    ("examples/mnist_mlp.toml", REACHES, [mnist("mnist_mlp")]),
    ("examples/mnist_rows.toml", REACHES, [mnist("mnist_rows")]),
    ("examples/plif_frozen.toml", REACHES, [mnist("plif_frozen")]),
    ("examples/plif_frozen.toml", r"#\s*reaches ([\d.]+) %", [
        mnist("plif_frozen", "--out", "OUT/frozen"),
        ["train", "--init", "OUT/frozen/checkpoints/last.bpk", "--train-only", "*.tau", "--data", "datasets/mnist",
         "--epochs", "3"],
    ]),
]
# a row of this table is what training a model by its name alone reaches
MODELS = ("docs/src/every_model.md", r"(?m)^\| `(\w+)` \| ([\d.]+) % \|")


def figures():
    """Document, figure as it is written, and commands."""
    for document, pattern, commands in FIGURES:
        found = re.search(pattern, pathlib.Path(document).read_text())
        if found is None:
            sys.exit(f"{document}: no figure is written like `{pattern}`; change FIGURES in {__file__}")
        yield document, found[1], commands
    document, pattern = MODELS
    for name, figure in re.findall(pattern, pathlib.Path(document).read_text()):
        yield document, figure, [["train", "--neuron", name]]


def accuracy(program, commands):
    """Accuracy in % that the last command prints."""
    with tempfile.TemporaryDirectory() as folder:
        for i, command in enumerate(commands):
            command = [word.replace("OUT", folder) for word in command]
            out = [] if "--out" in command else ["--out", f"{folder}/run{i}"]
            ran = subprocess.run([program, *command, *out, "--json"], capture_output=True, text=True)
            if ran.returncode != 0:
                sys.exit(f"{' '.join(command)}\n{ran.stderr}")
        return 100 * json.loads(ran.stdout)["test_accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--mnist", action="store_true", help="those on datasets/mnist too")
    parser.add_argument("--within", type=float, default=0.0, help="points that figures may differ by")
    parser.add_argument("--only", default="", help="those whose document or command contains this text")
    options = parser.parse_args()
    wrong = 0
    for document, figure, commands in figures():
        line = " ".join(commands[-1])
        on_mnist = any("datasets/mnist" in command for command in commands)
        if options.only not in f"{document} {line}" or on_mnist and not options.mnist:
            continue
        digits = len(figure.partition(".")[2])
        reached = f"{accuracy(options.program, commands):.{digits}f}"
        difference = round(abs(float(reached) - float(figure)), digits)
        verdict = "as written" if difference == 0 else f"{figure} % is written"
        if difference > options.within:
            verdict, wrong = f"WRONG, {verdict}", wrong + 1
        print(f"{document}: synfire {line}: {reached} %, {verdict}", flush=True)
    sys.exit(f"{wrong} figures do not come out" if wrong else 0)


if __name__ == "__main__":
    main()
