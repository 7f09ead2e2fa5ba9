"""Training steps of many 5-100-100-5 tanh networks in PyTorch, float32, Adam, full batch of 100 rows.

usage: mlp_torch.py FORM PROCESSES
  loop            each process trains models one after another, on one thread: what people do
  loop-fused      the same with Adam's fused form
  landscape       as loop-fused, with the norm of all parameters held after every step, and both losses every 50 steps
  bmm             the models divided among the processes, each trains its share at once with batched products, fused Adam
  vmap            the same through torch.func
Answers in seconds per model-step of all processes together.

usage: mlp_torch.py --device cuda|cpu [--workload mlp|mnist] [--forms ...] [--models 1,441] [--precisions fp32,tf32,bf16] ...
  eager, bmm, vmap, each also with -compile, -graph, -compile-graph: as in nanda_torch.py; one process, fused Adam
"""
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


MLP = data.TASKS["mlp"]


class Net(torch.nn.Module):
    def __init__(self, task=MLP):
        super().__init__()
        linear = torch.nn.Linear
        activation = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[task.activation]
        inside = [layer for i, o in zip(task.widths, task.widths[1:]) for layer in (linear(i, o), activation())]
        self.layers = torch.nn.Sequential(*inside[:-1])

    def forward(self, x):
        return self.layers(x)


def adam(params, fused, capturable=False, task=MLP):
    """Adam's W is its decay alone: without one they are the same."""
    return torch.optim.AdamW(params, lr=task.rate, betas=data.BETAS, eps=data.EPSILON, weight_decay=task.decay,
                             fused=fused or None, capturable=capturable)


def norm_of(params):
    return torch.linalg.vector_norm(torch.stack(torch._foreach_norm(params)))


@torch.no_grad()
def hold_norm(params, target):
    torch._foreach_mul_(params, target / norm_of(params))


def one_model(fused, landscape=False):
    """Another model every thousand steps, as in a sweep."""
    x, y = (torch.from_numpy(part) for part in data.rows(MLP))
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


def batch_of(task, models, device):
    """() -> rows and targets of the next batch: all of them, [row, ...], or [model, row, ...]"""
    x, y = (torch.from_numpy(part).to(device) for part in data.rows(task))
    if not task.batch:
        return lambda: (x, y)
    batches = torch.from_numpy(data.batches(task, models)).to(device)
    turn = torch.zeros(1, dtype=torch.int64, device=device)

    def next_batch():
        rows = batches.index_select(0, turn % len(batches))[0]
        turn.add_(1)
        return x[rows], y[rows]

    return next_batch


def loss_of_models(form, task, n, batch, params):
    """Of n models, added up."""
    activation = getattr(torch, task.activation)

    def batched(params, x):
        h = x.expand(n, *x.shape[-2:])
        for weight, bias in params[:-1]:
            h = activation(torch.baddbmm(bias.unsqueeze(1), h, weight))
        return torch.baddbmm(params[-1][1].unsqueeze(1), h, params[-1][0])

    single = torch.func.vmap(lambda params, x: data.forward(x, params, activation), in_dims=(0, 0 if task.batch else None))

    def loss():
        x, y = batch()
        out = batched(params, x) if form == "bmm" else single(params, x)
        return ((out - y) ** 2).mean(dim=(1, 2)).sum()

    return loss


def share_of_models(form, n):
    params = tensors(data.parameters(MLP, 2, n))
    optimizer = adam(flat(params), True)
    loss = loss_of_models(form, MLP, n, batch_of(MLP, n, "cpu"), params)

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


def eager_loss(task, batch, device):
    model = Net(task)
    with torch.no_grad():
        for layer, (weight, bias) in zip((m for m in model.layers if hasattr(m, "bias")), tensors(data.parameters(task, 2))):
            layer.weight.copy_(weight.T)
            layer.bias.copy_(bias)
    model.to(device)

    def loss():
        x, y = (part.flatten(0, -2) for part in batch())
        return torch.nn.functional.mse_loss(model(x), y)

    return loss, model.parameters()


def sweep(options):
    device, task = options.device, data.TASKS[options.workload]

    def build(kind, how, models, precision):
        batch = batch_of(task, models, device)
        if kind == "eager":
            loss, parameters = eager_loss(task, batch, device)
        elif kind in ("bmm", "vmap"):
            params = [tuple(part.to(device) for part in layer) for layer in tensors(data.parameters(task, 2, models))]
            parameters = flat(params)
            loss = loss_of_models(kind, task, models, batch, params)
        else:
            raise peer.Skip(f"unknown form '{kind}'")
        return torch_sweep.step_of(loss, adam(parameters, True, "graph" in how, task), how, precision, device), models

    torch_sweep.sweep(options, build)


def main():
    if "--device" in sys.argv:
        return sweep(peer.sweep_options("mlp", ["eager", "bmm", "vmap"]))
    form, processes = sys.argv[1], int(sys.argv[2])
    if form not in ("loop", "loop-fused", "landscape", "bmm", "vmap"):
        sys.exit(f"unknown form '{form}'")
    peer.serve_processes(f"PyTorch {torch.__version__} {form}", work, (form, data.MODELS // processes), processes)


if __name__ == "__main__":
    main()
