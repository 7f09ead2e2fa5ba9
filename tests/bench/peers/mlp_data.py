"""Fully connected networks, what they are trained on, and how; squared error.

mlp     5-100-100-5, tanh: 100 rows of 5 reals and the outputs of a teacher of the same form; full batch, Adam
mnist   784-200-200-10, ReLU: 1000 rows of 784 reals and one-hots; batches of 200, AdamW
"""
import types

import numpy

MODELS = 64  # of mlp on a CPU
BETAS, EPSILON = (0.9, 0.999), 1e-8
TASKS = {
    "mlp": types.SimpleNamespace(widths=(5, 100, 100, 5), rows=100, batch=0, activation="tanh", rate=3e-4, decay=0.0),
    "mnist": types.SimpleNamespace(widths=(784, 200, 200, 10), rows=1000, batch=200, activation="relu", rate=1e-3, decay=0.01),
}


def parameters(task, seed, n=None):
    """[(weight [in, out], bias [out])...], uniform +-1/sqrt(in); with n, each with a leading axis of n models."""
    draw = numpy.random.default_rng(seed).uniform
    lead = () if n is None else (n,)
    return [(draw(-1, 1, lead + (i, o)).astype(numpy.float32) / i**0.5, draw(-1, 1, lead + (o,)).astype(numpy.float32) / i**0.5)
            for i, o in zip(task.widths, task.widths[1:])]


def forward(x, params, activation):
    for weight, bias in params[:-1]:
        x = activation(x @ weight + bias)
    return x @ params[-1][0] + params[-1][1]


def rows(task):
    x = numpy.random.default_rng(0).standard_normal((task.rows, task.widths[0])).astype(numpy.float32)
    if task.batch:
        return x, numpy.eye(task.widths[-1], dtype=numpy.float32)[numpy.arange(task.rows) % task.widths[-1]]
    return x, forward(x, parameters(task, 1), numpy.tanh)


def batches(task, models):
    """Rows of the batches of an epoch, [batch, model, row]: every model has an order of its own, the same in every epoch, so that
    drawing it costs a peer nothing."""
    draw = numpy.random.default_rng(3).permutation
    orders = numpy.stack([draw(task.rows) for _ in range(models)])
    return orders.reshape(models, -1, task.batch).swapaxes(0, 1).copy()
