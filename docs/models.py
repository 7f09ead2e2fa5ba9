"""The transformer without norms in numpy: python3 models.py MODEL.npz N_HEAD TOKEN,TOKEN,... prints the last token's logits."""
import sys

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention(w, block, x, n_head):
    T, d = x.shape
    q, k, v = (x @ w[f"{block}.attention.{name}.weight"] for name in ("query", "key", "value"))
    q, k, v = (m.reshape(T, n_head, d // n_head).transpose(1, 0, 2) for m in (q, k, v))
    score = q @ k.transpose(0, 2, 1) / np.sqrt(d // n_head)
    score[:, np.triu(np.ones((T, T), bool), 1)] = -np.inf
    return (softmax(score) @ v).transpose(1, 0, 2).reshape(T, d) @ w[f"{block}.attention.output.weight"]


def mlp(w, block, x):
    hidden = np.maximum(x @ w[f"{block}.mlp.in.weight"] + w[f"{block}.mlp.in.bias"], 0)
    return hidden @ w[f"{block}.mlp.out.weight"] + w[f"{block}.mlp.out.bias"]


def logits(w, tokens, n_head):
    x = w["embed.weight"][tokens] + w["position.weight"][: len(tokens)]
    layer = 0
    while f"block{layer}.mlp.in.weight" in w:
        x = x + attention(w, f"block{layer}", x, n_head)
        x = x + mlp(w, f"block{layer}", x)
        layer += 1
    return x[-1] @ w["unembed.weight"]


if __name__ == "__main__":
    model = {name: value.astype(np.float64) for name, value in np.load(sys.argv[1]).items()}
    print(*logits(model, [int(token) for token in sys.argv[3].split(",")], int(sys.argv[2])), sep="\n")
