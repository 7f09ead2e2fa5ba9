"""The models of work on distribution shift in PyTorch: the encoder tf-s, the residual network res, the MLP mlp-s.

usage: shift_torch.py FORM PROCESSES|THREADS
  mlp-s, tf-s     each process trains models one after another, on one thread, with Adam's fused form: seconds per model-step
  res             forward and backward of 128 images on THREADS threads, channels last
usage: shift_torch.py check PROGRAMS
  the losses and gradients of the programs in the folder PROGRAMS against autograd's, in float64; status 1 beyond 1e-10
"""
import os
import subprocess
import sys
import tempfile

import numpy
import torch

import peer

functional = torch.nn.functional


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = torch.nn.Linear(13, 64)
        self.cls = torch.nn.Parameter(torch.randn(1, 64))
        self.position = torch.nn.Parameter(torch.randn(10, 64))
        layer = torch.nn.TransformerEncoderLayer(64, 4, 256, dropout=0, batch_first=True)
        self.layers = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = torch.nn.Linear(64, 4)

    def forward(self, x):
        x = self.patch(x.unflatten(1, (9, 13)))
        x = torch.cat([self.cls.expand(len(x), 1, 64), x], 1) + self.position
        return self.head(self.layers(x)[:, 0])

    def take(self, tensors):
        """Parameters as grok-export --names torch writes them."""
        with torch.no_grad():
            self.cls.copy_(tensors["cls.weight"])
            self.position.copy_(tensors["position.weight"])
            for name, module in (("patch", self.patch), ("unembed", self.head)):
                module.weight.copy_(tensors[name + ".weight"])
                module.bias.copy_(tensors[name + ".bias"])
            for i, layer in enumerate(self.layers.layers):
                for part in ("weight", "bias"):
                    of = lambda name: tensors[f"block{i}.{name}.{part}"]
                    joined = torch.cat([of(f"attention.{name}") for name in ("query", "key", "value")])
                    getattr(layer.self_attn, f"in_proj_{part}").copy_(joined)
                    getattr(layer.self_attn.out_proj, part).copy_(of("attention.output"))
                    getattr(layer.linear1, part).copy_(of("mlp.in"))
                    getattr(layer.linear2, part).copy_(of("mlp.out"))
                    getattr(layer.norm1, part).copy_(of("norm1"))
                    getattr(layer.norm2, part).copy_(of("norm2"))

    def gradients(self):
        """By the names that take() reads."""
        found = {"cls.weight": self.cls.grad, "position.weight": self.position.grad}
        for name, module in (("patch", self.patch), ("unembed", self.head)):
            found[name + ".weight"], found[name + ".bias"] = module.weight.grad, module.bias.grad
        for i, layer in enumerate(self.layers.layers):
            for part in ("weight", "bias"):
                joined = getattr(layer.self_attn, f"in_proj_{part}").grad.chunk(3)
                found.update({f"block{i}.attention.{name}.{part}": g for name, g in zip(("query", "key", "value"), joined)})
                for name, module in (("attention.output", layer.self_attn.out_proj), ("mlp.in", layer.linear1),
                                     ("mlp.out", layer.linear2), ("norm1", layer.norm1), ("norm2", layer.norm2)):
                    found[f"block{i}.{name}.{part}"] = getattr(module, part).grad
        return found


class Block(torch.nn.Module):
    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(n_in, n_out, 3, stride, 1)
        self.conv2 = torch.nn.Conv2d(n_out, n_out, 3, 1, 1)
        self.scale = torch.nn.Parameter(torch.zeros(1))
        self.shortcut = torch.nn.Identity() if stride == 1 and n_in == n_out else torch.nn.Conv2d(n_in, n_out, 1, stride)

    def forward(self, x):
        return functional.relu(self.shortcut(x) + self.scale * self.conv2(functional.relu(self.conv1(x))))


class Residual(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = torch.nn.Conv2d(1, 16, 3, 1, 1)
        self.block0, self.block1, self.block2 = Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2)
        self.head = torch.nn.Linear(64, 10)

    def forward(self, x):
        x = functional.relu(self.stem(x.unflatten(1, (1, 28, 28))))
        return self.head(self.block2(self.block1(self.block0(x))).mean((2, 3)))

    def take(self, tensors):
        with torch.no_grad():
            for name, param in self.named_parameters():
                param.copy_(self.laid_out(param, tensors[name]))

    @staticmethod
    def laid_out(param, tensor):
        """[o, k k i] with the channel last -> [o, i, k, k]"""
        if param.dim() != 4:
            return tensor
        n_out, n_in, kernel, _ = param.shape
        return tensor.reshape(n_out, kernel, kernel, n_in).permute(0, 3, 1, 2)

    def gradients(self):
        return {name: param.grad if param.dim() != 4 else param.grad.permute(0, 2, 3, 1).flatten(1)
                for name, param in self.named_parameters()}


def mlp():
    linear, relu = torch.nn.Linear, torch.nn.ReLU
    return torch.nn.Sequential(linear(117, 200), relu(), linear(200, 200), relu(), linear(200, 4))


# --- rates ---------------------------------------------------------------------------------------------------------------


