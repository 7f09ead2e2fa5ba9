"""The rate of large matrix products, in TFLOP/s: what a card gives at best.

usage: gemm_torch.py --device cuda|cpu --models N [--precisions fp32,tf32,bf16]     (N x N matrices)
"""
import torch

import peer
import torch_sweep


def main():
    options = peer.sweep_options(["mm"])

    def build(kind, how, n, precision):
        torch_sweep.context(precision, options.device)
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        a, b, c = (torch.randn(n, n, device=options.device).to(dtype) for _ in range(3))
        return lambda: torch.mm(a, b, out=c), 2e-12 * n**3

    torch_sweep.sweep("gemm", options, build)


main()
