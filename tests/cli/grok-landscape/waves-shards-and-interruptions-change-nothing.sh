# timeout: 120
# The same cells come out of one wave and of many, of shards that are merged, and of a grid that was interrupted.
grid=(--task add --prime 11 --d-model 16 --n-head 2 --d-mlp 32 --alpha '0.5,1,2' --fraction '0.3,0.5' --seed 0..1 --threads 1 -q)
cells() { grok-log --landscape "$@" | grep -v '^#'; }
grok-landscape "${grid[@]}" --steps 200 -o whole.h5
cells whole.h5 > expected
[ "$(wc -l < expected)" = 13 ]

grok-landscape "${grid[@]}" --steps 200 --wave 5 -o waves.h5
cells waves.h5 | cmp - expected
[ "$(grok-log --runs waves.h5 | tail -n 1 | cut -f 8)" = 2 ]

for shard in 1 2 3; do grok-landscape "${grid[@]}" --steps 200 --shard $shard/3 -o $shard.h5; done
grok-merge 3.h5 1.h5 2.h5 -o merged.h5
cells merged.h5 | cmp - expected
grok-check merged.h5
grok-merge 2.h5 1.h5 -o - 2> err | cells - | cmp - <(head -n 9 expected)
grep -q "4 of the 12 runs of the grid are in none of the parts" err

# interrupted in some wave, and on the way through it
long=("${grid[@]}" --steps 4000 --wave 2 --log-every 100)
grok-landscape "${long[@]}" --checkpoint-every 0.1 -o cut.h5 2> err &
while [ ! -e cut.h5 ] && kill -0 $! 2> /dev/null; do sleep 0.05; done
kill -TERM $! 2> /dev/null || true
status=0
wait $! || status=$?
if [ $status = 143 ]; then    # else it was faster than that
    grep -q 'to go on: grok-landscape --resume cut.h5' err
    grok-landscape --resume cut.h5 --threads 1 -q
else
    [ $status = 0 ]
fi
grok-landscape "${long[@]}" -o uncut.h5
cmp <(cells cut.h5) <(cells uncut.h5)
