# Removed subclasses are a shift, thinned ones a smaller one, and of equally many items of all there is none; a layer's latents
# tell the same.  Half of the test items are in removed subclasses, so that no classifier is right more often than in 3 of 4.
. "$TOP/tests/cli/expect.bash"
grok-train --preset shift --widths 16 --items 4000 --test-items 2000 --size 1000 --thin-to 0,0.2,1 --seed 3 --steps 0 -q -o a.h5
of() { grok-rows --where "thin_to = $1" --select "$2" "$3" | tail -n 1; }
grok-shift --sample 300 a.h5 -o items.tsv
grok-shift --sample 300 --at layer0 --json a.h5 > latents.json
for table in items.tsv latents.json; do
    grok-rows --where "c2st > 0.6 and c2st < 0.82 and mmd > 0.001 and thin_to = 0" $table > none
    [ "$(grep -c . none)" -ge 2 ]
    grok-rows --where "abs(c2st_z) < 3 and thin_to = 1" $table > one
    [ "$(grep -c . one)" -ge 2 ]
    awk "BEGIN { exit !($(of 0 mmd $table) > $(of 0.2 mmd $table) && $(of 0.2 mmd $table) > $(of 1 mmd $table)) }"
    awk "BEGIN { exit !($(of 0 c2st $table) > $(of 1 c2st $table)) }"
done
grok-train --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --steps 0 -q -o tokens.h5
fails 2 'are tokens' grok-shift tokens.h5
fails 2 'no layer' grok-shift --at nowhere a.h5
grok-shift --at unembed --sample 4 tokens.h5 > few.tsv
