# --task help names every task that --task accepts, with what its answer is
grok-data --task help > tasks
grok-data --task=list | diff tasks -
head -n 1 tasks | grep -q "^task$(printf '\t')answer$"
awk -F '\t' 'NF != 2 || $2 == "" { exit 1 }' tasks
[ "$(tail -n +2 tasks | wc -l)" -ge 18 ]
tail -n +2 tasks | cut -f 1 | grep -v '^mnist$' | while read -r task; do    # mnist is in files
    grok-data --task "$task" show -n 1 > shown
    grep -q "^# $task" shown
done
