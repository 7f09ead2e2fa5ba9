"""Training steps of many 5-100-100-5 tanh networks in PyTorch, float32, Adam, full batch of 100 rows.

usage: mlp_torch.py FORM PROCESSES
  loop            each process trains models one after another, on one thread: what people do
  loop-fused      the same with Adam's fused form
  landscape       as loop-fused, with the norm of all parameters held after every step, and both losses every 50 steps
  bmm             the models divided among the processes, each trains its share at once with batched products, fused Adam
  vmap            the same through torch.func
Answers in seconds per model-step of all processes together.

usage: mlp_torch.py --device cuda|cpu [--forms ...] [--models 1,441] [--precisions fp32,tf32,bf16] [--rounds N] [--seconds S]
  eager, bmm, vmap, each also with -compile, -graph, -compile-graph: as in nanda_torch.py; one process, fused Adam
"""
import multiprocessing
import os
import sys
import time

import torch

import mlp_data as data
import peer
import torch_sweep


def tensors(params):
    return [tuple(torch.from_numpy(part.copy()) for part in layer) for layer in params]


def flat(params):
    return [part.requires_grad_() for layer in params for part in layer]


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        linear = torch.nn.Linear
        inside = [layer for i, o in zip(data.WIDTHS, data.WIDTHS[1:]) for layer in (linear(i, o), torch.nn.Tanh())]
        self.layers = torch.nn.Sequential(*inside[:-1])

    def forward(self, x):
        return self.layers(x)


def adam(params, fused, capturable=False):
    return torch.optim.Adam(params, lr=data.LR, betas=data.BETAS, eps=data.EPSILON, fused=fused or None, capturable=capturable)


def norm_of(params):
    return torch.linalg.vector_norm(torch.stack(torch._foreach_norm(params)))


@torch.no_grad()
def hold_norm(params, target):
    torch._foreach_mul_(params, target / norm_of(params))


def one_model(fused, landscape=False):
    """Another model every thousand steps, as in a sweep."""
    x, y = (torch.from_numpy(part) for part in data.rows())
    state = {"left": 0}

    def step():
        if not state["left"]:
            state["model"] = Net()
            state["params"] = [param.data for param in state["model"].parameters()]
            state["norm"] = norm_of(state["params"])
            state["optimizer"] = adam(state["model"].parameters(), fused)
            state["left"] = 1000
        state["left"] -= 1
        state["optimizer"].zero_grad()
        loss = torch.nn.functional.mse_loss(state["model"](x), y)
        loss.backward()
        state["optimizer"].step()
        if landscape:
            hold_norm(state["params"], state["norm"])
        if landscape and state["left"] % 50 == 0:
            with torch.no_grad():
                for _ in ("train", "test"):
                    torch.nn.functional.mse_loss(state["model"](x), y).item()

    return step


def loss_of_models(form, n, x, y, params):
    """Of n models, added up."""

    def batched(params):
        h = x.expand(n, *x.shape)
        for weight, bias in params[:-1]:
            h = torch.baddbmm(bias.unsqueeze(1), h, weight).tanh()
        return torch.baddbmm(params[-1][1].unsqueeze(1), h, params[-1][0])

    single = torch.func.vmap(lambda params: data.forward(x, params, torch.tanh))

    def loss():
        out = batched(params) if form == "bmm" else single(params)
        return ((out - y) ** 2).mean(dim=(1, 2)).sum()

    return loss


def share_of_models(form, n):
    x, y = (torch.from_numpy(part) for part in data.rows())
    params = tensors(data.parameters(2, n))
    optimizer = adam(flat(params), True)
    loss = loss_of_models(form, n, x, y, params)

    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step


def work(form, models, pipe):
    torch.set_num_threads(1)
    torch.manual_seed(os.getpid())
    step = share_of_models(form, models) if form in ("bmm", "vmap") else one_model(form != "loop", form == "landscape")
    per_call = models if form in ("bmm", "vmap") else 1
    while True:
        seconds = pipe.recv()
        if seconds is None:
            return
        begin = time.perf_counter()
        calls = len(peer.times(step, seconds))
        pipe.send(calls * per_call / (time.perf_counter() - begin))


def sweep(options):
    device = options.device

    def build(kind, how, models, precision):
        x, y = (torch.from_numpy(part).to(device) for part in data.rows())
        if kind == "eager":
            model = Net().to(device)
            parameters = model.parameters()
            loss = lambda: torch.nn.functional.mse_loss(model(x), y)
        elif kind in ("bmm", "vmap"):
            params = [tuple(part.to(device) for part in layer) for layer in tensors(data.parameters(2, models))]
            parameters = flat(params)
            loss = loss_of_models(kind, models, x, y, params)
        else:
            raise peer.Skip(f"unknown form '{kind}'")
        return torch_sweep.step_of(loss, adam(parameters, True, "graph" in how), how, precision, device), models

    torch_sweep.sweep("mlp", options, build)


def main():
    if "--device" in sys.argv:
        return sweep(peer.sweep_options(["eager", "bmm", "vmap"]))
    form, processes = sys.argv[1], int(sys.argv[2])
    if form not in ("loop", "loop-fused", "landscape", "bmm", "vmap"):
        sys.exit(f"unknown form '{form}'")
    context = multiprocessing.get_context("spawn")
    pipes = []
    for _ in range(processes):
        here, there = context.Pipe()
        context.Process(target=work, args=(form, data.MODELS // processes, there), daemon=True).start()
        pipes.append(here)

    def measure(seconds):
        for pipe in pipes:
            pipe.send(seconds)
        return [1 / sum(pipe.recv() for pipe in pipes)]

    peer.serve(f"PyTorch {torch.__version__} {form}, {processes} processes of one thread", measure)
    for pipe in pipes:
        pipe.send(None)


if __name__ == "__main__":
    main()
