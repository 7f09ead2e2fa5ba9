# A checkpoint, the same down a pipe, and the table that grok-log makes of it give the same figure.
grok-train --task add --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --weight-decay 0.1,1 --seed 0..2 --steps 60 \
    --stop 'train_acc>=0.5' -q -o run.h5
grok-plot run.h5 -o a.svg
for text in 'add mod 7, train fraction 0.5' 'weight decay 0.1' 'weight decay 1' accuracy 'median and range of 3 runs each'; do
    grep -qF ">$text<" a.svg || { echo "not in the figure: $text"; exit 1; }
done
grok-plot - -o b.svg < run.h5
cmp a.svg b.svg
grok-plot - -o c.svg < <(cat run.h5)
cmp a.svg c.svg
grok-plot run.h5 -o d.svg --title plain
grok-log run.h5 | grok-plot - -o e.svg --title plain
cmp d.svg e.svg

grok-plot run.h5 -o loss.svg -y train_loss,test_loss --log-y --each
grep -qF '>loss (nats)<' loss.svg
grok-plot run.h5 -o norm.svg -y l2_norm --linear-x --by none
grep -qF '>parameter norm (L2)<' norm.svg
status=0
grok-plot run.h5 -o x.svg -y nonsense 2> err || status=$?
[ "$status" = 2 ]
grep -q "^grok-plot: no metric or column 'nonsense' in 'run.h5': it has the metrics train_loss" err
