"""p = 113, fraction 0.3: 3830 rows to train on and 8939 to test on, [a, b, =] -> (a + b) mod p, and the first parameters."""
import math

import numpy

P, VOCAB, N_CTX, D, HEADS, D_HEAD, D_MLP = 113, 114, 3, 128, 4, 32, 512
LR, WEIGHT_DECAY, BETAS, EPSILON = 1e-3, 1.0, (0.9, 0.98), 1e-8


def rows(seed=0):
    """(train tokens, train labels, test tokens, test labels)"""
    a, b = numpy.divmod(numpy.arange(P * P), P)
    tokens = numpy.stack([a, b, numpy.full_like(a, P)], axis=1)
    labels = (a + b) % P
    order = numpy.random.default_rng(seed).permutation(P * P)
    n = int(0.3 * P * P)
    return tokens[order[:n]], labels[order[:n]], tokens[order[n:]], labels[order[n:]]


def taught_rows():
    """(train tokens, train labels, a teacher's probabilities at the operator's token) of [a, b, +, mod]."""
    tokens, labels, _, _ = rows()
    tokens = numpy.concatenate([tokens, numpy.full_like(tokens[:, :1], P + 1)], axis=1)
    probabilities = numpy.full((len(labels), VOCAB + 1), 0.5 / (VOCAB + 1), numpy.float32)
    probabilities[numpy.arange(len(labels)), numpy.arange(len(labels)) % (VOCAB + 1)] += 0.5
    return tokens, labels, probabilities


def parameters(seed=0, vocab=VOCAB, n_ctx=N_CTX):
    """Name -> float32 array; matrices are [out, in], as nn.Linear has them."""
    draw = numpy.random.default_rng(seed).standard_normal
    small = 1 / math.sqrt(D)
    result = {
        "W_E": draw((vocab, D)) * small, "W_pos": draw((n_ctx, D)) * small,
        "W_Q": draw((D, D)) * small, "W_K": draw((D, D)) * small, "W_V": draw((D, D)) * small, "W_O": draw((D, D)) * small,
        "W_in": draw((D_MLP, D)) * small, "b_in": numpy.zeros(D_MLP), "W_out": draw((D, D_MLP)) * small, "b_out": numpy.zeros(D),
        "W_U": draw((vocab, D)) / math.sqrt(vocab),
    }
    return {name: value.astype(numpy.float32) for name, value in result.items()}


def rows_of(models):
    """Train tokens [models, rows, 3] and labels [models, rows]: every model has a split of its own."""
    tokens, labels, _, _ = zip(*(rows(seed) for seed in range(models)))
    return numpy.stack(tokens), numpy.stack(labels)


def parameters_of(models):
    """Models that begin alike: what they compute costs the same."""
    return {name: numpy.repeat(value[None], models, axis=0) for name, value in parameters().items()}
