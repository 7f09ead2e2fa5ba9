#!/bin/bash
# OMNI, figure 2a: the lowest train loss of a student at every weight norm, and the test loss there: an L and a U.
. "$(dirname "$0")/omni.sh"
MAP_SEEDS=$SEEDS alphas=0.1:10:x21 steps=10000 rate=3e-4
at_paper_scale || { alphas=0.1:10:x11 steps=5000 rate=1e-3; }
show -- landscape teacher-landscape --preset omni-teacher --optimizer adam --weight-decay 0 --init-scale $alphas \
    --learning-rate $rate --steps $steps
ready
what="100 items of a teacher, $steps updates on spheres, at the lowest train loss"
cells
plot "$out.tsv" 'OMNI 2a: reduced losses of a student' -x alpha -y train_loss,test_loss --by none --log-x --log-y \
    --style linespoints --ylabel 'mean squared error'
judge "$out.tsv"
