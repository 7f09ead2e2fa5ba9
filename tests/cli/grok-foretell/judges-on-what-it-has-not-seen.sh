# A feature that tells the outcome in every configuration foretells it; one that only names the configuration does not.
. "$TOP/tests/cli/expect.bash"
awk 'BEGIN { print "size\tseed\tgood\tname\tstatus"
     for (size = 1; size <= 6; size++) for (seed = 0; seed < 8; seed++)
         print size "\t" seed "\t" (seed % 2 ? 1 : -1) + seed / 10 "\t" size "\t" (seed % 2 ? "grok" : "none") }' > runs.tsv
printf '7\t0\t\t7\tgrok\n' >> runs.tsv
grok-foretell --outcome 'status = grok' --from good --held-out size --summary runs.tsv -o good.tsv 2> words
grep -q '1 of 49 rows are left out' words
value() { grok-rows --where "rule = $1" --select "$2" "$3" | tail -n 1; }
[ "$(value foretold n,configurations,true,called,right good.tsv | tr '\t' ' ')" = '48 6 24 24 24' ]
[ "$(value foretold precision,recall,accuracy,auc good.tsv | tr '\t' ' ')" = '1 1 1 1' ]
[ "$(value foretold rest good.tsv)$(value never rest good.tsv)" = 00.5 ]    # of those that are not called
[ "$(value always called,precision,recall,auc good.tsv | tr '\t' ' ')" = '48 0.5 1 0.5' ]
[ "$(value never called,precision,recall,accuracy good.tsv | tr '\t' ' ')" = '0 nan 0 0.5' ]
# all rows that are called are right, of six configurations: which may be six trials
[ "$(value foretold precision_low good.tsv)" = 0.609666 ]
# rows that come out as their configuration does are worth one trial each: 5 of 10 configurations, and not 40 of 80 rows
awk 'BEGIN { print "size\tseed\tstatus"; for (size = 1; size <= 10; size++) for (seed = 0; seed < 8; seed++)
     print size "\t" seed "\t" (size % 2 ? "grok" : "none") }' > alike.tsv
grok-foretell --outcome 'status = grok' --from seed --held-out size --summary alike.tsv -o alike.rules.tsv
[ "$(value always precision,precision_low,precision_high alike.rules.tsv | tr '\t' ' ')" = '0.5 0.236593 0.763407' ]
# the outcome is the configuration's: what is held out has never been seen
grok-foretell --outcome 'size > 3' --from seed --held-out size --where 'size < 7' --summary --json runs.tsv > none.json
awk "BEGIN { exit !($(value foretold auc none.json) < 0.5) }"
grok-foretell --outcome 'size > 3' --from name --held-out size,seed --where 'size < 7' runs.tsv > rows.tsv
[ "$(grok-rows --where 'outcome = foretold' rows.tsv | grep -vc '^#')" = 49 ]
fails 1 'two or more' grok-foretell --outcome 'seed > 3' --from good --held-out size --where 'size = 1' runs.tsv
fails 2 'no column' grok-foretell --outcome 'seed > 3' --from nothing --held-out size runs.tsv
fails 2 'texts' grok-foretell --outcome 'seed > 3' --from status --held-out size runs.tsv
fails 2 'are needed' grok-foretell runs.tsv
