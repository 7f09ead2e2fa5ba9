"""mlp_torch.py in JAX: jit of vmap over all models, one process.  Answers in seconds per model-step.

usage: mlp_jax.py vmap
       mlp_jax.py --device cuda|cpu [--workload mlp|mnist] [--forms vmap,vmap-scan] [--models 1,441] ...
"""
import sys

import jax
import jax.numpy as jnp

import jax_sweep
import mlp_data as data
import peer


def update_of(task, real=lambda x: x):
    """AdamW's step of many models; real makes the numbers of a precision of others.  -> parameters, moments, losses"""
    x, y = (jnp.asarray(part) for part in data.rows(task))
    activation = {"tanh": jnp.tanh, "relu": jax.nn.relu}[task.activation]
    b1, b2 = data.BETAS

    def update_one(params, m, v, t, *batches):
        rows = batches[0][(t.astype(jnp.int32) - 1) % batches[0].shape[0]] if batches else slice(None)

        def loss_of(params):
            out = data.forward(real(x[rows]), jax.tree.map(real, params), activation)
            return ((out.astype(jnp.float32) - y[rows]) ** 2).mean()

        loss, grads = jax.value_and_grad(loss_of)(params)
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
        direction = lambda m, v: m / (1 - b1**t) / (jnp.sqrt(v / (1 - b2**t)) + data.EPSILON)
        move = lambda p, m, v: p * (1 - task.rate * task.decay) - task.rate * direction(m, v)
        return jax.tree.map(move, params, m, v), m, v, loss

    return jax.vmap(update_one, in_axes=(0, 0, 0, None) + ((1,) if task.batch else ()))


def sweep(options):
    task = data.TASKS[options.workload]

    def build(how, models, real):
        batches = (jnp.asarray(data.batches(task, models), jnp.int32),) if task.batch else ()
        return update_of(task, real), jax.tree.map(jnp.asarray, data.parameters(task, 2, models)), batches

    jax_sweep.sweep(options, build, 20000)


def main():
    if "--device" in sys.argv:
        return sweep(peer.sweep_options("mlp", ["vmap"]))
    if sys.argv[1:] != ["vmap"]:
        sys.exit("usage: mlp_jax.py vmap")
    task = data.TASKS["mlp"]
    update = jax.jit(lambda params, m, v, t: update_of(task)(params, m, v, t)[:3])
    params = jax.tree.map(jnp.asarray, data.parameters(task, 2, data.MODELS))
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = [(params, zeros, zeros), jnp.float32(1)]

    def step():
        state[0] = jax.block_until_ready(update(*state[0], state[1]))
        state[1] += 1

    peer.serve(f"JAX {jax.__version__} vmap", lambda seconds: [t / data.MODELS for t in peer.times(step, seconds)])


main()
