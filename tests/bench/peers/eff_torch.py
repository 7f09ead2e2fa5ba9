"""The models of work on the efficiency of circuits in PyTorch: nn.LSTM (lstm-e), two layers of nn.TransformerEncoderLayer (t2);
and the LSTM of Omnigrok's reviews (lstm-i).

usage: eff_torch.py lstm-e|t2|lstm-i PROCESSES
  each process trains models one after another, on one thread, with AdamW's fused form: seconds per model-step
usage: eff_torch.py check PROGRAMS
  losses and gradients of the programs in the folder PROGRAMS against autograd's, in float64, of items of 4 and of 500 tokens;
  status 1 beyond 1e-10
"""
import os
import subprocess
import sys
import tempfile

import numpy
import torch

import peer

functional = torch.nn.functional


class Words(torch.nn.Module):
    """Members as grok-export --names torch calls them."""
    def __init__(self, n_word, d_model, hidden, n_layer=2, n_out=None):
        super().__init__()
        self.embed = torch.nn.Embedding(n_word, d_model)
        self.lstm = torch.nn.LSTM(d_model, hidden, n_layer, batch_first=True)
        self.head = torch.nn.Linear(hidden, n_out or n_word)

    def forward(self, x):
        return self.head(self.lstm(self.embed(x))[0][:, -1])


class Encoder(torch.nn.Module):
    """Post-norm, no biases, fixed positions; the mask is causal."""
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(99, 128)
        angle = torch.arange(4)[:, None] / 10000 ** (torch.arange(0, 128, 2) / 128)
        self.register_buffer("position", torch.stack([angle.sin(), angle.cos()], 2).flatten(1))
        layer = torch.nn.TransformerEncoderLayer(128, 4, 512, dropout=0, batch_first=True, bias=False)
        self.layers = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = torch.nn.Linear(128, 99, bias=False)
        self.register_buffer("mask", torch.nn.Transformer.generate_square_subsequent_mask(4))

    def forward(self, x):
        return self.head(self.layers(self.embed(x) + self.position, self.mask, is_causal=True)[:, -1])


# --- rates ---------------------------------------------------------------------------------------------------------------


