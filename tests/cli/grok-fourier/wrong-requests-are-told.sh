# One clear line each, the right exit status, nothing written.
. "$TOP/tests/cli/expect.bash"
train() { grok-train --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --steps 3 --threads 1 -q "$@"; }
train --prime 7 --task multiply -o times.h5
grok-train --prime 7 --fraction 0.6 --model mlp --widths 8 --d-model 8 --steps 3 --threads 1 -q -o mlp.h5
train --prime 7 --sequence op-mod --join add:5:0.6 -o joint.h5
train --prime 2 --fraction 0.5 -o two.h5
train --prime 7 -o a.h5
train --prime 7 --keep metrics -o bare.h5
head -c 3000 a.h5 > cut.h5
fails 2 'no checkpoint among the operands' grok-fourier curve=a
fails 1 "Fourier measures are of add or subtract alone" grok-fourier -o x.tsv times.h5
fails 1 "'mlp.h5' is a model 'mlp'" grok-fourier -o x.tsv mlp.h5
fails 1 "Fourier measures are of add or subtract alone" grok-fourier -o x.tsv joint.h5
fails 1 "'two.h5' counts modulo 2: expected an odd prime" grok-fourier -o x.tsv two.h5
fails 1 "has no operator token" grok-fourier --spectrum operator -o x.tsv a.h5
fails 1 "'bare.h5' has no parameters" grok-fourier -o x.tsv bare.h5
fails 1 "'cut.h5'" grok-fourier -o x.tsv cut.h5
fails 1 "none.h5" grok-fourier -o x.tsv none.h5
fails 2 "invalid value '2' for '--least'" grok-fourier --least 2 a.h5
