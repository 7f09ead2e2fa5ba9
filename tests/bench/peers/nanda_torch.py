"""One training step of the 1-layer transformer of Nanda et al. 2023 in PyTorch, full batch, float32, AdamW.

usage: nanda_torch.py FORM THREADS [eval]
  distil          eager, on [a, b, +, mod], with KL at the operator's token to probabilities that are there already, as ours
  reference       the authors' code: einsum over explicit heads, every layer at all three positions
  eager           as a good user writes it today: fused linear layers and attention, fused AdamW, logits of the last position only
  compile         eager's model and loss under torch.compile
  last            eager, pruned by hand to the last position after the keys and values (shows how much of the gain is useless work
                  not done)

usage: nanda_torch.py --device cuda|cpu [--forms ...] [--models 1,16] [--precisions fp32,tf32,bf16] [--rounds N] [--seconds S]
  eager           the same, one model
  bmm             many models at once, batched by hand: products over the models, all else as it is
  vmap            many models at once through torch.func.vmap
  ...-last        any of these, pruned by hand to the last position after the keys and values
  ...-compile, ...-graph, ...-compile-graph       the same with torch.compile, as one CUDA graph, both
Without -last all positions are computed but for the logits; attention over three positions is written out, for fused kernels take
no more than 65535 sequences.
eval: test loss and accuracy on the other 8939 rows after every step as well (train loss and accuracy come from the step itself).
"""
import sys

import torch
import torch.nn.functional as F

import nanda_data as data
import peer
import torch_sweep


class Reference(torch.nn.Module):
    """transformers.py of progress-measures-paper, without its hooks."""

    def __init__(self):
        super().__init__()
        for name, value in data.parameters().items():
            setattr(self, name, torch.nn.Parameter(torch.from_numpy(value)))
        for name in ("W_Q", "W_K", "W_V"):
            heads = getattr(self, name).detach().reshape(data.HEADS, data.D_HEAD, data.D)
            setattr(self, name, torch.nn.Parameter(heads.clone()))
        self.register_buffer("mask", torch.tril(torch.ones(data.N_CTX, data.N_CTX)))

    def attention(self, x):
        k = torch.einsum("ihd,bpd->biph", self.W_K, x)
        q = torch.einsum("ihd,bpd->biph", self.W_Q, x)
        v = torch.einsum("ihd,bpd->biph", self.W_V, x)
        scores = torch.einsum("biph,biqh->biqp", k, q)
        masked = torch.tril(scores) - 1e10 * (1 - self.mask)
        weights = F.softmax(masked / data.D_HEAD**0.5, dim=-1)
        z = torch.einsum("biph,biqp->biqh", v, weights)
        return torch.einsum("df,bqf->bqd", self.W_O, z.permute(0, 2, 1, 3).flatten(2))

    def forward(self, tokens):
        x = self.W_E[tokens] + self.W_pos
        x = x + self.attention(x)
        hidden = F.relu(torch.einsum("md,bpd->bpm", self.W_in, x) + self.b_in)
        x = x + torch.einsum("dm,bpm->bpd", self.W_out, hidden) + self.b_out
        return torch.einsum("vd,bpd->bpv", self.W_U, x)[:, -1]


class Modern(torch.nn.Module):
    """read: the positions whose logits are wanted."""

    def __init__(self, last_only, params=None, read=-1):
        super().__init__()
        self.last_only, self.read = last_only, read
        for name, value in (params or data.parameters()).items():
            setattr(self, name, torch.nn.Parameter(torch.from_numpy(value)))

    def heads(self, x, weight):
        return F.linear(x, weight).unflatten(-1, (data.HEADS, data.D_HEAD)).transpose(1, 2)

    def forward(self, tokens):
        x = F.embedding(tokens, self.W_E) + self.W_pos
        k, v = self.heads(x, self.W_K), self.heads(x, self.W_V)
        if self.last_only:
            x = x[:, -1:]
        z = F.scaled_dot_product_attention(self.heads(x, self.W_Q), k, v, is_causal=not self.last_only)
        x = x + F.linear(z.transpose(1, 2).flatten(2), self.W_O)
        x = x + F.linear(F.relu(F.linear(x, self.W_in, self.b_in)), self.W_out, self.b_out)
        return F.linear(x[:, self.read], self.W_U)


def adamw(model, fused=True):
    return torch.optim.AdamW(model.parameters(), lr=data.LR, betas=data.BETAS, eps=data.EPSILON,
                             weight_decay=data.WEIGHT_DECAY, fused=fused)


def make_distil_step(temperature=2, kd_weight=0.5):
    tokens, labels, probabilities = (torch.from_numpy(part) for part in data.taught_rows())
    model = Modern(False, data.parameters(vocab=data.VOCAB + 1, n_ctx=data.N_CTX + 1), slice(-2, None))
    optimizer = adamw(model)

    def step():
        optimizer.zero_grad()
        logits = model(tokens)
        taught = F.log_softmax(logits[:, 0] / temperature, -1)
        loss = (1 - kd_weight) * F.cross_entropy(logits[:, 1], labels) + \
            kd_weight * F.kl_div(taught, probabilities, reduction="batchmean")
        loss.backward()
        optimizer.step()
        return loss

    return step


