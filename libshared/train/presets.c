/* presets.c -- settings of papers and their code, as far as the options can say them.
 *
 * What a source leaves open or does differently is said in its row.  Sources that start from PyTorch's initial laws and train
 * with its cross-entropy are given that loss's usual gradient (--softmax naive) only where they study its rounding. */
#include "train/config.h"

#define ONE_LAYER "task=add prime=113 fraction=0.3 model=t1 optimizer=adamw learning-rate=1e-3 weight-decay=1 beta1=0.9 "
#define TWO_LAYERS "model=transformer n-layer=2 n-head=4 d-model=128 d-mlp=512 causal=yes logits=vocab learning-rate=1e-3 " \
                   "beta1=0.9 beta2=0.98 warmup=10 "
#define ONE_HOTS "task=add prime=113 sequence=pair model=mlp input=onehot widths=200x200 activation=relu bias=none init=torch " \
                 "logits=answers batch=full optimizer=adamw weight-decay=0 beta1=0.9 epsilon=1e-25 softmax=naive fraction=0.4 " \
                 "learning-rate=0.01 "

/* Two layers of ReLUs with one output for two classes, by plain gradient descent. */
#define ONE_OUTPUT "model=mlp activation=relu optimizer=sgd momentum=0 "

/* As in experiments A.4; the betas are those that the source trains the model with. */
const gk_shorthand gk_model_shorthands[] = {
    { "model", "mlp-784",
      "model=mlp widths=200x200 activation=relu bias=all init=torch logits=answers loss=mse-onehot beta2=0.999" },
    { "model", "mlp-ts", "model=mlp widths=100x100 activation=tanh bias=all init=torch loss=mse beta2=0.999" },
    { "model", "mlp-s",
      "model=mlp widths=200x200 activation=relu bias=all init=torch logits=answers loss=mse-onehot beta2=0.999" },
    { "model", "tf-s", "model=transformer n-token=9 cls=yes n-layer=2 n-head=4 d-model=64 d-mlp=256 norm=post "
      "norm-kind=layernorm bias=all position=learned causal=no init=torch-mha activation=relu logits=answers "
      "loss=mse-onehot beta2=0.999" },
    { "model", "res", "model=resnet widths=16x32x64 activation=relu bias=all init=he logits=answers loss=ce beta2=0.999" },
    { "model", "dec",
      "model=mlp input=latent widths=200x200 activation=leaky-relu bias=all init=torch loss=mse beta2=0.99 prime=10" },
    { "model", "t1", "model=transformer n-layer=1 n-head=4 d-model=128 d-mlp=512 norm=none bias=mlp position=learned causal=yes "
      "init=nanda activation=relu logits=vocab loss=ce beta2=0.98" },
    { "model", "lstm-e", "model=lstm d-model=128 widths=128x128 bias=all init=torch logits=vocab loss=ce beta2=0.98" },
    { "model", "lstm-i", "model=lstm d-model=64 widths=128x128 bias=all init=torch loss=logistic beta2=0.999" },
    { "model", "gcnn", "model=gcn widths=32x16 d-mlp=32 activation=relu bias=all init=torch loss=mse beta2=0.999" },
    { NULL, NULL, NULL }
};

