"""What a card gives at best: the rate of large matrix products in TFLOP/s (form mm), and of copies in TB/s (form copy, bytes read
and bytes written).

usage: gemm_torch.py --device cuda|cpu --models N [--forms mm,copy] [--precisions fp32,tf32,bf16]     (N x N matrices)
"""
import torch

import peer
import torch_sweep


def main():
    options = peer.sweep_options("gemm", ["mm", "copy"])

    def build(kind, how, n, precision):
        if kind == "copy":
            if precision != options.precisions[0]:
                raise peer.Skip("as above")
            a, b = (torch.randn(4 * n * n, device=options.device) for _ in range(2))
            return lambda: b.copy_(a), 8e-12 * a.numel()
        torch_sweep.context(precision, options.device)
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        a, b, c = (torch.randn(n, n, device=options.device).to(dtype) for _ in range(3))
        return lambda: torch.mm(a, b, out=c), 2e-12 * n**3

    torch_sweep.sweep(options, build)


main()
