"""Trains networks in snnTorch, SpikingJelly and Norse, imports their state dicts into Synfire, exports them back, and compares.

    pip install torch snntorch spikingjelly norse safetensors
    python examples/interop/state_dicts.py target/release/synfire datasets/mnist

Prints for each network the accuracy on both sides, for how many of the test images all ten spike counts are equal, and how
near to its threshold a potential of the others comes in double precision: sums of currents are rounded in another order, and
a neuron that is so near to its threshold may fire on one side alone.
"""

import argparse
import pathlib
import tempfile

import torch

import mnist
import peers

TIE = 1e-5


def compare(name, side, net, theirs, ours, x, labels):
    """A line of the table; images with other counts are traced to their nearest tie."""
    different = (theirs != ours).any(1)
    line = f"{name:18} {side:9} {mnist.accuracy(theirs, labels):6.2f} {mnist.accuracy(ours, labels):6.2f} %"
    line += f"  equal counts {int((~different).sum())} of {len(different)}"
    if different.any():
        near = peers.distance_to_threshold(net, x[torch.from_numpy(different)])
        line += f", others within {TIE:g} of a threshold: {int((near < TIE).sum())} of {len(near)}, farthest {float(near.max()):.1e}"
    print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("synfire")
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("--train", type=int, default=20000, help="training images")
    parser.add_argument("--only", default="", help="networks whose names have this in them, such as conv")
    parser.add_argument("--test", type=int, default=10000, help="test images")
    arguments = parser.parse_args()
    data = arguments.mnist.absolute()
    training, (x, labels) = mnist.images(data, "train"), mnist.images(data, "t10k")
    x, labels = x[: arguments.test], labels[: arguments.test]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        synfire = mnist.Synfire(arguments.synfire, folder)
        print("network            direction  there   here")
        for name, net, text in peers.networks():
            if arguments.only not in name:
                continue
            mnist.train(net, training, samples=arguments.train, learning_rate=2e-3)
            torch.save(net.state_dict(), folder / "net.pt")
            (folder / "net.toml").write_text(text)
            synfire("import", "net.pt", "--network", "net.toml", "--data", data, "--out", "net.bpk", "--force")
            theirs, ours = mnist.counts(net, x), synfire.counts("net.bpk", data, len(x))
            compare(name, "imported", net, theirs, ours, x, labels)
            # and back, into the module that Synfire writes
            peer = name.split()[0]
            if peer == "norse":
                continue  # its neurons keep nothing in a state dict
            synfire("export", "net.bpk", "--format", peer, "--out", "back.safetensors", "--force")
            back = mnist.exported(folder / "back.safetensors")
            compare(name, "exported", back, mnist.counts(back, x), ours, x, labels)


if __name__ == "__main__":
    main()
