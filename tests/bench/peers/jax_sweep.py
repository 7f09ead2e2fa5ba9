"""What the JAX peers do alike on a GPU: precision, the loop over steps, memory."""
import os

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # before JAX is imported: memory as needed

import jax
import jax.numpy as jnp

import peer

PRECISION = {"fp32": "float32", "tf32": "tensorfloat32", "bf16": "float32"}  # of products of float32
NOTE = {"bf16": "; parameters and activations rounded to bf16 in the loss, master parameters and moments float32"}


def sweep(options, build, per_call):
    """build(how, models, real) -> (update(params, m, v, t, *data) -> (params, m, v, losses), params, data); real makes numbers
    those of the precision.  As in mixed precision, parameters and moments stay float32.  A call of the form ...-scan takes steps
    of some per_call models."""
    try:
        device = jax.devices("gpu" if options.device == "cuda" else "cpu")[0]
    except RuntimeError:
        device = None

    def full_build(form, models, precision):
        if device is None:
            raise peer.Skip("jax sees no CUDA device")
        if precision == "tf32" and options.device != "cuda":
            raise peer.Skip("tf32 needs a GPU")
        kind, *how = form.split("-")
        if kind != "vmap":
            raise peer.Skip(f"unknown form '{form}'")
        steps = (options.check or max(2, min(100, per_call // models))) if "scan" in how else 1
        jax.config.update("jax_default_matmul_precision", PRECISION[precision])
        real = (lambda x: x.astype(jnp.bfloat16)) if precision == "bf16" else lambda x: x
        with jax.default_device(device):
            update, params, data = build(how, models, real)
            zeros = [jax.tree.map(jnp.zeros_like, params) for _ in range(2)]
            state = [(params, *zeros, jnp.float32(1), jnp.float32(0))]

        def one(state, data):
            *numbers, losses = update(*state[:4], *data)
            return *numbers, state[3] + 1, losses.sum() if options.check else state[4]  # what nobody wants is not computed

        def call(state, data):
            if steps == 1:
                return one(state, data)
            return jax.lax.scan(lambda state, _: (one(state, data), None), state, length=steps)[0]

        compiled = jax.jit(call, donate_argnums=0)

        def step():
            state[0] = compiled(state[0], data)
            return state[0][4]

        return step, models * steps, lambda: jax.block_until_ready(state[0])

    what = lambda precision: f"JAX {jax.__version__}{NOTE.get(precision, '')}"
    peer.sweep("jax", options, full_build, lambda: jax.clear_caches() or "", what)
