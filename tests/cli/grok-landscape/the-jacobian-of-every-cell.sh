# timeout: 120
# --jacobian: Tr(J^T J) of every cell at its end, whatever waves, threads, interruptions and --keep; of a file that is resumed
# those of finished cells stay, and cells that train on get new ones.
. "$TOP/tests/cli/expect.bash"
grid=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --seed 0..1 --jacobian -q --log-every 20)
traces() { grok-log --landscape "$@" | awk -F '\t' '
    /^#/ { next } !n { for (n = 1; n <= NF; n++) { sub(/:.*/, "", $n); at[$n] = n } next }
    { print $at["run"], $at["alpha"], $at["jacobian"] }'; }

grok-landscape "${grid[@]}" --alpha 0,0.5,3 --steps 60 --threads 1 -o l.h5
traces l.h5 > expected
awk '!($3 ~ /^[0-9.e+-]+$/) || ($2 > 0 && $3 <= 0) || ($2 == 0 && $3 != 0) { print; bad = 1 }
     END { exit bad || NR != 6 }' expected
# steeper where weights are larger
awk '{ sum[$2] += $3 } END { exit !(sum[3] > 10 * sum[0.5]) }' expected
h5dump -d /landscape l.h5 | grep -q '"jacobian"'
grok-check l.h5

grok-landscape "${grid[@]}" --alpha 0,0.5,3 --steps 60 --threads 3 --wave 2 --keep all -o waves.h5
traces waves.h5 | cmp - expected
cp waves.h5 done.h5
grok-landscape --resume done.h5 -q
traces done.h5 | cmp - expected
# on from there: as if it had been made at once
grok-landscape --resume waves.h5 --steps 120 --threads 1 -q
grok-landscape "${grid[@]}" --alpha 0,0.5,3 --steps 120 --threads 1 -o more.h5
traces waves.h5 | cmp - <(traces more.h5)
traces waves.h5 | not cmp -s - expected

# of fewer items, a part of it
grok-landscape "${grid[@]}" --alpha 0.5,3 --steps 60 --threads 1 --eval-items 5 -o few.h5
paste -d ' ' <(traces few.h5) <(awk '$2 > 0' expected) | awk '!($3 > 0 && $3 < $6) { print; bad = 1 } END { exit bad || NR != 4 }'

# interrupted, on the way through steps or Jacobians
status=0
long=(--task add --prime 31 --d-model 64 --n-head 2 --d-mlp 128 --alpha '0.5,1,2' --seed 0..1 --jacobian --steps 20 --wave 3 -q)
grok-landscape "${long[@]}" -o uncut.h5
timeout -s TERM 0.8 grok-landscape "${long[@]}" -o cut.h5 2> err || status=$?
[ -e cut.h5 ] || grok-landscape "${long[@]}" -o cut.h5    # ended before it was ready to be
for _ in 1 2 3 4 5 6 7 8; do
    [ $status != 0 ] || break
    status=0
    timeout -s TERM 0.8 grok-landscape --resume cut.h5 -q 2> err || status=$?
done
[ $status = 0 ] || grok-landscape --resume cut.h5 -q
cmp <(traces cut.h5) <(traces uncut.h5)
