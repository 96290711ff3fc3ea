"""Fine-tunes the time constants of a network that snnTorch trained, and carries them back.

    pip install torch snntorch spikingjelly norse safetensors
    python examples/interop/fine_tune.py target/release/synfire datasets/mnist

The network is trained in snnTorch with a fixed beta of 0.99, imported, its time constants alone are trained in Synfire, one for
each neuron, and it is exported again. Both accuracies are measured in snnTorch, on the 10 000 test images.
"""

import argparse
import pathlib
import tempfile
import time

import snntorch as snn
import torch

import mnist
import peers

DESCRIPTION = peers.MLP.format(steps=peers.STEPS, neurons=peers.LEAKY + '\ntau_m = { learn = true, per = "neuron" }')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("synfire")
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=1, help="of the training in snnTorch")
    parser.add_argument("--tuning", type=int, default=3, help="epochs of the fine-tuning")
    arguments = parser.parse_args()
    data = arguments.mnist.absolute()
    training, (x, labels) = mnist.images(data, "train"), mnist.images(data, "t10k")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        synfire = mnist.Synfire(arguments.synfire, folder)
        torch.manual_seed(0)
        net = peers.mlp(lambda: snn.Leaky(beta=0.99), peers.forget_snntorch)
        mnist.train(net, training, epochs=arguments.epochs)
        before = mnist.accuracy(mnist.counts(net, x), labels)
        print(f"trained in snnTorch, beta 0.99     {before:.2f} %", flush=True)
        torch.save(net.state_dict(), folder / "net.pt")
        (folder / "net.toml").write_text(DESCRIPTION)
        synfire("import", "net.pt", "--network", "net.toml", "--data", data, "--out", "net.bpk")
        begun = time.time()
        tuned = ["--train-only", "*.tau", "--epochs", arguments.tuning, "--batch-size", 128, "--learning-rate", 0.05]
        synfire("train", "--init", "net.bpk", "--data", data, *tuned, "--out", "run")
        print(f"time constants tuned in Synfire    {time.time() - begun:.1f} s", flush=True)
        synfire("export", "run", "--format", "snntorch", "--out", "back.safetensors")
        after = mnist.accuracy(mnist.counts(mnist.exported(folder / "back.safetensors"), x), labels)
        print(f"back in snnTorch                   {after:.2f} %")
        print(f"gain                               {after - before:+.2f} points")


if __name__ == "__main__":
    main()
