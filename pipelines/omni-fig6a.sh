#!/bin/bash
# OMNI, figures 6a, 6b, 6d: toy addition.  The reduced losses over the decoder's scale alpha and the messiness m of the numbers'
# representations; d: around the boundary.  m is the paper's axis: 5 times the code's.
. "$(dirname "$0")/omni.sh"
paper_maps '0 1 2 3 4'
zoom=(--init-scale 2.5:4:21 --messiness 0:0.1:21) near=6.75
what='decoder of 45 sums modulo 10, at the lowest train loss' several='median'
at_paper_scale || { near=6.3
    zoom=(--init-scale 2.5:4:7 --messiness 0:0.1:7 --steps 5000 --lr-decay-steps 1667); }
show map=wide -- toy_landscape
show map=zoom -- toy toy-zoom "${zoom[@]}"
ready_if_whole
parameters=("near=$near" "${whole_map[@]}" "zoom_cells=$(($(n_values "${zoom[1]}") * $(n_values "${zoom[3]}")))")
cells
grok-rows --define 'm=5*messiness' --where 'map = wide' -o "$out-map.tsv" "$out.tsv"
grok-rows --define 'm=5*messiness' --where 'map = zoom' -o "$out-d.tsv" "$out.tsv"
plot "$out-map.tsv" 'OMNI 6a, b: reduced train and test loss' --heatmap train_loss,test_loss -x alpha -y m --colour-power 0.25 \
    --contours 0.05 --ylabel 'messiness m (5 times the code'\''s)'
# arrows down the train loss, as one broken line: shaft, barb, tip, barb; equally long on the sheet, whose sides are 1.5 and 0.5
arrows() {
    grok-stat gradient alpha m train_loss | grok-rows --select alpha,m,dz_dx,dz_dy - | awk -F '\t' -v OFS='\t' -v length_=0.045 '
        NR == 1 { print "x", "y"; next }
        {
            u = -$3 * 1.5; v = -$4 * 0.5; n = sqrt(u * u + v * v)
            if (!(n > 0)) next
            u *= length_ / n; v *= length_ / n
            x = $1 / 1.5; y = $2 / 0.5; tip_x = x + u / 2; tip_y = y + v / 2
            print (x - u / 2) * 1.5, (y - v / 2) * 0.5; print tip_x * 1.5, tip_y * 0.5
            print (tip_x - u / 3 - v / 5) * 1.5, (tip_y - v / 3 + u / 5) * 0.5; print tip_x * 1.5, tip_y * 0.5
            print (tip_x - u / 3 + v / 5) * 1.5, (tip_y - v / 3 - u / 5) * 0.5; print "nan", "nan"
        }'
}
arrows < "$out-d.tsv" > "$out.arrows.tsv"
plot "$out-d.tsv" 'OMNI 6d: around the boundary' --heatmap train_loss -x alpha -y m --colour-power 0.25 \
    --contours 0.001,0.01,0.03,0.1 --path "$out.arrows.tsv" --ylabel 'messiness m (5 times the code'\''s)'
# the boundary, and the slopes of the train loss there and everywhere, of each seed's own map
contour() { grok-stat contour alpha m train_loss --by seed "$@"; }
derived "$out.boundary.tsv" place=boundary contour -i "$out-map.tsv" --level 0.05 --along both
derived "$out.zoom.tsv" place=zoom contour -i "$out-d.tsv" --level 0.001,0.01,0.03,0.1 --along both
derived "$out.gradient.tsv" place=cell grok-stat gradient alpha m train_loss --by seed -i "$out-map.tsv"
# the authors' numbers are of their draw, after the last update
if [ -n "${DRAW:-}" ]; then
    tabulate "$out.end.tsv" grok-log --landscape --select end
    rewritten "$out.end.tsv" place=end --define 'm=5*messiness' --where 'map = wide'
fi
judge "$out-map.tsv" "$out.boundary.tsv" "$out.zoom.tsv" "$out.gradient.tsv" "$out.end.tsv"
