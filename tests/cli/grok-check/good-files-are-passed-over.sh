# good files: nothing is printed; with -v their kinds are
options=(--task add --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 -q)
grok-train "${options[@]}" --steps 4 --seed 0,1 --snapshot-every 2 -o run.h5
grok-data --task add --prime 7 --fraction 0.5 -q -o data.h5
grok-check run.h5 data.h5 > out
[ ! -s out ]
grok-check - < run.h5
grok-check -v run.h5 data.h5 > out
printf 'run.h5: good checkpoint\ndata.h5: good dataset\n' | diff - out
