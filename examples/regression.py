"""Friedman's first regression problem (1991) as CSV files, and what ridge regression makes of it.

    python examples/regression.py friedman
    synfire train --config examples/regression.toml --data friedman

writes friedman/train.csv and friedman/test.csv: ten features from 0 to 1, five of which matter, and the target

    y = 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5 + noise of variance 1,

scaled to mean 0 and variance 1 over the training samples.
"""

import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(0)


def samples(count):
    x = random.random((count, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return x, y + random.standard_normal(count)


(x_train, y_train), (x_test, y_test) = samples(2000), samples(1000)
mean, std = y_train.mean(), y_train.std()
y_train, y_test = (y_train - mean) / std, (y_test - mean) / std
heading = ",".join([f"x{i}" for i in range(1, 11)] + ["target"])
for name, x, y in [("train", x_train, y_train), ("test", x_test, y_test)]:
    table = np.column_stack([x, y])
    np.savetxt(folder / f"{name}.csv", table, delimiter=",", header=heading, comments="", fmt="%.6f")

# ridge regression, its penalty chosen on a fifth of the training samples
design = lambda x: np.column_stack([x, np.ones(len(x))])
fit = lambda x, y, penalty: np.linalg.solve(design(x).T @ design(x) + penalty * np.eye(11), design(x).T @ y)
error = lambda x, y, weights: np.mean((design(x) @ weights - y) ** 2)
cut = len(x_train) * 4 // 5
penalties = 10.0 ** np.arange(-4, 4)
best = min(penalties, key=lambda p: error(x_train[cut:], y_train[cut:], fit(x_train[:cut], y_train[:cut], p)))
print(f"ridge regression, penalty {best:g}: mean squared error {error(x_test, y_test, fit(x_train, y_train, best)):.4f}")
print(f"noise alone: {1 / std**2:.4f}")
