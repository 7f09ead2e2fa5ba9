"""The step of nanda_torch.py in JAX: jit of value_and_grad and AdamW, float32.  XLA takes as many threads as the process may
use cores.

usage: nanda_jax.py jit [eval]
       nanda_jax.py --device cuda|cpu [--forms vmap,vmap-scan] [--models 1,16] [--precisions fp32,tf32,bf16] ...
  vmap            jit of vmap over many models
  vmap-scan       the same, some steps a call in lax.scan
  ...-last        either, pruned by hand to the last position after the keys and values
"""
import sys

import jax
import jax.numpy as jnp

import jax_sweep
import nanda_data as data
import peer


def heads(x, weight):
    return (x @ weight.T).reshape(*x.shape[:2], data.HEADS, data.D_HEAD)


def logits_of(params, tokens, last=False):
    x = params["W_E"][tokens] + params["W_pos"]
    k, v = (heads(x, params[name]) for name in ("W_K", "W_V"))
    if last:
        x = x[:, -1:]
    scores = jnp.einsum("bqih,bpih->biqp", heads(x, params["W_Q"]), k) / data.D_HEAD**0.5
    mask = jnp.tril(jnp.ones((data.N_CTX, data.N_CTX), bool))[-x.shape[1]:]
    weights = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1)
    z = jnp.einsum("biqp,bpih->bqih", weights, v)
    x = x + z.reshape(*x.shape) @ params["W_O"].T
    hidden = jax.nn.relu(x @ params["W_in"].T + params["b_in"])
    x = x + hidden @ params["W_out"].T + params["b_out"]
    return x[:, -1] @ params["W_U"].T


def loss_of(params, tokens, labels):
    logits = logits_of(params, tokens)
    right = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=-1)
    return -right.mean(), (logits.argmax(-1) == labels).mean()


def adamw(params, grads, m, v, t):
    b1, b2 = data.BETAS
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)

    def update(p, m, v):
        direction = m / (1 - b1**t) / (jnp.sqrt(v / (1 - b2**t)) + data.EPSILON)
        return p * (1 - data.LR * data.WEIGHT_DECAY) - data.LR * direction

    return jax.tree.map(update, params, m, v), m, v


def sweep(options):
    def build(how, models, real):
        tokens, labels = (jnp.asarray(part, jnp.int32) for part in data.rows_of(models))
        params = {name: jnp.asarray(value) for name, value in data.parameters_of(models).items()}

        def update_one(params, m, v, t, tokens, labels):
            def loss(params):
                logits = logits_of(jax.tree.map(real, params), tokens, "last" in how).astype(jnp.float32)
                return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=-1).mean()

            value, grads = jax.value_and_grad(loss)(params)
            return *adamw(params, grads, m, v, t), value

        update = jax.vmap(update_one, in_axes=(0, 0, 0, None, 0, 0))
        return update, params, (tokens, labels)

    jax_sweep.sweep(options, build, 128)


def main():
    if "--device" in sys.argv:
        return sweep(peer.sweep_options("nanda", ["vmap"]))
    form, evaluate = sys.argv[1], sys.argv[2:] == ["eval"]
    if form != "jit":
        sys.exit(f"unknown form '{form}'")
    train_x, train_y, test_x, test_y = (jnp.asarray(part, jnp.int32) for part in data.rows())

    @jax.jit
    def update(state):
        params, m, v, t = state
        metrics, grads = jax.value_and_grad(loss_of, has_aux=True)(params, train_x, train_y)
        params, m, v = adamw(params, grads, m, v, t)
        test = loss_of(params, test_x, test_y) if evaluate else None
        return (params, m, v, t + 1), (metrics, test)

    params = {name: jnp.asarray(value) for name, value in data.parameters().items()}
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = [(params, zeros, zeros, jnp.float32(1))]

    def step():
        state[0], metrics = update(state[0])
        jax.block_until_ready(state[0])
        return [float(x) for x in jax.tree.leaves(metrics)] if evaluate else None

    peer.serve(f"JAX {jax.__version__} {form}", lambda seconds: peer.times(step, seconds))


main()
