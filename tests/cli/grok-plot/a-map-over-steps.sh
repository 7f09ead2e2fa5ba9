# A map over step shows the history of each run; a table with one step of each run would show nothing but their ends: refused.
. "$TOP/tests/cli/expect.bash"
grok-train --task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --weight-decay 0.1,1 --seed 0..1 --steps 20 \
    --log-every 5 -q -o run.h5
grok-plot run.h5 --heatmap train_loss -x step -y weight_decay -o a.svg
grok-log run.h5 -m train_loss | grok-plot - --heatmap train_loss -x step -y weight_decay -o b.svg --title t
grok-plot run.h5 --heatmap train_loss -x step -y weight_decay -o c.svg --title t
diff <(sed 's/ (nats)//' c.svg) b.svg
for text in 'optimiser steps' 'weight decay' 'median of 2 runs in a cell'; do grep -qF ">$text<" a.svg; done
grok-log --final run.h5 > final.tsv
awk 'BEGIN { FS = OFS = "\t" } NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^steps/) $i = "step" } 1' final.tsv > last.tsv
fails 1 "'last.tsv' has one step of each run: a map over step is drawn of histories" grok-plot last.tsv --heatmap train_loss \
    -x step -y weight_decay -o d.svg
