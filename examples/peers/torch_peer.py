"""PyTorch by hand, snnTorch, SpikingJelly and Norse on the same work, as their tutorials write it.

    python examples/peers/torch_peer.py --peer norse --net conv --weights conv.npz --data datasets/mnist
"""
import math

import work

args = work.arguments(["torch", "snntorch", "spikingjelly", "norse"])
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(args.threads)
torch.manual_seed(0)
BETA, T = work.BETA, args.T
HOISTED = args.hoist and args.enc == "const"


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, h, *_):
        ctx.save_for_backward(h)
        return (h > 0).to(h.dtype)

    @staticmethod
    def backward(ctx, g):
        (h,) = ctx.saved_tensors
        scale = ctx.scale if hasattr(ctx, "scale") else 1.0
        return g / (1.0 + (math.pi * h / scale).square()) / scale, None, None


class Lif(nn.Module):
    """Neurons by hand: state in, state out."""

    def forward(self, current, v=None):
        h = current if v is None else BETA * v + current
        s = Spike.apply(h - 1.0)
        return s, h * (1.0 - s.detach())


def connections(arrays):
    """Modules of currents, one for each layer of neurons, with the common weights."""
    names = {"mlp": ["fc1", "fc2"], "conv": ["c1", "c2", "fc"], "rec": ["fc1", "rec", "fc2"]}[args.net]
    made = {}
    for name in names:
        w = torch.from_numpy(arrays[f"{name}.weight"])
        bias = f"{name}.bias" in arrays
        layer = nn.Linear(w.shape[1], w.shape[0], bias=bias) if w.ndim == 2 else nn.Conv2d(w.shape[1], w.shape[0], w.shape[2])
        layer.weight.data.copy_(w)
        if bias:
            layer.bias.data.copy_(torch.from_numpy(arrays[f"{name}.bias"]))
        if w.ndim == 4:
            layer = nn.Sequential(layer, nn.MaxPool2d(2))
        elif args.net == "conv":
            layer = nn.Sequential(nn.Flatten(), layer)
        made[name] = layer
    return made


class Stepwise(nn.Module):
    """A loop over the steps: neurons are called as `spikes, state = neuron(current, state)`."""

    def __init__(self, arrays, neuron, start=lambda neuron: None):
        super().__init__()
        self.connections = nn.ModuleDict(connections(arrays))
        count = len(self.connections) - (args.net == "rec")
        self.neurons, self.start = nn.ModuleList([neuron() for _ in range(count)]), start

    def forward(self, x):
        states, total = [self.start(neuron) for neuron in self.neurons], 0.0
        if args.net == "rec":
            first, recurrent, last = self.connections.values()
            currents, s = first(x.view(-1, 28, 28).transpose(0, 1)), None
            for t in range(T):
                current = currents[t // (T // 28)]
                s, states[0] = self.neurons[0](current if s is None else current + recurrent(s), states[0])
                out, states[1] = self.neurons[1](last(s), states[1])
                total = total + out
            return total
        layers = list(self.connections.values())
        first = layers[0](x) if HOISTED else None
        for _ in range(T):
            s = x if args.enc == "const" else torch.bernoulli(x)
            for i, (layer, neuron) in enumerate(zip(layers, self.neurons)):
                s, states[i] = neuron(first if i == 0 and HOISTED else layer(s), states[i])
            total = total + s
        return total


def norse(arrays):
    import norse.torch as nt
    import norse.torch.functional.lif_box as box

    # Norse multiplies the input by dt / tau: its potential and threshold are (1 - beta) times the common ones
    scale = 1.0 - BETA

    class Scaled(Spike):
        @staticmethod
        def forward(ctx, h, *_):
            ctx.scale = scale
            return Spike.forward(ctx, h)

    box.threshold = lambda h, *_: Scaled.apply(h, None, None)
    reset = lambda z, v, reset, _: (1 - z.detach()) * v + z.detach() * reset
    parameters = nt.LIFBoxParameters(
        tau_mem_inv=torch.as_tensor(1000.0 * scale), v_th=torch.as_tensor(scale), v_reset=torch.as_tensor(0.0), reset_method=reset
    )
    return Stepwise(arrays, lambda: nt.LIFBoxCell(parameters, dt=0.001))


def snntorch(arrays):
    import snntorch as snn
    from snntorch import surrogate

    neuron = lambda: snn.Leaky(beta=BETA, spike_grad=surrogate.atan(alpha=2.0), reset_mechanism="zero")
    return Stepwise(arrays, neuron, lambda neuron: neuron.reset_mem())


class SpikingJelly(nn.Module):
    """All steps of a layer at once, time folded into the batch."""

    def __init__(self, arrays):
        super().__init__()
        from spikingjelly.activation_based import functional, layer, neuron, surrogate

        if args.net == "csnn":
            from spikingjelly.activation_based.model.parametric_lif_net import MNISTNet

            settings = dict(init_tau=2.0, surrogate_function=surrogate.ATan(), detach_reset=True)
            self.net = MNISTNet(channels=128, spiking_neuron=neuron.ParametricLIFNode, **settings)
            functional.set_step_mode(self.net, "m")
        else:
            atan = surrogate.ATan(alpha=2.0)
            settings = dict(decay_input=False, v_threshold=1.0, v_reset=0.0, surrogate_function=atan, detach_reset=True)
            made = list(connections(arrays).values())
            self.first, self.rest = made[0], nn.ModuleList([layer.SeqToANNContainer(m) for m in made[1:]])
            self.neurons = nn.ModuleList([neuron.LIFNode(tau=1 / (1 - BETA), step_mode="m", **settings) for _ in made])
        if args.device == "cuda":
            for backend in ("triton", "cupy"):
                try:
                    functional.set_backend(self, backend, neuron.BaseNode)
                    break
                except Exception as problem:
                    print(f"no backend {backend}: {problem}", flush=True, file=__import__("sys").stderr)
        self.clear = functional.reset_net  # not `reset`, which it would call

    def forward(self, x):
        self.clear(self)
        repeat = lambda x: x.unsqueeze(0).repeat(T, *[1] * x.dim())
        if args.net == "csnn":
            return self.net(repeat(x)).mean(0)
        s = self.neurons[0](repeat(self.first(x)) if HOISTED else self.each(self.encoded(repeat(x))))
        for layer, neuron in zip(self.rest, self.neurons[1:]):
            s = neuron(layer(s))
        return s.sum(0)

    def each(self, x):
        return self.first(x.flatten(0, 1)).unflatten(0, (T, -1))

    def encoded(self, x):
        return x if args.enc == "const" else torch.bernoulli(x)


class Model:
    def __init__(self, arrays):
        makes = {"torch": lambda arrays: Stepwise(arrays, Lif), "norse": norse, "snntorch": snntorch, "spikingjelly": SpikingJelly}
        self.net = makes[args.peer](arrays).to(args.device)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)

    def train(self, x, y):
        x, y = torch.from_numpy(x).to(args.device), torch.from_numpy(y).to(args.device)
        scores = self.net(x)
        loss = F.mse_loss(scores, F.one_hot(y, 10).float()) if args.net == "csnn" else F.cross_entropy(scores, y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def infer(self, x):
        with torch.no_grad():
            return self.net(torch.from_numpy(x).to(args.device)).cpu().numpy()


work.run(args, f"{args.peer}, torch {torch.__version__}", Model)
