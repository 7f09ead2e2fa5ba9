# kd-x3.loss: of Adam's taught students the test loss falls below 0.1 where the norm rises.  A norm that falls there by little
# fails; so does a run that never gets there, unless it ended before $steps and so might have.
awk -v RS= '/^id: kd-x3.loss\n/' "$TOP/pipelines/kd.claims" > c.claims
# is VERDICT MISSING STEPS: of a run with these test losses and norms after 0, 10, 20 and 30 updates
is() {
    { printf 'task\toptimizer\tmethod\tseed\tstep\ttest_loss\tl2_norm\n'
      paste -d '\t' <(printf 'add\tadam\ttaught\t0\t%s\n' 0 10 20 30) losses norms; } > t.tsv
    grok-claims --claims c.claims --set steps="$3" t.tsv | tail -n 1 | cut -f 8,10 > found
    printf '%s\t%s\n' "$1" "$2" | diff - found
}
printf '%s\n' 40 41 42 43 > norms
printf '%s\n' 4 1 0.05 0.04 > losses
is PASS '' 30
printf '%s\n' 4 1 0.2 0.05 > losses    # at the last record, too
is PASS '' 30
printf '%s\n' 40 42 41.995 41.99 > norms
printf '%s\n' 4 1 0.05 0.04 > losses
is FAIL '' 30
printf '%s\n' 40 41 42 43 > norms
printf '%s\n' 4 1 2 3 > losses
is FAIL '' 30
is INCONCLUSIVE 'add: longer runs' 40
