"""What the JAX peers do alike on a GPU: precision, the loop over steps, memory."""
import os

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # before JAX is imported: memory as needed

import jax
import jax.numpy as jnp

import peer

STEPS = 20  # in a call of the form vmap-scan
PRECISION = {"fp32": "float32", "tf32": "tensorfloat32", "bf16": "float32"}  # of products of float32


def sweep(workload, options, build):
    """build(models, real) -> (update(params, m, v, t, *data) -> (params, m, v), params, data); real makes numbers those of the
    precision.  As in mixed precision, parameters and moments stay float32."""
    try:
        device = jax.devices("gpu" if options.device == "cuda" else "cpu")[0]
    except RuntimeError:
        device = None

    def full_build(form, models, precision):
        if device is None:
            raise peer.Skip("jax sees no CUDA device")
        if precision == "tf32" and options.device != "cuda":
            raise peer.Skip("tf32 needs a GPU")
        steps = {"vmap": 1, "vmap-scan": STEPS}[form]
        jax.config.update("jax_default_matmul_precision", PRECISION[precision])
        real = (lambda x: x.astype(jnp.bfloat16)) if precision == "bf16" else lambda x: x
        with jax.default_device(device):
            update, params, data = build(models, real)
            zeros = [jax.tree.map(jnp.zeros_like, params) for _ in range(2)]
            state = [(params, *zeros, jnp.float32(1))]

        def one(state, data):
            return *update(*state, *data), state[3] + 1

        def call(state, data):
            if steps == 1:
                return one(state, data)
            return jax.lax.scan(lambda state, _: (one(state, data), None), state, length=steps)[0]

        compiled = jax.jit(call, donate_argnums=0)

        def step():
            state[0] = compiled(state[0], data)

        return step, models * steps, lambda: jax.block_until_ready(state[0])

    peer.sweep(workload, "jax", options, full_build, lambda: jax.clear_caches() or "", f"JAX {jax.__version__}")
