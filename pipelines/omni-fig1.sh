#!/bin/bash
# OMNI, figure 1: a) a sketch of weight space: the sphere of norm w_c on which networks generalise, and the valley of all that
# memorise, which reaches beyond it.  b) From the data of 2a and 2b: the L of the train loss, the U of the test loss, and students
# that begin on the U's outer arm, at alpha 2, and slide down it as fast as their weight decay shrinks them.
. "$(dirname "$0")/omni.sh"
show -- teacher_landscape teacher-landscape
map=("${operands[@]}") operands=()
show -- teacher_students
ready_if_whole
students=("${operands[@]}") operands=("${map[@]}")
what="student of 100 items of a teacher; reduced losses, and the test loss of a seed's runs"
cells
operands=("${students[@]}")
tabulate "$out.runs.tsv" grok-log -m test_loss,l2_norm
# alpha of a record: its norm over that of alpha 1, which is half the one at the start
grok-rows --where 'init_scale = 2 and step = 0' --select seed,weight_decay,start=l2_norm -o "$out.start.tsv" "$out.runs.tsv"
grok-rows --where 'init_scale = 2' --join "$out.start.tsv" --key seed,weight_decay --define 'alpha=2*l2_norm/start' \
    -o "$out.ways.tsv" "$out.runs.tsv"
first=$(grok-rows --select seed "$out.ways.tsv" | sed -n 2p)
ways=()
for gamma in 0 0.03 "$much"; do
    grok-rows --where "weight_decay = $gamma and seed = $first" --select seed,step,alpha,loss=test_loss -o "$out.$gamma.tsv" \
        "$out.ways.tsv"
    ways+=("curve=from alpha 2, gamma $gamma" "$out.$gamma.tsv")
done
grok-rows --select seed,alpha,loss=train_loss -o "$out.l.tsv" "$out.tsv"
grok-rows --select seed,alpha,loss=test_loss -o "$out.u.tsv" "$out.tsv"
grok-rows -o "$out-b.tsv" 'curve=train loss: an L' "$out.l.tsv" 'curve=test loss: a U' "$out.u.tsv" "${ways[@]}"
rm "$out".{l,u,runs,start,ways,0,0.03,"$much"}.tsv
plot "$out-b.tsv" 'OMNI 1b: down the U by weight decay' -x alpha -y loss --by curve --log-x --log-y --bold 'from' --yrange 1e-8: \
    --ylabel 'mean squared error'
for format in svg png; do
    terminal="svg size 640,420 background rgb 'white' font 'sans-serif,14'"
    [ $format = svg ] || terminal="pngcairo size 960,630 background rgb 'white' font 'sans,14'"
    gnuplot > "$out-a.$format.tmp" << END
set terminal $terminal
unset border; unset tics; unset key
set size ratio -1; set xrange [-6:9]; set yrange [-5:5]
set object 1 polygon from 1.2,1.2 to 3,2.6 to 5.2,3.2 to 7.6,3 to 8.2,2 to 6.4,1.2 to 4.4,1.1 to 2.6,0.6 to 1.2,1.2 \
    fillstyle solid 1 noborder fillcolor rgb '#f4c9a8' back
set object 2 circle at 0,0 size 2.6 fillstyle empty border linecolor rgb '#0072b2' linewidth 8
set object 3 circle at 0,0 size 0.09 fillstyle solid 1 fillcolor rgb 'black'
set object 4 circle at 6.9,-2.4 size 0.14 fillstyle solid 1 fillcolor rgb 'black' front
set arrow 1 from 6.8,-2.2 to 6.1,1.6 linewidth 2 front
set arrow 2 from 6.1,1.7 to 2.5,1.15 linewidth 2 linecolor rgb '#d55e00' front
set label 1 'origin' at 0.2,-0.35 left
set label 2 "norm w_c: networks\nthat generalise" at -5.2,3.4 left textcolor rgb '#0072b2'
set label 3 'all train items right' at 4.1,3.7 left textcolor rgb '#b06020'
set label 4 'initial weights' at 6.6,-3 center
set label 5 'memorising: fast' at 6.7,-0.4 left
set label 6 "weight decay:\nslow" at 3.4,0.2 left textcolor rgb '#d55e00'
plot NaN
END
    mv "$out-a.$format.tmp" "$out-a.$format"
done
echo "figure $out-a.svg" >&2
no_claims
