# Mixtures that are learnt stand in FILE.part until all are: what was killed goes on with the same command, and gives the bytes of
# an undisturbed run.  What another command left, or the same about other networks, is not taken over; what cannot be read is
# said.
. "$TOP/tests/cli/expect.bash"
small='--task add --prime 7 --sequence pair --fraction 0.6 --model mlp --input onehot --widths 16 --batch full --threads 1 -q'
# shellcheck disable=SC2086
grok-train $small --learning-rate 0.01 --weight-decay 0 --steps 60 -o mem.h5
# shellcheck disable=SC2086
grok-train $small --learning-rate 0.01 --weight-decay 2 --steps 100 -o gen.h5
mix() { grok-mix --w-m2 10,1,3 --steps 30 --threads 1 -o all.tsv mem.h5 gen.h5; }
mix
[ ! -e all.tsv.part ]
mv all.tsv whole.tsv

# as if it had been killed after two of three: the first two, as the tool writes them, with marks that show they were taken over
columns='mixture\tstep\tw_mem\tw_gen\ttrain_loss\ttrain_acc\ttest_loss\ttest_acc'
rows() { for k in "$@"; do printf '%s\t0\t0\t0\t7\t0\t7\t0\n%s\t30\t0.5\t0.25\t0.125\t1\t0.0625\t1\n' "$k" "$k"; done; }
{ grep '^#' whole.tsv; printf '%b\n' "$columns"; rows 0 2; printf '1\t0\t0\t0\t7\t0\t7\t0\n'; } > left
cp left all.tsv.part
mix 2> err
grep -qF "2 of 3 mixtures are in 'all.tsv.part' already" err
grok-rows --where 'step = 30' --select w_m2,train_loss all.tsv > found
printf 'w_m2\ttrain_loss\n10\t0.125\n' | diff - <(head -n 2 found)
[ "$(grep -c '0\.125$' found)" = 2 ]
grok-rows --where 'w_m2 = 1' whole.tsv | diff - <(grok-rows --where 'w_m2 = 1' all.tsv)
[ ! -e all.tsv.part ]

# of another command, or of other networks
sed 's/--steps 30/--steps 31/' left > all.tsv.part
mix
diff whole.tsv all.tsv
sed 's/gen.h5 sha256 ./gen.h5 sha256 x/' left > all.tsv.part
mix
diff whole.tsv all.tsv
rm all.tsv

# not to be read: what it says, and where
{ grep '^#' whole.tsv; printf '%b\n' "$columns"; rows 3; } > all.tsv.part
fails 1 "'all.tsv.part' has no mixture 3 at update 0" mix
{ grep '^#' whole.tsv; printf 'mixture\tstep\n0\t30\n'; } > all.tsv.part
fails 1 "w_mem" mix

# killed while it learns
grok-mix --w-m2 10,1,3 --steps 3000 --threads 1 mem.h5 gen.h5 > expected
learn() { grok-mix --w-m2 10,1,3 --steps 3000 --threads 1 -o long.tsv mem.h5 gen.h5; }
learn & killed=$!
while [ ! -e long.tsv.part ] && [ ! -e long.tsv ]; do sleep 0.01; done
kill -9 $killed
wait $killed || true
learn
grep -v '^#' long.tsv | diff expected -