def training(form):
    """Another model every thousand steps, as in a sweep: half of a + b mod 97 as [a, o, b, =], batches of 512."""
    pairs = torch.cartesian_prod(torch.arange(97), torch.arange(97))
    pairs = pairs[torch.randperm(len(pairs))[: len(pairs) // 2]]
    x = torch.stack([pairs[:, 0], torch.full((len(pairs),), 97), pairs[:, 1], torch.full((len(pairs),), 98)], 1)
    y = pairs.sum(1) % 97
    state = {"left": 0}

    def step():
        if not state["left"]:
            state["model"] = Encoder() if form == "t2" else Words(99, 128, 128)
            state["optimizer"] = torch.optim.AdamW(state["model"].parameters(), 1e-3, (0.9, 0.98), weight_decay=1, fused=True)
            state["left"] = 1000
        if state["left"] % 10 == 0:
            state["order"] = torch.randperm(len(x))
        rows = state["order"][state["left"] % 10 * 512:][:512]
        state["left"] -= 1
        state["optimizer"].zero_grad()
        functional.cross_entropy(state["model"](x[rows]), y[rows]).backward()
        state["optimizer"].step()

    return step


def reading():
    """One model on 750 reviews of 500 of 1001 tokens, batches of 50, clipped to a norm of 5."""
    x, y = torch.randint(1, 1001, (750, 500)), torch.randint(0, 2, (750, 1)).float()
    model = Words(1001, 64, 128, n_out=1)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    state = {"left": 0}

    def step():
        if not state["left"]:
            state["order"], state["left"] = torch.randperm(750), 15
        state["left"] -= 1
        rows = state["order"][state["left"] * 50:][:50]
        optimizer.zero_grad()
        functional.binary_cross_entropy_with_logits(model(x[rows]), y[rows]).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()

    return step


def work(form, pipe):
    torch.set_num_threads(1)
    torch.manual_seed(os.getpid())
    peer.work_off(reading() if form == "lstm-i" else training(form), pipe)


# --- the same numbers ------------------------------------------------------------------------------------------------------


def run(programs, folder, n_token, options):
    """Two steps of descent by 0.1 on 24 items of tokens 0 to 6 in float64 (those of
    tests/cli/grok-train/computes-what-pytorch-does.sh): items, loss and norm of the gradient at step 1, parameters of both."""
    i, j = numpy.indices((25, n_token))
    x, y = (3 * i * i + 5 * j * j + i * j) % 7, numpy.arange(25) % 7
    with open(f"{folder}/items.tsv", "w") as table:
        print(*(f"x{i}" for i in range(n_token)), "label", "set", sep="\t", file=table)
        for i in range(25):
            print(*x[i], y[i], "test" if i == 24 else "train", sep="\t", file=table)

    def call(program, *words):
        return subprocess.run([f"{programs}/{program}", *words], cwd=folder, check=True, capture_output=True, text=True).stdout

    call("grok-data", "import", "items.tsv", "--tokens", "x*", "--label", "label", "--split-column", "set", "-o", "items.h5",
         "--force")
    call("grok-train", "--data", "items.h5", *options, "--precision", "fp64", "--optimizer", "sgd", "--learning-rate", "0.1",
         "--weight-decay", "0", "--momentum", "0", "--steps", "2", "--log-every", "1", "--metrics", "gradient_norm",
         "--snapshot-every", "1", "--device", "cpu", "--threads", "1", "-q", "--force", "-o", "run.h5")
    call("grok-export", "--names", "torch", "--at", "all", "run.h5", "-o", "{step}.npz", "--force")
    head, *records = [line.split("\t") for line in call("grok-log", "run.h5").splitlines()]
    said = [float(records[1][head.index(name)]) for name in ("train_loss", "gradient_norm")]
    params = [{key: torch.from_numpy(value) for key, value in numpy.load(f"{folder}/{step}.npz").items()
               if value.dtype == numpy.float64} for step in (1, 2)]
    return torch.from_numpy(x[:24]), torch.from_numpy(y[:24]), said, params


def check(programs):
    programs, worst = os.path.abspath(programs), 0
    for name, n_token, model, options in (
            ("lstm-e", 4, Words(7, 128, 128), ("--model", "lstm-e", "--d-model", "128", "--widths", "128x128")),
            ("500 tokens", 500, Words(7, 8, 16), ("--model", "lstm-e", "--d-model", "8", "--widths", "16x16"))):
        with tempfile.TemporaryDirectory() as folder:
            x, y, said, (before, after) = run(programs, folder, n_token, options)
        model = model.double()
        model.load_state_dict(before)
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
        norm = torch.linalg.vector_norm(torch.cat([p.grad.flatten() for p in model.parameters()])).item()
        for key, autograd, logged in (("loss", loss.item(), said[0]), ("gradient norm", norm, said[1])):
            print(f"{name}\t{key}\t{abs(autograd - logged):.3g}\t{autograd:.17g}")    # a log has nine digits
            worst = max(worst, abs(autograd / logged - 1) / 100)
        for key, param in model.named_parameters():
            apart = ((before[key] - after[key]) / 0.1 - param.grad).abs().max().item()
            print(f"{name}\t{key}\t{apart:.3g}\t{param.grad.norm().item():.17g}")
            worst = max(worst, apart)
    print(f"worst\t\t{worst:.3g}")
    sys.exit(not worst <= 1e-10)


def main():
    form, argument = sys.argv[1:]
    if form == "check":
        check(argument)
    elif form in ("lstm-e", "t2", "lstm-i"):
        peer.serve_processes(f"PyTorch {torch.__version__} {form}", work, (form,), int(argument))
    else:
        sys.exit(f"unknown form '{form}'")


if __name__ == "__main__":
    main()
