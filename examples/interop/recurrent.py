"""Trains recurrent networks in snnTorch and Norse, imports their state dicts into Synfire, and compares in double precision.

    pip install torch snntorch spikingjelly norse safetensors
    python examples/interop/recurrent.py target/release/synfire datasets/mnist

A recurrent network that fires once more or less goes another way from there, so rounding shows where others forgive it: the
spike counts of Synfire are compared with those of the others in double and in single precision. snnTorch's `RLeaky` is `lif`
with a soft reset a step later and `recurrent`, all to all with a bias, or one to one; Norse's `LIFRecurrentCell` is `cubalif` with
`recurrent` without a bias, `dt / tau_m` in its weights.
"""

import argparse
import pathlib
import tempfile

import norse.torch as norse
import snntorch as snn
import torch
from torch import nn

import mnist
import peers

TEXT = """steps = {steps}
[[layers]]
linear = 100
[[layers]]
{leaky}
recurrent = {recurrent}
[[layers]]
linear = "classes"
[[layers]]
{leaky}
"""


NORSE = """steps = {steps}
[[layers]]
linear = 100
bias = false
[[layers]]
neuron = "cubalif"
name = "cell"
tau_m = 4.0
tau_s = 2.0
recurrent = {{ connect = "all_to_all", bias = false }}
[[layers]]
linear = "classes"
[[layers]]
neuron = "plif"
tau_m = 2.0
"""


class NorseRecurrent(nn.Module):
    """784-100-10, whose hidden neurons listen to themselves; tau_m 4 ms, tau_s 2 ms."""

    def __init__(self):
        super().__init__()
        p = norse.LIFParameters(tau_mem_inv=torch.as_tensor(250.0), tau_syn_inv=torch.as_tensor(500.0), alpha=torch.as_tensor(10.0))
        self.cell, self.fc = norse.LIFRecurrentCell(784, 100, p=p), nn.Linear(100, 10)
        self.box = norse.LIFBoxCell(p=norse.LIFBoxParameters(tau_mem_inv=torch.as_tensor(500.0)))
        self.steps, self.nearest = peers.STEPS, None

    def forward(self, x):
        x, out, near = x.flatten(1), [], []
        zeros = x.new_zeros(len(x), 100)
        state, box, v2 = norse.LIFState(z=zeros, v=zeros, i=zeros), None, x.new_zeros(len(x), 10)
        for _ in range(self.steps):
            # the potential before its reset, as the cell computes it
            own = torch.nn.functional.linear(state.z, self.cell.recurrent_weights)
            current = state.i + torch.nn.functional.linear(x, self.cell.input_weights) + own
            v1 = state.v + 0.25 * (current - state.v)
            spikes, state = self.cell(x, state)
            y = self.fc(spikes)
            v2 = (0 if box is None else box.v) + 0.5 * (y - (0 if box is None else box.v))
            fired, box = self.box(y, box)
            out.append(fired)
            near += [(v - 1).abs().amin(1) for v in (v1, v2)]
        self.nearest = torch.stack(near).amin(0).detach()
        return torch.stack(out)


class Recurrent(nn.Module):
    """784-100-10, whose hidden neurons listen to themselves."""

    def __init__(self, **own):
        super().__init__()
        self.fc1, self.lif1 = nn.Linear(784, 100), snn.RLeaky(beta=0.8, learn_beta=True, **own)
        self.fc2, self.lif2 = nn.Linear(100, 10), snn.Leaky(beta=0.8, learn_beta=True)
        self.steps, self.nearest = peers.STEPS, None

    def forward(self, x):
        x, out, near = x.flatten(1), [], []
        spikes = v1 = x.new_zeros(len(x), 100)
        v2 = x.new_zeros(len(x), 10)
        for _ in range(self.steps):
            # snnTorch's spikes are in single precision whatever the potentials are in
            spikes, v1 = self.lif1(self.fc1(x), spikes, v1)
            spikes = spikes.to(x.dtype)
            y, v2 = self.lif2(self.fc2(spikes), v2)
            out.append(y.to(x.dtype))
            near += [(v - 1).abs().amin(1) for v in (v1, v2)]
        self.nearest = torch.stack(near).amin(0)
        return torch.stack(out)


def double(net, x):
    """Spike counts in double precision, and how near any potential of a sample comes to its threshold."""
    net.double()
    with torch.no_grad():
        parts = [(net(part.double()).sum(0), net.nearest) for part in x.split(500)]
    net.float()
    return torch.cat([part[0] for part in parts]).float().numpy(), torch.cat([part[1] for part in parts]).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("synfire")
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("--train", type=int, default=20000, help="training images")
    parser.add_argument("--only", default="", help="networks whose names have this in them, such as norse")
    parser.add_argument("--test", type=int, default=10000, help="test images")
    arguments = parser.parse_args()
    data = arguments.mnist.absolute()
    training, (x, labels) = mnist.images(data, "train"), mnist.images(data, "t10k")
    x, labels = x[: arguments.test], labels[: arguments.test]
    leaky = lambda recurrent: TEXT.format(steps=peers.STEPS, leaky=peers.LEAKY, recurrent=recurrent)
    all_to_all = leaky('{ connect = "all_to_all", bias = true }')
    for name, build, text in [
        ("snntorch, all to all", lambda: Recurrent(linear_features=100), all_to_all),
        ("snntorch, one to one", lambda: Recurrent(all_to_all=False, V=torch.full((100,), 0.3)), leaky('"one_to_one"')),
        ("norse", NorseRecurrent, NORSE.format(steps=peers.STEPS)),
    ]:
        if arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            synfire = mnist.Synfire(arguments.synfire, folder)
            torch.manual_seed(0)
            net = build()
            mnist.train(net, training, samples=arguments.train, learning_rate=2e-3)
            torch.save(net.state_dict(), folder / "net.pt")
            (folder / "net.toml").write_text(text)
            synfire("import", "net.pt", "--network", "net.toml", "--data", data, "--out", "net.bpk", "--force")
            ours = synfire.counts("net.bpk", data, len(x))
            (exact, near), single = double(net, x), mnist.counts(net, x)
            print(f"{name}: accuracy there {mnist.accuracy(single, labels):.2f} %, here {mnist.accuracy(ours, labels):.2f} %")
            for what, theirs in [("double precision", exact), ("single precision", single)]:
                different = (theirs != ours).any(1)
                line = f"  {what}: equal counts {int((~different).sum())} of {len(different)}"
                if different.any():
                    line += f", in the others a potential comes within {near[different].max():.1e} of its threshold"
                print(line, flush=True)


if __name__ == "__main__":
    main()
