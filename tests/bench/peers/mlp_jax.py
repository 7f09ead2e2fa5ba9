"""mlp_torch.py in JAX: jit of vmap over all models, one process.  Answers in seconds per model-step.

usage: mlp_jax.py vmap
"""
import sys

import jax
import jax.numpy as jnp

import mlp_data as data
import peer


def main():
    if sys.argv[1:] != ["vmap"]:
        sys.exit("usage: mlp_jax.py vmap")
    x, y = (jnp.asarray(part) for part in data.rows())
    b1, b2 = data.BETAS

    def loss_of(params):
        return ((data.forward(x, params, jnp.tanh) - y) ** 2).mean()

    def update_one(params, m, v, t):
        grads = jax.grad(loss_of)(params)
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
        move = lambda p, m, v: p - data.LR * m / (1 - b1**t) / (jnp.sqrt(v / (1 - b2**t)) + data.EPSILON)
        return jax.tree.map(move, params, m, v), m, v

    update = jax.jit(jax.vmap(update_one, in_axes=(0, 0, 0, None)))
    params = jax.tree.map(jnp.asarray, data.parameters(2, data.MODELS))
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = [(params, zeros, zeros), 1.0]

    def step():
        state[0] = jax.block_until_ready(update(*state[0], state[1]))
        state[1] += 1

    peer.serve(f"JAX {jax.__version__} vmap", lambda seconds: [t / data.MODELS for t in peer.times(step, seconds)])


main()