def training(form):
    """Another model every thousand steps, as in a sweep; batches of 200 of 1000 rows, squared error to one-hots."""
    x, y = torch.randn(1000, 117), torch.eye(4)[torch.arange(1000) % 4]
    state = {"left": 0}

    def step():
        if not state["left"]:
            state["model"] = mlp() if form == "mlp-s" else Encoder()
            state["optimizer"] = torch.optim.Adam(state["model"].parameters(), 1e-3, weight_decay=1e-4, fused=True)
            state["left"] = 1000
        if state["left"] % 5 == 0:
            state["order"] = torch.randperm(1000)
        rows = state["order"][state["left"] % 5 * 200:][:200]
        state["left"] -= 1
        state["optimizer"].zero_grad()
        functional.mse_loss(state["model"](x[rows]), y[rows]).backward()
        state["optimizer"].step()

    return step


def work(form, pipe):
    torch.set_num_threads(1)
    torch.manual_seed(os.getpid())
    peer.work_off(training(form), pipe)


def serve_replicas(form, processes):
    peer.serve_processes(f"PyTorch {torch.__version__} {form}", work, (form,), processes)


def serve_residual(threads):
    torch.set_num_threads(threads)
    model = Residual().to(memory_format=torch.channels_last)
    x, y = torch.randn(128, 784), torch.arange(128) % 10

    def step():
        model.zero_grad()
        functional.cross_entropy(model(x), y).backward()

    peer.serve(f"PyTorch {torch.__version__} channels last, {threads} threads", lambda seconds: peer.times(step, seconds))


# --- the same numbers ------------------------------------------------------------------------------------------------------


def run(programs, folder, name, n_in, n_class):
    """A run of two steps of descent by 0.1 on 24 items in float64 (those of tests/cli/grok-train/computes-what-pytorch-does.sh):
    items, loss and norm of the gradient at step 1, parameters of steps 1 and 2."""
    i, j = numpy.indices((25, n_in))
    x = ((37 * i * i + 101 * j + 7 * i * j) % 97 - 48) / 32
    y = numpy.arange(25) % n_class
    with open(f"{folder}/items.tsv", "w") as table:
        print(*(f"x{i}" for i in range(n_in)), "label", "set", sep="\t", file=table)
        for i in range(25):
            print(*x[i], y[i], "test" if i == 24 else "train", sep="\t", file=table)

    def call(program, *words):
        return subprocess.run([f"{programs}/{program}", *words], cwd=folder, check=True, capture_output=True, text=True).stdout

    call("grok-data", "import", "items.tsv", "--reals", "x*", "--label", "label", "--split-column", "set", "-o", "items.h5",
         "--force")
    call("grok-train", "--data", "items.h5", "--model", name, "--precision", "fp64", "--optimizer", "sgd", "--learning-rate",
         "0.1", "--weight-decay", "0", "--momentum", "0", "--steps", "2", "--log-every", "1", "--metrics", "gradient_norm",
         "--snapshot-every", "1", "--device", "cpu", "--threads", "1", "-q", "--force", "-o", "run.h5")
    call("grok-export", "--names", "torch", "--at", "all", "run.h5", "-o", "{step}.npz", "--force")
    head, *records = [line.split("\t") for line in call("grok-log", "run.h5").splitlines()]
    said = [float(records[1][head.index(name)]) for name in ("train_loss", "gradient_norm")]
    params = [{key: torch.from_numpy(value) for key, value in numpy.load(f"{folder}/{step}.npz").items()
               if value.dtype == numpy.float64} for step in (1, 2)]
    return torch.from_numpy(x[:24]), torch.from_numpy(y[:24]), said, params


def check(programs):
    programs, worst = os.path.abspath(programs), 0
    for name, model, n_in, n_class, loss_of in (
            ("tf-s", Encoder(), 117, 4, lambda out, y: functional.mse_loss(out, functional.one_hot(y, 4).double())),
            ("res", Residual(), 784, 10, functional.cross_entropy)):
        with tempfile.TemporaryDirectory() as folder:
            x, y, said, (before, after) = run(programs, folder, name, n_in, n_class)
        model = model.double()
        model.take(before)
        ours = loss_of(model(x), y)
        ours.backward()
        norm = torch.linalg.vector_norm(torch.cat([g.flatten() for g in model.gradients().values()])).item()
        for key, autograd, logged in (("loss", ours.item(), said[0]), ("gradient norm", norm, said[1])):
            print(f"{name}\t{key}\t{abs(autograd - logged):.3g}\t{autograd:.17g}")    # a log has nine digits
            worst = max(worst, abs(autograd / logged - 1) / 100)
        apart = 0
        for key, gradient in model.gradients().items():
            apart_here = ((before[key] - after[key]) / 0.1 - gradient).abs().max().item()
            print(f"{name}\t{key}\t{apart_here:.3g}\t{gradient.norm().item():.17g}")
            apart = max(apart, apart_here)
        worst = max(worst, apart)
    print(f"worst\t\t{worst:.3g}")
    sys.exit(not worst <= 1e-10)


def main():
    form, argument = sys.argv[1:]
    if form == "check":
        check(argument)
    elif form == "res":
        serve_residual(int(argument))
    elif form in ("mlp-s", "tf-s"):
        serve_replicas(form, int(argument))
    else:
        sys.exit(f"unknown form '{form}'")


if __name__ == "__main__":
    main()
