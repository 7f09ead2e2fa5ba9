#!/bin/bash
# What goes to and comes from Python, with the packages themselves, pinned, in a virtual environment that this script makes:
# logits of exported models in numpy, PyTorch and TransformerLens; safetensors and event files by their own readers; the way
# back.
. "$(dirname "$0")/../robust/common.bash"
packages='numpy==2.4.6 safetensors==0.8.0 tensorboard==2.21.0 torch==2.15.0 transformer_lens==3.9.0'
python=${GK_PYTHON:-}
if [ -z "$python" ]; then
    # shellcheck disable=SC2086  # a list
    { python3 -m venv venv && venv/bin/pip -q install $packages; } > pip.log 2>&1 ||
        { tail -n 3 pip.log; echo "skipped: these cannot be installed here: $packages"; finish; }
    python=$PWD/venv/bin/python
fi

model=(--task add --prime 11 --d-model 16 --n-head 4 --d-mlp 32 --fraction 0.5 --threads 1 -q)
grok-train "${model[@]}" --n-layer 2 --steps 20 -o plain.h5
grok-train "${model[@]}" --norm pre --final-norm --bias all --steps 20 -o full.h5
grok-train --task add --prime 11 --model mlp --widths 8x6 --fraction 0.5 --threads 1 -q --steps 20 -o mlp.h5
for name in plain full mlp; do grok-eval --logits $name-logits.npz $name.h5 > $name.tsv; done
grok-export plain.h5 -o plain.npz
grok-export plain.h5 -o plain.safetensors
grok-export --names transformerlens full.h5 -o full.safetensors
grok-export --names torch mlp.h5 -o mlp.safetensors
grok-export --format tensorboard plain.h5 -o events

cat > logits.py <<'END'
import sys
import numpy as np
sys.path.insert(0, sys.argv[1] + "/docs")
import models
w = {k: v.astype(np.float64) for k, v in np.load("plain.npz").items()}
ours = np.load("plain-logits.npz")["logits"]
theirs = np.array([models.logits(w, [i // 11, i % 11, 11], 4) for i in range(121)])
assert np.abs(ours - theirs).max() < 1e-5, np.abs(ours - theirs).max()
END
cat > packages.py <<'END'
import numpy as np, safetensors.numpy
a, b = safetensors.numpy.load_file("plain.safetensors"), np.load("plain.npz")
assert set(a) == set(b.files) and all((a[k] == b[k]).all() for k in a)
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator("events")
events.Reload()
loss = events.Scalars("test_loss")
assert loss[0].step == 0 and loss[-1].step == 20, loss
END
cat > torch_mlp.py <<'END'
import numpy as np, torch
from safetensors.torch import load_file
class Mlp(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(12, 128)
        self.layer0, self.layer1, self.head = torch.nn.Linear(384, 8), torch.nn.Linear(8, 6), torch.nn.Linear(6, 12)
    def forward(self, x):
        return self.head(torch.relu(self.layer1(torch.relu(self.layer0(self.embed(x).flatten(1))))))
model, ours = Mlp(), torch.tensor(np.load("mlp-logits.npz")["logits"])
model.load_state_dict(load_file("mlp.safetensors"))
x = torch.tensor([[i // 11, i % 11, 11] for i in range(121)])
assert (model(x) - ours).abs().max() < 1e-5
torch.save({"model": model.state_dict(), "epoch": 3}, "mlp.pth")
END
cat > lens.py <<'END'
import numpy as np, torch
from safetensors.torch import load_file
from transformer_lens import HookedTransformer, HookedTransformerConfig
model = HookedTransformer(HookedTransformerConfig(n_layers=1, n_heads=4, d_model=16, d_head=4, d_mlp=32, d_vocab=12, n_ctx=3,
                                                  act_fn="relu", normalization_type="LN", device="cpu"))
model.load_state_dict(load_file("full.safetensors"), strict=False)
x = torch.tensor([[i // 11, i % 11, 11] for i in range(121)])
ours = torch.tensor(np.load("full-logits.npz")["logits"])
assert (model(x)[:, -1] - ours).abs().max() < 1e-5, (model(x)[:, -1] - ours).abs().max()
torch.save(model.state_dict(), "full.pth")
END
check 'numpy of docs/models.py has our logits' "$python" logits.py "$TOP"
check 'safetensors and tensorboard read what they should' "$python" packages.py
check 'modules of PyTorch have our logits' "$python" torch_mlp.py
check 'TransformerLens has our logits' "$python" lens.py
check 'losses and gradients of an LSTM are those of nn.LSTM' "$python" -B "$TOP/tests/bench/peers/eff_torch.py" check "$BUILD/bin"
check 'losses and gradients of tf-s and res are those of PyTorch' "$python" -B "$TOP/tests/bench/peers/shift_torch.py" check \
    "$BUILD/bin"
# The way back is the same bytes.
back() {
    local name=$1 names=$2 prefix=$3
    shift 3
    grok-import --weights "$name.pth" --names "$names" ${prefix:+--prefix "$prefix"} "$@" -o "$name-back.h5" &&
        grok-export "$name.h5" -o "$name-1.npz" && grok-export "$name-back.h5" -o "$name-2.npz" && cmp "$name-1.npz" "$name-2.npz"
}
check 'what PyTorch saves comes back' back mlp torch model. --task add --prime 11 --model mlp --widths 8x6 --fraction 0.5 -q
check 'what TransformerLens saves comes back' back full transformerlens '' "${model[@]}" --norm pre --final-norm --bias all
finish
