"""Compares the frames that Synfire makes of N-MNIST recordings with those of Tonic and SpikingJelly, mode by mode.

    pip install tonic spikingjelly
    python examples/interop/frames.py target/release/synfire nmnist/Test

The folder holds a folder for each class with `.bin` files; 20 of them are compared.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from spikingjelly.datasets import utils as spikingjelly
from tonic.functional import to_frame_numpy

synfire, recordings = pathlib.Path(sys.argv[1]).absolute(), pathlib.Path(sys.argv[2])
SIZE = 34


def events(path):
    """x, y, t (us) and p of a recording."""
    b = np.fromfile(path, np.uint8).reshape(-1, 5).astype(np.int64)
    t = ((b[:, 2] & 0x7F) << 16) | (b[:, 3] << 8) | b[:, 4]
    kind = [("x", np.int64), ("y", np.int64), ("t", np.int64), ("p", np.int64)]
    return np.rec.fromarrays([b[:, 0], b[:, 1], t, b[:, 2] >> 7], dtype=kind)


def ours(folder, frames, steps):
    config = folder / "frames.toml"
    config.write_text(
        f"[data]\nsteps = {steps}\n[data.events]\nframes = {frames}\nsensor = [{SIZE}, {SIZE}]\n"
        '[network]\nsteps = 1\n[[network.layers]]\nlinear = "classes"\n'
    )
    out = folder / "frames.npz"
    out.unlink(missing_ok=True)
    command = [synfire, "data", "convert", folder / "data", out, "--config", config]
    subprocess.run(command, check=True, capture_output=True)
    arrays = np.load(out)
    lengths = arrays["lengths_train"] if "lengths_train" in arrays else [arrays["x_train"].shape[1]] * 20
    return [frames[:length] for frames, length in zip(arrays["x_train"], lengths)]


def tonic(recording, **mode):
    return to_frame_numpy(recording.copy(), (SIZE, SIZE, 2), **mode)


def segments(recording, split_by, bins):
    fields = {name: recording[name] for name in "txyp"}
    return spikingjelly.integrate_events_by_fixed_frames_number(fields, split_by, bins, SIZE, SIZE)


def windows(recording, us):
    fields = {name: recording[name] for name in "txyp"}
    return spikingjelly.integrate_events_by_fixed_duration(fields, us, SIZE, SIZE)


# Tonic drops the remainder of the last bin
all_but_last = lambda ours, theirs: np.array_equal(ours[:-1], theirs[:-1]) and (ours[-1] >= theirs[-1]).all()
# and the incomplete last frame
as_many = lambda ours, theirs: len(ours) - len(theirs) in (0, 1) and np.array_equal(ours[: len(theirs)], theirs)
equal = np.array_equal
MODES = [
    ("{ bins = 10 }", "SpikingJelly time", lambda e: segments(e, "time", 10), equal),
    ("{ bins = 10 }", "Tonic n_time_bins", lambda e: tonic(e, n_time_bins=10), all_but_last),
    ("{ event_bins = 10 }", "SpikingJelly number", lambda e: segments(e, "number", 10), equal),
    ("{ event_bins = 10 }", "Tonic n_event_bins", lambda e: tonic(e, n_event_bins=10), all_but_last),
    ("{ window = 20000 }", "SpikingJelly duration", lambda e: windows(e, 20000), equal),
    ("{ window = 20000 }", "Tonic time_window", lambda e: tonic(e, time_window=20000), as_many),
    ("{ count = 300 }", "Tonic event_count", lambda e: tonic(e, event_count=300), as_many),
]

chosen = sorted(recordings.glob("*/*.bin"))[:: max(1, len(list(recordings.glob("*/*.bin"))) // 20)][:20]
failed = 0
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    # the recordings are training and test samples, so that none is set aside
    for part in ["train", "test"]:
        for i, path in enumerate(chosen):
            target = folder / "data" / part / f"{i % 2}" / f"{i // 2:02}.bin"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    order = [chosen[i] for i in [*range(0, 20, 2), *range(1, 20, 2)]]
    for frames, peer, of, compare in MODES:
        made = ours(folder, frames, 10 if "bins" in frames else 200)
        right = sum(bool(compare(a, np.asarray(of(events(path))))) for a, path in zip(made, order))
        print(f"{frames:22} {peer:22} {right} of {len(order)} recordings")
        failed += right != len(order)
sys.exit(failed > 0)
