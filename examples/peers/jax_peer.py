"""Plain JAX: one step under `jit`, `lax.scan` over time, and for `--net rec` backpropagation through time by hand.

    python examples/peers/jax_peer.py --net rec --weights rec.npz --data datasets/mnist
"""
import os

import work

args = work.arguments(["jax"])
os.environ.setdefault("JAX_PLATFORMS", "cuda" if args.device == "cuda" else "cpu")
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

BETA, T, BATCH = work.BETA, args.T, args.batch


def slope(h):
    return 1.0 / (1.0 + (jnp.pi * h) ** 2)


@jax.custom_vjp
def spike(h):
    return (h > 0).astype(h.dtype)


spike.defvjp(lambda h: (spike(h), h), lambda h, g: (g * slope(h),))


def lif(v, current):
    h = BETA * v + current
    s = spike(h - 1.0)
    return h * (1.0 - lax.stop_gradient(s)), s


def affine(p, x):
    if p["w"].ndim == 2:
        return x.reshape(x.shape[0], -1) @ p["w"] + p["b"]
    y = lax.conv_general_dilated(x, p["w"], (1, 1), "VALID", dimension_numbers=("NCHW", "OIHW", "NCHW"))
    return lax.reduce_window(y + p["b"][:, None, None], -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")


def feed_forward(layers, x, key):
    """Spike counts; the product with a constant input is computed once."""
    hoisted = args.hoist and args.enc == "const"
    first = affine(layers[0], x) if hoisted else None
    shapes, z = [], jax.eval_shape(lambda x: affine(layers[0], x), x)
    for i, p in enumerate(layers):
        z = jax.eval_shape(lambda q, p=p: affine(p, q), z) if i else z
        shapes.append(jnp.zeros(z.shape))

    def step(v, key):
        s = x if args.enc == "const" else jax.random.bernoulli(key, x).astype(x.dtype)
        states = []
        for i, p in enumerate(layers):
            state, s = lif(v[i], first if i == 0 and hoisted else affine(p, s))
            states.append(state)
        return states, s

    return lax.scan(step, shapes, jax.random.split(key, T))[1].sum(0)


flat = lambda z: z.reshape(-1, z.shape[-1])
# else XLA computes the rows inside of the product, value by value
barrier = lax.optimization_barrier


def rows(x):
    return x.reshape(-1, 28, 28).transpose(1, 0, 2)


def recurrent_forward(layers, x):
    p1, recurrent, p2 = layers
    hold, zero, zero2 = T // 28, jnp.zeros((BATCH, recurrent["w"].shape[0])), jnp.zeros((BATCH, 10))
    currents = (barrier(flat(rows(x))) @ p1["w"]).reshape(28, *zero.shape)

    def step(carry, t):
        v, s, v2, counts = carry
        h = BETA * v + currents[t // hold] + p1["b"] + s @ recurrent["w"]
        s = (h > 1.0).astype(h.dtype)
        h2 = BETA * v2 + s @ p2["w"] + p2["b"]
        out = (h2 > 1.0).astype(h.dtype)
        return (h * (1.0 - s), s, h2 * (1.0 - out), counts + out), (h, h2)

    carry, saved = lax.scan(step, (zero, zero, zero2, zero2), jnp.arange(T))
    return carry[3], (layers, x, saved)


def recurrent_backward(saved, g):
    """d[t] = (d2[t] W2^T + d[t+1] R^T) S'(h[t]) + beta (1 - s[t]) d[t+1]; gradients of weights are one product each."""
    (_, recurrent, p2), x, (h, h2) = saved

    def step(carry, membranes):
        d, d2 = carry
        h, h2 = membranes
        d2 = g * slope(h2 - 1.0) + jnp.where(h2 > 1.0, 0.0, BETA * d2)
        d = (d2 @ p2["w"].T + d @ recurrent["w"].T) * slope(h - 1.0) + jnp.where(h > 1.0, 0.0, BETA * d)
        return (d, d2), (d, d2)

    d, d2 = lax.scan(step, (jnp.zeros_like(h[0]), jnp.zeros_like(g)), (h, h2), reverse=True)[1]
    s = barrier((h > 1.0).astype(h.dtype))
    held = barrier(d.reshape(28, T // 28, *d.shape[1:]).sum(1))
    first = {"w": barrier(flat(rows(x))).T @ flat(held), "b": flat(held).sum(0)}
    second = {"w": flat(s[:-1]).T @ flat(d[1:])}
    return [first, second, {"w": flat(s).T @ flat(d2), "b": flat(d2).sum(0)}], jnp.zeros_like(x)


recurrent = jax.custom_vjp(lambda layers, x: recurrent_forward(layers, x)[0])
recurrent.defvjp(recurrent_forward, recurrent_backward)


def scores(layers, x, key):
    return recurrent(layers, x) if args.net == "rec" else feed_forward(layers, x, key)


class Model:
    def __init__(self, arrays):
        names = {"mlp": ["fc1", "fc2"], "conv": ["c1", "c2", "fc"], "rec": ["fc1", "rec", "fc2"]}[args.net]

        def layer(name):
            w = arrays[f"{name}.weight"]
            p = {"w": jnp.asarray(w.T if w.ndim == 2 else w)}
            return p | ({"b": jnp.asarray(arrays[f"{name}.bias"])} if f"{name}.bias" in arrays else {})

        self.layers = [layer(name) for name in names]
        zeros = lambda: jax.tree.map(jnp.zeros_like, self.layers)
        self.state, self.key = (zeros(), zeros(), jnp.float32(0)), jax.random.PRNGKey(0)

        def loss(layers, x, y, key):
            return -jnp.mean(jax.nn.log_softmax(scores(layers, x, key))[jnp.arange(len(y)), y])

        def step(layers, state, x, y, key):
            value, g = jax.value_and_grad(loss)(layers, x, y, key)
            m, v, t = state
            t = t + 1
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
            a, b = 1 - 0.9**t, 1 - 0.999**t
            update = lambda p, m, v: p - 1e-3 * (m / a) / (jnp.sqrt(v / b) + 1e-8)
            return jax.tree.map(update, layers, m, v), (m, v, t), value

        self.step, self.scores = jax.jit(step, donate_argnums=(0, 1)), jax.jit(scores)

    def next_key(self):
        if args.enc == "poisson":
            self.key, key = jax.random.split(self.key)
            return key
        return self.key

    def train(self, x, y):
        self.layers, self.state, loss = self.step(self.layers, self.state, jnp.asarray(x), jnp.asarray(y), self.next_key())
        return float(loss)

    def infer(self, x):
        return np.asarray(self.scores(self.layers, jnp.asarray(x), self.next_key()))


work.run(args, f"jax {jax.__version__}", Model)
