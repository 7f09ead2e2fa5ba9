# The norm stays what it was; /landscape is the history read at its end, at the lowest train loss, and column by column; where
# alpha is 0 the network is zero and its loss is that of guessing.
grok-landscape --task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --alpha 0,0.5,3 --seed 0..1 --steps 60 \
    --log-every 7 --threads 1 -q -o l.h5
grok-log l.h5 | grep -v '^#' > history.tsv
grok-log --landscape --select all l.h5 | grep -v '^#' > cells.tsv
awk -F '\t' '
    function abs(x) { return x < 0 ? -x : x }
    function near(a, b, what) { if (abs(a - b) > 1e-6 * (1 + abs(b))) { print what ": " a ", expected " b; bad = 1 } }
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) { sub(/:.*/, "", $i); at[$i] = i } next }
    FILENAME == "history.tsv" {
        run = $at["run"]; v[1] = $at["train_loss"]; v[2] = $at["test_loss"]
        v[3] = 1 - $at["train_acc"]; v[4] = 1 - $at["test_acc"]
        if (!(run in low) || v[1] < low[run]) { low[run] = v[1]; for (i = 1; i <= 4; i++) argmin[run, i] = v[i] }
        for (i = 1; i <= 4; i++) { end[run, i] = v[i]; if (!((run, i) in best) || v[i] < best[run, i]) best[run, i] = v[i] }
        if (!(run in norm)) norm[run] = $at["l2_norm"]
        near($at["l2_norm"], norm[run], "norm of run " run)
        next
    }
    {
        run = $at["run"]; n++
        split("train_loss test_loss train_error test_error", name, " ")
        for (i = 1; i <= 4; i++) {
            near($at[name[i] "_end"], end[run, i], name[i] "_end"); near($at[name[i] "_best"], best[run, i], name[i] "_best")
            near($at[name[i] "_argmin"], argmin[run, i], name[i] "_argmin")
        }
        if ($at["alpha"] == 0) {
            near($at["l2_norm"], 0, "norm at alpha 0"); near($at["test_loss_end"], log(8), "loss at alpha 0")
        }
        if ($at["n_train"] != 24) { print "n_train " $at["n_train"]; bad = 1 }
    }
    END { if (n != 6) { print n " cells, expected 6"; bad = 1 } exit bad }' history.tsv cells.tsv
# the default is the definition, and h5dump shows the table
[ "$(grok-log --landscape l.h5 | grep -v '^#' | cut -f 8)" = \
  "$(printf 'train_loss\n'; cut -f 12 cells.tsv | tail -n +2)" ]
h5dump -d /landscape l.h5 | grep -q '"train_loss_argmin"'
[ "$(grok-log --landscape --json l.h5 | head -n 1 | grep -c '"test_error_argmin"')" = 0 ]
grok-check l.h5