const gk_preset gk_presets[] = {
    { "nanda", "Nanda et al. 2023, Progress measures for grokking via mechanistic interpretability (code: 50000 epochs)",
      ONE_LAYER "sequence=eq batch=full warmup=10 steps=40000" },
    { "omnigrok-add", "Liu et al. 2023, Omnigrok: modular addition, standard training in float64",
      ONE_LAYER "sequence=eq batch=full warmup=0 precision=fp64 steps=15000" },
    { "omnigrok-add-constrained", "Liu et al. 2023, Omnigrok: modular addition, norm kept at 0.8 x the initial one",
      ONE_LAYER "sequence=eq batch=full warmup=0 precision=fp64 steps=15000 weight-decay=0 init-scale=0.8 "
      "constrain-norm=global" },
    { "omni-mnist", "Liu et al. 2023, Omnigrok: grokking on MNIST, figure 3d (code: batches without replacement, float64)",
      "task=mnist size=1000 model=mlp-784 init-scale=8 optimizer=adamw learning-rate=1e-3 weight-decay=0.01 batch=200 "
      "precision=fp64 steps=100000" },
    { "omni-mnist-landscape", "Liu et al. 2023, Omnigrok: one cell of the MNIST landscapes, figure 3a (text: batch 200)",
      "task=mnist model=mlp-784 optimizer=adamw learning-rate=1e-3 weight-decay=0 constrain-norm=global batch=100 "
      "log-every=50 eval-items=2000 steps=10000" },
    { "omni-imdb", "Liu et al. 2023, Omnigrok: reviews of films, figure 4d (code; 128 units a layer as in the text)",
      "task=imdb items=1000 model=lstm-i init-scale=6 optimizer=adamw learning-rate=3e-4 weight-decay=1 batch=50 clip-norm=5 "
      "steps=75000" },
    { "omni-imdb-landscape", "Liu et al. 2023, Omnigrok: one cell of the landscapes of reviews, figure 4a (the same; 5 epochs)",
      "task=imdb items=1000 model=lstm-i optimizer=adam learning-rate=1e-3 weight-decay=0 constrain-norm=global batch=50 "
      "clip-norm=5 log-every=15 steps=75" },
    { "omni-teacher", "Liu et al. 2023, Omnigrok: teacher and student, figure 2b (code: weight decay 0.05)",
      "task=teacher-student model=mlp-ts init-scale=2 optimizer=adamw learning-rate=3e-4 weight-decay=0.03 batch=full "
      "steps=100000" },
    { "omni-qm9", "Liu et al. 2023, Omnigrok: molecules, figure 5d (text: 200 to train on)",
      "task=qm9 items=100 fraction=0.5 model=gcnn init-scale=3 optimizer=adamw learning-rate=1e-3 weight-decay=0 batch=32 "
      "steps=100000" },
    { "omni-qm9-landscape", "Liu et al. 2023, Omnigrok: one cell of the landscapes of molecules, figure 5a",
      "task=qm9 items=100 fraction=0.5 model=gcnn optimizer=adam learning-rate=1e-3 weight-decay=0 constrain-norm=global "
      "batch=32 log-every=50 steps=2000" },
    { "omni-toy", "Liu et al. 2023, Omnigrok: one cell of the landscapes of toy addition, figure 6 (code; text: rate 1e-3, 10000 "
      "steps)",
      "task=toy-addition size=45 model=dec optimizer=adam learning-rate=1e-2 weight-decay=0 lr-schedule=step lr-decay-steps=5000 "
      "lr-decay-factor=0.2 constrain-norm=global batch=full steps=15000" },
    { "shift", "'Grokking Explained: A Statistical Phenomenon', figure 3b (model, optimiser, loss, batch and steps are ours)",
      "task=equidistant size=2000 thin=*.1 thin-to=0.2 model=mlp-s init-scale=8 optimizer=adam learning-rate=1e-3 "
      "weight-decay=1e-4 batch=200 steps=40000" },
    { "parity", "Merrill et al. 2023, A Tale of Two Circuits (code: 300 epochs)",
      ONE_OUTPUT "task=sparse-parity parity=3 dim=40 items=1000 test-items=100 widths=1000 bias=blocks init=torch loss=hinge "
      "learning-rate=0.1 weight-decay=0.01 decay-form=coupled batch=32 steps=9600" },
    { "egd-parity", "Pasand and Dohmatob 2025, Egalitarian Gradient Descent: its baseline, 3 of 100 bits (code: squared error)",
      ONE_OUTPUT "task=sparse-parity parity=3 dim=100 items=2000 test-items=10000 widths=100 bias=blocks init=he loss=mse-sign "
      "learning-rate=0.0416239 weight-decay=0.01 decay-form=coupled params=@vectors:weight-decay=0 batch=32 steps=124000" },
    { "xor-cluster", "Xu et al. 2024, Benign Overfitting and Grokking in ReLU Networks for XOR Cluster Data (sizes, noise and "
      "rate are ours)",
      ONE_OUTPUT "task=xor-cluster dim=2000 items=200 sigma=1 separation=20 label-noise=0.2 widths=256 bias=none init=torch "
      "init-scale=0.1 loss=logistic learning-rate=0.1 freeze=head.* batch=full steps=2000" },
    { "kd", "teacher of 'When Data Falls Short: Grokking Below the Critical Threshold' (widths, betas, p are ours)",
      ONE_LAYER "sequence=op-mod vocab-prime=113 batch=2048 warmup=0 steps=30000" },
    { "power", "Power et al. 2022, Grokking (openai/grok; decay 1 and 50 % as in the paper; no end-of-sequence tokens)",
      TWO_LAYERS "task=add prime=97 sequence=op-eq fraction=0.5 norm=post norm-kind=layernorm bias=none position=sinusoidal "
      "init=power activation=relu optimizer=adamw weight-decay=1 batch=half512 steps=100000" },
    { "mlp-e", "MLP of 'Towards Understanding the Mystery behind Grokking via Model and Training Efficiency' (widths are ours)",
      "task=add prime=97 sequence=pair fraction=0.5 model=mlp input=embed d-model=128 widths=448x448 activation=relu bias=all "
      "init=torch logits=answers optimizer=adamw learning-rate=1e-3 weight-decay=1 beta1=0.9 beta2=0.98 warmup=10 "
      "batch=half512 steps=100000" },
    { "lstm-e", "LSTM of 'Towards Understanding the Mystery behind Grokking via Model and Training Efficiency' (sizes are ours)",
      "task=add prime=97 sequence=op-eq fraction=0.5 model=lstm-e optimizer=adamw learning-rate=1e-3 weight-decay=1 beta1=0.9 "
      "warmup=10 batch=half512 steps=100000" },
    { "grokfast", "Lee et al. 2024, Grokfast, EMA filter on multiplication (their data leave out y = 0)",
      TWO_LAYERS "task=multiply prime=97 sequence=op-eq fraction=0.5 norm=pre norm-kind=layernorm final-norm=yes bias=blocks "
      "position=learned init=torch-mha activation=gelu optimizer=adam weight-decay=0.005 ema-alpha=0.98 ema-lambda=2 batch=512 "
      "steps=300000" },
    { "mamay", "danielmamay/grokking: division (their warm-up goes from 0.1 to 1)",
      TWO_LAYERS "task=divide prime=97 sequence=op-eq fraction=0.5 norm=post norm-kind=layernorm bias=none position=learned "
      "init=torch-mha activation=relu optimizer=adamw weight-decay=1 batch=half512 steps=100000" },
    { "edge", "Prieto et al. 2025, Grokking at the edge of numerical stability: softmax collapse in float32",
      ONE_HOTS "beta2=0.99 steps=80000" },
    { "edge-stablemax", "Prieto et al. 2025: the same with StableMax",
      ONE_HOTS "beta2=0.999 softmax=stablemax steps=80000" },
    { "edge-orthogonal", "Prieto et al. 2025: the same with orthogonal gradients",
      ONE_HOTS "beta2=0.99 orthogonal=yes steps=300" },
    { NULL, NULL, NULL }
};
