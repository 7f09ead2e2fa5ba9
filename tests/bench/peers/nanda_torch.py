"""One training step of the 1-layer transformer of Nanda et al. 2023 in PyTorch, full batch, float32, AdamW.

usage: nanda_torch.py FORM THREADS [eval]
  reference       the authors' code: einsum over explicit heads, every layer at all three positions
  eager           as a good user writes it today: fused linear layers and attention, fused AdamW, logits of the last position only
  compile         eager's model and loss under torch.compile
  last            eager, pruned by hand to the last position after the keys and values (shows how much of the gain is useless work
                  not done)
eval: test loss and accuracy on the other 8939 rows after every step as well (train loss and accuracy come from the step itself).
"""
import sys

import torch
import torch.nn.functional as F

import nanda_data as data
import peer


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
    def __init__(self, last_only):
        super().__init__()
        self.last_only = last_only
        for name, value in data.parameters().items():
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
        return F.linear(x[:, -1], self.W_U)


def make_step(form, evaluate):
    train_x, train_y, test_x, test_y = (torch.from_numpy(part) for part in data.rows())
    model = Reference() if form == "reference" else Modern(form == "last")
    optimizer = torch.optim.AdamW(model.parameters(), lr=data.LR, betas=data.BETAS, eps=data.EPSILON,
                                  weight_decay=data.WEIGHT_DECAY, fused=form != "reference")

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


def main():
    form, threads, evaluate = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["eval"]
    if form not in ("reference", "eager", "compile", "last"):
        sys.exit(f"unknown form '{form}'")
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    step = make_step(form, evaluate)
    peer.serve(f"PyTorch {torch.__version__} {form}, {torch.backends.cpu.get_cpu_capability()}, {threads} threads",
               lambda seconds: peer.times(step, seconds))


main()
