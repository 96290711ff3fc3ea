"""Kills trainings (SIGKILL) at random moments, resumes them, and compares them with one that nobody disturbed.

    cargo build --release -p synfire-cli
    python examples/kill_and_resume.py target/release/synfire --kills 300

After every kill each checkpoint in the run folder must be readable and every line of the metrics whole. A run that was
killed and resumed until it ended must hold the files, metrics and parameters of the undisturbed one, bit for bit. Ends
with 1 at the first difference. Trains on the embedded digits.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# files that tell of the time that a run took, or hold pictures drawn from what is compared anyway
NOT_COMPARED = {"result.json"}


def options(kind):
    """Options of a short training; two of the kinds also write checkpoints within an epoch."""
    return ["--set", "training.schedule=constant", "--epochs", "4"] + kind


KINDS = [
    [],
    ["--set", "training.checkpoint_batches=3"],
    ["--encoder", "poisson", "--validation", "0.1", "--set", "training.checkpoint_batches=1"],
]


def run(program, *words, patience=None):
    """Runs the program, or kills it after so many seconds. Whether it ended by itself."""
    process = subprocess.Popen([program, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        _, errors = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return False
    if process.returncode != 0:
        sys.exit(f"synfire {' '.join(map(str, words))}\n{errors}")
    return True


def check_readable(program, folder):
    """Checkpoints and metrics as a kill left them."""
    for checkpoint in folder.glob("checkpoints/*.bpk"):
        run(program, "info", checkpoint)
    for measures in folder.glob("metrics.jsonl"):
        lines = measures.read_text().splitlines()
        assert [json.loads(line)["epoch"] for line in lines] == list(range(1, len(lines) + 1)), measures


def refuse_unsaved(program, folder):
    """Does as the refusal to resume a run says of which nothing was saved yet: removes its folder."""
    refused = subprocess.run([program, "train", "--resume", folder], capture_output=True, text=True)
    if refused.returncode != 1 or "remove the folder and start anew" not in refused.stderr:
        sys.exit(f"resuming {folder}, which has no checkpoint, ended with {refused.returncode}: {refused.stderr}")
    shutil.rmtree(folder)


def contents(program, folder):
    """Names of all files, and the bytes of those that must not depend on a kill."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    same = {name: path.read_bytes() for name, path in files.items() if name not in NOT_COMPARED and path.suffix != ".bpk"}
    for name in ["last", "best"]:
        exported = folder.parent / f"{folder.name}-{name}.safetensors"
        run(program, "export", folder / "checkpoints" / f"{name}.bpk", "--out", exported)
        same[name] = exported.read_bytes()
    return files.keys(), same


def compare(kind, reference, found):
    (names, expected), (names_found, same) = reference, found
    if names != names_found:
        sys.exit(f"{kind}: files differ: {sorted(names ^ names_found)}")
    different = [name for name in expected if expected[name] != same.get(name)]
    if different:
        sys.exit(f"{kind}: {different} differ from those of the undisturbed training")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--kills", default=300, type=int)
    parser.add_argument("--seed", default=0, type=int)
    arguments = parser.parse_args()
    program, chance = arguments.program.resolve(), random.Random(arguments.seed)
    kills = runs = anew = 0
    with tempfile.TemporaryDirectory() as temporary:
        root = pathlib.Path(temporary)
        references = []
        for i, kind in enumerate(KINDS):
            started, folder = time.monotonic(), root / f"undisturbed-{i}"
            run(program, "train", *options(kind), "--out", folder)
            references.append((contents(program, folder), time.monotonic() - started))
        while kills < arguments.kills:
            i = runs % len(KINDS)
            kind, (reference, duration), folder = KINDS[i], references[i], root / f"run-{runs}"
            ended, attempts = False, 0
            while not ended:
                saved = (folder / "checkpoints/last.bpk").exists()
                if not saved and (folder / "config.toml").exists():
                    refuse_unsaved(program, folder)
                words = ["--resume", folder] if saved else [*options(kind), "--out", folder]
                attempts += 1
                anew += not saved and attempts > 1
                ended = run(program, "train", *words, patience=chance.uniform(0, 1.2 * duration))
                kills += not ended
                check_readable(program, folder)
                # the result is the last thing that is written
                ended |= (folder / "result.json").exists()
            compare(kind, reference, contents(program, folder))
            runs += 1
            print(f"\r{kills} kills, {runs} runs", end="", flush=True, file=sys.stderr)
    print(f"\n{kills} kills in {runs} runs, {anew} started anew: all files as undisturbed")


if __name__ == "__main__":
    main()
