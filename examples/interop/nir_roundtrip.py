"""Compares spike counts of exported networks in Synfire, snnTorch, SpikingJelly and Norse, picture by picture.

    pip install nir snntorch spikingjelly norse
    python examples/interop/nir_roundtrip.py target/release/synfire datasets/mnist runs/001-lif-mnist [more ..]

Networks with the encoder `constant` and the decoder `spike_counts` on MNIST: every step is given the picture. Each framework
reads the file that `synfire nir export --dt 1e-4` wrote; for Norse, which ignores `r`, it is multiplied into the weights
before. An interpreter of NIR's equations in double precision, below, tells where a different count is a near tie: how far
from its threshold the first neuron was whose spike differs.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import nir
import numpy as np
import torch

warnings.filterwarnings("ignore")
DT = 1e-4
synfire, mnist = pathlib.Path(sys.argv[1]).absolute(), pathlib.Path(sys.argv[2])
COUNT = 1000


def pictures():
    for name in ["t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz"]:
        if (mnist / name).is_file():
            import gzip

            raw = (gzip.open if name.endswith(".gz") else open)(mnist / name, "rb").read()
            return np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28)[:COUNT].astype(np.float32) / np.float32(255)
    sys.exit(f"{mnist}: no test pictures of MNIST")


def inlined(graph):
    """Nodes and edges without nested graphs."""
    nodes, edges = {}, []
    for name, node in graph.nodes.items():
        if isinstance(node, nir.NIRGraph):
            nodes |= {f"{name}.{inner}": n for inner, n in node.nodes.items()}
            edges += [(f"{name}.{a}", f"{name}.{b}") for a, b in node.edges]
        else:
            nodes[name] = node
    port = lambda name, end: f"{name}.{end}" if isinstance(graph.nodes[name], nir.NIRGraph) else name
    return nodes, edges + [(port(a, "output"), port(b, "input")) for a, b in graph.edges]


def in_order(nodes, edges):
    """The nodes, each after those that send to it; the weights of neurons to themselves last."""
    own = {w for w in nodes for n in nodes if (n, w) in edges and (w, n) in edges and hasattr(nodes[w], "weight")}
    order = []
    while len(order) < len(nodes) - len(own):
        ready = lambda n: n not in own and all(a in order or a in own for a, b in edges if b == n)
        order += [n for n in nodes if n not in order and ready(n)]
    return order + sorted(own), own


def equations(graph, x, steps):
    """Output spikes [T, B, N], and of every layer the spikes and the distance of the potential from the threshold."""
    nodes, edges = inlined(graph)
    order, own = in_order(nodes, edges)
    v, i, last, record, outputs = {}, {}, {}, [], []
    for _ in range(steps):
        out, margins = {}, {}
        for name in order:
            node = nodes[name]
            sent = [last.get(a) if a in own else out[a] for a, b in edges if b == name]
            y = x if name == "input" else sum(s for s in sent if s is not None)
            if isinstance(node, (nir.Affine, nir.Linear)):
                y = y @ node.weight.astype(float).T + getattr(node, "bias", 0)
            elif isinstance(node, nir.Conv2d):
                t = [torch.from_numpy(np.asarray(a, float)) for a in (y, node.weight, node.bias)]
                same = {"stride": tuple(node.stride), "padding": tuple(node.padding), "groups": int(node.groups)}
                y = torch.nn.functional.conv2d(*t, **same).numpy()
            elif isinstance(node, nir.AvgPool2d):
                kernel = tuple(node.kernel_size), tuple(node.stride), tuple(node.padding)
                y = torch.nn.functional.avg_pool2d(torch.from_numpy(y), *kernel).numpy()
            elif isinstance(node, nir.Flatten):
                y = y.reshape(len(y), -1)
            elif isinstance(node, nir.LIF):
                u = v.get(name, 0) + DT / node.tau * (node.v_leak - v.get(name, 0) + node.r * y)
                margins[name] = u - node.v_threshold
                y = (u > node.v_threshold).astype(float)
                v[name] = np.where(y > 0, node.v_reset, u)
            elif isinstance(node, nir.CubaLIF):
                i[name] = i.get(name, 0) + DT / node.tau_syn * (node.w_in * y - i.get(name, 0))
                u = v.get(name, 0) + DT / node.tau_mem * (node.v_leak - v.get(name, 0) + node.r * i[name])
                margins[name] = u - node.v_threshold
                y = (u > node.v_threshold).astype(float)
                v[name] = np.where(y > 0, node.v_reset, u)
            elif not isinstance(node, (nir.Input, nir.Output)):
                sys.exit(f"{name}: {type(node).__name__} is not in this script")
            out[name] = y
        last = {name: out[name] for name in own}
        record.append(margins)
        outputs.append(out["output"])
    return np.array(outputs), record


def snntorch(graph, x, steps):
    from snntorch.import_nir import import_from_nir

    import snntorch.utils

    net = import_from_nir(graph)
    # its neurons keep their potentials themselves
    return one_by_one(net, x, steps, lambda: snntorch.utils.reset(net))


def spikingjelly(graph, x, steps):
    from spikingjelly.activation_based.nir_exchange import import_from_nir

    return stepwise(import_from_nir(graph, dt=DT), x, steps)


def norse(graph, x, steps):
    from norse.torch.utils.import_nir import from_nir

    for before, name in graph.edges:
        node, weights = graph.nodes[name], graph.nodes[before]
        if isinstance(node, nir.NIRGraph):
            raise NotImplementedError("Norse 1.1.0 reads no nested graphs")
        if isinstance(node, nir.LIF):
            factor = np.unique(node.r).astype(float)
            if factor.size != 1 or not hasattr(weights, "weight"):
                raise NotImplementedError("`r` cannot be multiplied into the weights before")
            weights.weight = (weights.weight * factor[0]).astype(np.float32)
            if hasattr(weights, "bias"):
                weights.bias = (weights.bias * factor[0]).astype(np.float32)
            node.r = np.ones_like(node.r)
    return one_by_one(from_nir(graph, dt=DT), x, steps)


def one_by_one(net, x, steps, reset=lambda: None):
    """As `stepwise`, without a batch: NIR counts axes without one, and these flatten it with the rest."""
    torch.set_num_threads(1)
    spikes = []
    for picture in x:
        reset()
        spikes.append(stepwise(net, picture, steps))
    return np.stack(spikes, axis=1)


def stepwise(net, x, steps):
    """Output spikes [T, B, N]."""
    net, x, state, outputs = net.eval(), torch.from_numpy(x), None, []
    with torch.no_grad():
        for _ in range(steps):
            y, state = net(x, state)
            outputs.append(y.numpy())
    return np.array(outputs)


def compare(checkpoint):
    predict = [synfire, "predict", checkpoint, "--data", mnist, "--index", "0", "--count", str(COUNT), "--json"]
    told = json.loads(subprocess.run(predict, check=True, capture_output=True).stdout)
    ours = np.array([p["scores"] for p in told["predictions"]])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "net.nir"
        subprocess.run([synfire, "nir", "export", checkpoint, "--dt", str(DT), "--out", file], check=True, capture_output=True)
        graph = nir.read(file)
        steps = int(graph.metadata["steps"]) if "steps" in graph.metadata else 10
        x = pictures().reshape(COUNT, *graph.nodes["input"].output_type["output"])
        exact, record = equations(nir.read(file), x.astype(float), steps)
        counts = exact.sum(0)
        print(f"{checkpoint}: {steps} steps, accuracy here {100 * told['accuracy']:.2f} %, {ours.sum():.0f} output spikes")
        tell("equations in double precision", ours, counts, record)
        for run in [snntorch, spikingjelly, norse]:
            try:
                tell(run.__name__, ours, run(nir.read(file), x, steps).sum(0), record)
            except Exception as error:  # what a framework does not read it says itself
                print(f"  {run.__name__:30} cannot: {type(error).__name__}: {str(error).splitlines()[0]}")


def tell(name, ours, theirs, record):
    same = (ours == theirs.reshape(ours.shape)).all(1)
    line = f"  {name:30} equal counts for {same.sum()} of {len(same)} pictures"
    if not same.all():
        # the nearest that any potential of the picture comes to its threshold
        near = np.full(len(same), np.inf)
        for margins in record:
            for margin in margins.values():
                near = np.minimum(near, np.abs(margin).reshape(len(same), -1).min(1))
        line += f"; in the others a potential comes within {near[~same].max():.1e} of its threshold"
    print(line)


for checkpoint in sys.argv[3:]:
    compare(checkpoint)
