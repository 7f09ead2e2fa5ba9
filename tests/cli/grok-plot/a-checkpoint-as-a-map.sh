# The map of a checkpoint shows what each run had at its end.
grok-train --task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.3,0.5 --weight-decay 0.1,1 --seed 0..1 --steps 20 \
    -q -o run.h5
grok-plot run.h5 --heatmap train_loss -x weight_decay -y fraction -o a.svg
for text in 'train loss (nats)' 'weight decay' 'train fraction' 'add mod 7' 'median of 2 runs in a cell'; do
    grep -qF ">$text<" a.svg || { echo "not in the figure: $text"; exit 1; }
done
grok-log --final run.h5 | grok-plot - --heatmap train_loss -x weight_decay -y fraction -o b.svg --title t
grok-plot run.h5 --heatmap train_loss -x weight_decay -y fraction -o c.svg --title t
diff <(sed 's/ (nats)//' c.svg) b.svg