def make_step(form, evaluate):
    if form == "distil":
        return make_distil_step()
    train_x, train_y, test_x, test_y = (torch.from_numpy(part) for part in data.rows())
    model = Reference() if form == "reference" else Modern(form == "last")
    optimizer = adamw(model, fused=form != "reference")

    def loss_of(tokens, labels):
        logits = model(tokens)
        return F.cross_entropy(logits, labels), logits

    if form == "compile":
        loss_of = torch.compile(loss_of)

    def accuracy(logits, labels):
        return (logits.argmax(-1) == labels).float().mean().item()

    def step():
        optimizer.zero_grad()
        loss, logits = loss_of(train_x, train_y)
        loss.backward()
        optimizer.step()
        if not evaluate:
            return loss
        with torch.no_grad():
            test_loss, test_logits = loss_of(test_x, test_y)
            return loss.item(), accuracy(logits, train_y), test_loss.item(), accuracy(test_logits, test_y)

    return step


def batched_embed(tokens, table, position):
    models, vocab, _ = table.shape
    rows = tokens + vocab * torch.arange(models, device=tokens.device).view(-1, 1, 1)
    return F.embedding(rows, table.flatten(0, 1)) + position.unsqueeze(1)


def batched_linear(x, weight, bias=None):
    rows, weight = x.flatten(1, -2), weight.transpose(1, 2)
    y = torch.bmm(rows, weight) if bias is None else torch.baddbmm(bias.unsqueeze(1), rows, weight)
    return y.unflatten(1, x.shape[1:-1])


def single_embed(tokens, table, position):
    return F.embedding(tokens, table) + position


def logits_of(params, tokens, embed, linear, last=False):
    """Of one model, or of many whose parameters and tokens have a first axis for that."""
    heads = lambda x, name: linear(x, params[name]).unflatten(-1, (data.HEADS, data.D_HEAD)).transpose(-3, -2)
    x = embed(tokens, params["W_E"], params["W_pos"])
    k, v = heads(x, "W_K"), heads(x, "W_V")
    if last:
        x = x[..., -1:, :]
    scores = heads(x, "W_Q") @ k.transpose(-2, -1) / data.D_HEAD**0.5
    if not last:
        later = torch.ones(data.N_CTX, data.N_CTX, dtype=torch.bool, device=x.device).triu(1)
        scores = scores.masked_fill(later, float("-inf"))
    z = scores.softmax(-1).to(v.dtype) @ v
    x = x + linear(z.transpose(-3, -2).flatten(-2), params["W_O"])
    x = x + linear(F.relu(linear(x, params["W_in"], params["b_in"])), params["W_out"], params["b_out"])
    return linear(x[..., -1, :], params["W_U"])


def sweep(options):
    device = options.device

    def build(kind, how, models, precision):
        tokens, labels = (torch.from_numpy(part).to(device) for part in data.rows_of(models))
        if kind == "eager":
            model = Modern("last" in how).to(device)
            params = dict(model.named_parameters())
            loss = lambda: F.cross_entropy(model(tokens[0]), labels[0])
        else:
            params = {name: torch.from_numpy(value).to(device).requires_grad_()
                      for name, value in data.parameters_of(models).items()}
            if kind == "bmm":
                answers = lambda: logits_of(params, tokens, batched_embed, batched_linear, "last" in how)
            elif kind == "vmap":
                one = torch.func.vmap(lambda params, tokens: logits_of(params, tokens, single_embed, F.linear, "last" in how))
                answers = lambda: one(params, tokens)
            else:
                raise peer.Skip(f"unknown form '{kind}'")
            loss = lambda: F.cross_entropy(answers().flatten(0, 1), labels.flatten(), reduction="sum") / labels.shape[1]
        optimizer = torch.optim.AdamW(params.values(), lr=data.LR, betas=data.BETAS, eps=data.EPSILON,
                                      weight_decay=data.WEIGHT_DECAY, fused=True, capturable="graph" in how)
        return torch_sweep.step_of(loss, optimizer, how, precision, device), models

    torch_sweep.sweep(options, build)


def main():
    if "--device" in sys.argv:
        return sweep(peer.sweep_options("nanda", ["eager", "bmm", "vmap"]))
    form, threads, evaluate = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["eval"]
    if form not in ("reference", "eager", "compile", "last", "distil"):
        sys.exit(f"unknown form '{form}'")
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    step = make_step(form, evaluate)
    peer.serve(f"PyTorch {torch.__version__} {form}, {torch.backends.cpu.get_cpu_capability()}, {threads} threads",
               lambda seconds: peer.times(step, seconds))


main()
