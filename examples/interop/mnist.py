"""What the scripts of this folder share: MNIST, training in PyTorch, and calls of Synfire."""

import gzip
import importlib.util
import json
import pathlib
import subprocess

import numpy as np
import torch


def images(folder, split):
    """Images [N, 1, 28, 28] in 0..1 and labels [N] of `train` or `t10k`."""

    def read(kind, offset):
        with gzip.open(f"{folder}/{split}-{kind}-ubyte.gz") as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)

    pixels = read("images-idx3", 16).reshape(-1, 1, 28, 28).astype(np.float32) / np.float32(255)
    return torch.from_numpy(pixels), torch.from_numpy(read("labels-idx1", 8).astype(np.int64))


def train(net, data, epochs=1, learning_rate=1e-3, samples=60000, batch=128):
    """Trains a module whose `forward` gives spikes [T, B, 10], by the cross-entropy of the spike counts."""
    x, y = (part[:samples] for part in data)
    optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate)
    net.train()
    for epoch in range(epochs):
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(epoch))
        for chosen in order.split(batch):
            loss = torch.nn.functional.cross_entropy(net(x[chosen]).sum(0), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    net.eval()


@torch.no_grad()
def counts(net, x, batch=500):
    """Spike counts [N, 10]."""
    return torch.cat([net(part).sum(0) for part in x.split(batch)]).numpy()


def accuracy(counts, labels):
    """Share of samples whose class has the most spikes, the first of several, in per cent."""
    return 100 * float((counts.argmax(1) == labels.numpy()).mean())


class Synfire:
    """Calls of the program, in a folder of their own."""

    def __init__(self, program, folder):
        self.program, self.folder = pathlib.Path(program).absolute(), pathlib.Path(folder)

    def __call__(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"synfire {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def counts(self, checkpoint, data, samples):
        """Spike counts [N, 10] of the first test images."""
        out = self("predict", checkpoint, "--data", data, "--index", 0, "--count", samples, "--json")
        return np.array([answer["scores"] for answer in json.loads(out)["predictions"]], np.float32)


def exported(path):
    """The module of an export, with its state dict."""
    from safetensors.torch import load_file

    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path.with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = module.Net()
    net.load_state_dict(load_file(path))
    return net.eval()
