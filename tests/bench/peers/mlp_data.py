"""64 students of the 5-100-100-5 tanh network: 100 rows of 5 reals and the outputs of a teacher of the same form; Adam, MSE."""
import numpy

MODELS, WIDTHS, ROWS, LR, BETAS, EPSILON = 64, (5, 100, 100, 5), 100, 3e-4, (0.9, 0.999), 1e-8


def parameters(seed, n=None):
    """[(weight [in, out], bias [out])...], uniform +-1/sqrt(in); with n, each with a leading axis of n models."""
    draw = numpy.random.default_rng(seed).uniform
    lead = () if n is None else (n,)
    return [(draw(-1, 1, lead + (i, o)).astype(numpy.float32) / i**0.5, draw(-1, 1, lead + (o,)).astype(numpy.float32) / i**0.5)
            for i, o in zip(WIDTHS, WIDTHS[1:])]


def forward(x, params, tanh):
    for weight, bias in params[:-1]:
        x = tanh(x @ weight + bias)
    return x @ params[-1][0] + params[-1][1]


def rows():
    x = numpy.random.default_rng(0).standard_normal((ROWS, WIDTHS[0])).astype(numpy.float32)
    return x, forward(x, parameters(1), numpy.tanh)
