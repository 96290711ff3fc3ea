"""Networks of snnTorch, SpikingJelly and Norse for MNIST, and the same ones as descriptions for Synfire."""

import norse.torch as norse
import snntorch as snn
import torch
from spikingjelly.activation_based import functional, neuron
from torch import nn

STEPS = 10

MLP = """steps = {steps}
[[layers]]
linear = 128
[[layers]]
{neurons}
[[layers]]
linear = "classes"
[[layers]]
{neurons}
"""

CONV = """steps = {steps}
[[layers]]
conv2d = 8
kernel = 5
[[layers]]
batch_norm = true
[[layers]]
max_pool2d = 2
[[layers]]
{neurons}
[[layers]]
conv2d = 16
kernel = 5
[[layers]]
max_pool2d = 2
[[layers]]
{neurons}
[[layers]]
linear = "classes"
[[layers]]
{neurons}
"""

LEAKY = 'neuron = "lif"\nreset = "soft"\nreset_delay = true'


class Net(nn.Module):
    """Layers one after the other, over time; a constant input. Neurons are made by `neurons`."""

    def __init__(self, layers, reset):
        super().__init__()
        self.layers, self.forget = layers, reset

    def forward(self, x):
        self.forget(self)
        out = []
        for _ in range(STEPS):
            y = x
            for layer in self.layers:
                y = layer(y)
                y = y[0] if isinstance(y, tuple) else y
            out.append(y)
        return torch.stack(out)


def forget_snntorch(net):
    for layer in net.modules():
        if isinstance(layer, snn.Leaky):
            layer.reset_mem()


class Box(nn.Module):
    """Norse's LIFBox with its state. A step takes half of the potential, 1 ms of 2 ms."""

    def __init__(self):
        super().__init__()
        self.cell = norse.LIFBoxCell(p=norse.LIFBoxParameters(tau_mem_inv=torch.as_tensor(500.0)))
        self.state = None

    def forward(self, x):
        v = 0 if self.state is None else self.state.v
        self.charge = v + 0.5 * (x - v)
        spikes, self.state = self.cell(x, self.state)
        return spikes


def forget_norse(net):
    for layer in net.modules():
        if isinstance(layer, Box):
            layer.state = None


def mlp(neurons, reset):
    return Net(nn.Sequential(nn.Flatten(), nn.Linear(784, 128), neurons(), nn.Linear(128, 10), neurons()), reset)


def conv(neurons, reset):
    layers = [nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.MaxPool2d(2), neurons()]
    layers += [nn.Conv2d(8, 16, 5), nn.MaxPool2d(2), neurons(), nn.Flatten(), nn.Linear(256, 10), neurons()]
    return Net(nn.Sequential(*layers), reset)


def networks():
    """Name, module and description of each network, ready to train."""
    leaky = lambda: snn.Leaky(beta=0.9, learn_beta=True)
    parametric = lambda: neuron.ParametricLIFNode(init_tau=2.0, detach_reset=True)
    for build, text in [(mlp, MLP), (conv, CONV)]:
        torch.manual_seed(0)
        yield f"snntorch {build.__name__}", build(leaky, forget_snntorch), text.format(steps=STEPS, neurons=LEAKY)
        # those of the other two are scaled by 1 / tau = 1 / 2
        scaled = text.format(steps=STEPS, neurons='neuron = "plif"\ntau_m = 2.0')
        torch.manual_seed(0)
        yield f"spikingjelly {build.__name__}", build(parametric, functional.reset_net), scaled
        torch.manual_seed(0)
        yield f"norse {build.__name__}", build(Box, forget_norse), scaled


def distance_to_threshold(net, x):
    """Smallest distance of any potential of each sample to its threshold, in double precision, [B].

    snnTorch's spikes are in single precision whatever the potential is in; they are 0 and 1, and are cast.
    """
    nearest, undo = [], []

    def near(potential, threshold):
        nearest.append((potential - threshold).abs().flatten(1).amin(1))

    for layer in net.modules():
        if isinstance(layer, snn.Leaky):
            hook = layer.register_forward_hook(lambda layer, _, out: (near(out[1], layer.threshold), (out[0].double(), out[1]))[1])
            undo.append(hook.remove)
        elif isinstance(layer, Box):
            hook = layer.register_forward_hook(lambda layer, _, out: (near(layer.charge, 1.0), out.double())[1])
            undo.append(hook.remove)
        elif isinstance(layer, neuron.ParametricLIFNode):
            # the reset overwrites the potential after the charge, which is worked out from what goes in
            def charge(layer, inputs):
                x = inputs[0]
                near(layer.v + torch.sigmoid(layer.w) * (x - layer.v), layer.v_threshold)

            undo.append(layer.register_forward_pre_hook(charge).remove)
    with torch.no_grad():
        net.double()(x.double())
    for step in undo:
        step()
    net.float()
    return torch.stack(nearest).amin(0)
