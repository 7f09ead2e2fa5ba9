# --task help names every task that --task accepts, with what its answer is
grok-data --task help > tasks
grok-data --task=list | diff tasks -
head -n 1 tasks | grep -q "^task$(printf '\t')answer$"
awk -F '\t' 'NF != 2 || $2 == "" { exit 1 }' tasks
[ "$(tail -n +2 tasks | wc -l)" -ge 18 ]
others='^(mnist|imdb|qm9|formula|table|group|reviews)$'    # mnist, imdb, qm9 are in files, the others must be told which
tail -n +2 tasks | cut -f 1 | grep -vE "$others" | while read -r task; do
    grok-data --task "$task" show -n 1 > shown
    grep -q "^# $task" shown
done
grok-data --task group --finite-group S3 show -n 1 | grep -q '^# group S3: 36 items'
grok-data --task formula --formula '(a + 1) % p' --prime 7 show -n 1 | grep -q '^# (a + 1) % p, p = 7: 49 items'
