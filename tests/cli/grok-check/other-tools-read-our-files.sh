# h5dump reads a sealed file, and one that came through a pipe; the pipe gives the bytes of the file
command -v h5dump > /dev/null || { echo 'skip: no h5dump'; exit; }
options=(--task add --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 3 -q)
grok-train "${options[@]}" -o run.h5
grok-train "${options[@]}" -o - | tee pipe.h5 | grok-check -
h5dump -H run.h5 | grep -q 'DATASET "embed.weight"'
h5dump -d /history/step pipe.h5 | grep -q 'H5T_STD_I64LE'
h5dump -a /model/embed.weight/axes pipe.h5 | grep -q '"replica,'
