"""The graph convolutions of molecules in PyTorch, as a good user writes them without a library for graphs: edges of a batch side
by side, a matrix for each from its own network, messages summed with index_add_.

usage: gcnn_torch.py PROCESSES
  each process trains one model after another, on one thread, with Adam's fused form, and holds the norm: seconds per model-step.
  Graphs are trees of 13 nodes on the mean with 1 edge in 20 more, about as those of synth-mols; batches of 32 are put together
  beforehand, which costs the peer nothing.
"""
import os
import sys

import torch

import peer

functional = torch.nn.functional


class Convolution(torch.nn.Module):
    """NNConv of PyTorch Geometric."""
    def __init__(self, n_in, n_out):
        super().__init__()
        self.shape = n_in, n_out
        self.root = torch.nn.Linear(n_in, n_out)
        self.edge = torch.nn.Sequential(torch.nn.Linear(4, 32), torch.nn.ReLU(), torch.nn.Linear(32, n_in * n_out))

    def forward(self, x, source, target, kind):
        theta = self.edge(kind).view(-1, *self.shape)
        message = torch.bmm(x[source].unsqueeze(1), theta).squeeze(1)
        return self.root(x).index_add(0, target, message)


class Gcnn(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = Convolution(11, 32), Convolution(32, 16)
        self.hidden, self.head = torch.nn.Linear(16, 32), torch.nn.Linear(32, 1)

    def forward(self, x, edges, graph, n_graph):
        x = functional.relu(self.first(x, *edges))
        x = functional.relu(self.second(x, *edges))
        pool = x.new_zeros(n_graph, 16).index_add_(0, graph, x)
        return self.head(functional.relu(self.hidden(pool))).squeeze(1)


def batch(n_graph=32):
    source, target, graph = [], [], []
    for g in range(n_graph):
        first, n = len(graph), int(torch.randint(3, 24, ()))
        graph += [g] * n
        pairs = [(first + i, first + int(torch.randint(0, i, ()))) for i in range(1, n)]
        pairs += [(first, first + n - 1)] * (n > 2 and int(torch.randint(0, 2, ())))
        source += [a for a, b in pairs] + [b for a, b in pairs]
        target += [b for a, b in pairs] + [a for a, b in pairs]
    kind = functional.one_hot(torch.randint(0, 4, (len(source),)), 4).float()
    edges = torch.tensor(source), torch.tensor(target), kind
    return torch.rand(len(graph), 11), edges, torch.tensor(graph), n_graph


def training():
    batches = [batch() for _ in range(16)]
    answers = [torch.rand(32) for _ in batches]
    state = {"left": 0}

    def step():
        if not state["left"]:
            state["model"] = Gcnn()
            state["optimizer"] = torch.optim.Adam(state["model"].parameters(), 1e-3, fused=True)
            with torch.no_grad():
                state["norm"] = torch.linalg.vector_norm(torch.stack([p.norm() for p in state["model"].parameters()]))
            state["left"] = 1000
        which = state["left"] % len(batches)
        state["left"] -= 1
        state["optimizer"].zero_grad()
        functional.mse_loss(state["model"](*batches[which]), answers[which]).backward()
        state["optimizer"].step()
        with torch.no_grad():
            params = list(state["model"].parameters())
            norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(params)))
            torch._foreach_mul_(params, state["norm"] / norm)

    return step


def work(pipe):
    torch.set_num_threads(1)
    torch.manual_seed(os.getpid())
    peer.work_off(training(), pipe)


def main():
    peer.serve_processes(f"PyTorch {torch.__version__} gcnn", work, (), int(sys.argv[1]))


if __name__ == "__main__":
    main()
