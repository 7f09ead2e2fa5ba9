"""mlp_torch.py in JAX: jit of vmap over all models, one process.  Answers in seconds per model-step.

usage: mlp_jax.py vmap
       mlp_jax.py --device cuda|cpu [--forms vmap,vmap-scan] [--models 1,441] [--precisions fp32,tf32,bf16] ...
"""
import sys

import jax
import jax.numpy as jnp

import jax_sweep
import mlp_data as data
import peer


def update_of(real=lambda x: x):
    """Adam's step of one model; real makes the numbers of a precision of others."""
    x, y = (jnp.asarray(part) for part in data.rows())
    b1, b2 = data.BETAS

    def loss_of(params):
        out = data.forward(real(x), jax.tree.map(real, params), jnp.tanh)
        return ((out.astype(jnp.float32) - y) ** 2).mean()

    def update_one(params, m, v, t):
        grads = jax.grad(loss_of)(params)
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
        move = lambda p, m, v: p - data.LR * m / (1 - b1**t) / (jnp.sqrt(v / (1 - b2**t)) + data.EPSILON)
        return jax.tree.map(move, params, m, v), m, v

    return jax.vmap(update_one, in_axes=(0, 0, 0, None))


def sweep(options):
    def build(models, real):
        return update_of(real), jax.tree.map(jnp.asarray, data.parameters(2, models)), ()

    jax_sweep.sweep("mlp", options, build)


def main():
    if "--device" in sys.argv:
        return sweep(peer.sweep_options(["vmap"]))
    if sys.argv[1:] != ["vmap"]:
        sys.exit("usage: mlp_jax.py vmap")
    update = jax.jit(update_of())
    params = jax.tree.map(jnp.asarray, data.parameters(2, data.MODELS))
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = [(params, zeros, zeros), 1.0]

    def step():
        state[0] = jax.block_until_ready(update(*state[0], state[1]))
        state[1] += 1

    peer.serve(f"JAX {jax.__version__} vmap", lambda seconds: [t / data.MODELS for t in peer.times(step, seconds)])


main()
