# What grok-paper trains, in grids and in several calls that are cut short, is what the figures' scripts train one after another:
# the same claims with the same numbers, from an archive that is smaller; nothing is trained at home.
# timeout: 240
. "$TOP/tests/cli/grok-paper/toy.bash"
SEEDS=0..1 show_here direct '' toy-fig1 toy-fig2 2> direct.err
claims direct > direct.tsv
[ "$(grep -c toy- direct.tsv)" = 2 ]

toy toy --seeds 0..1 -o whole.tar
show_here home whole.tar toy-fig1 toy-fig2 2> home.err
claims home > home.tsv
diff <(grep -v '^#' direct.tsv) <(grep -v '^#' home.tsv)
for figure in toy-fig1 toy-fig2; do
    for where in direct home; do
        grok-rows --select curve,run,seed,step,train_acc,test_acc "$where/toy/quick/$figure.tsv" > "$where.curves"
    done
    cmp direct.curves home.curves
    grep -q '2 seeds, median and range' "home/toy/quick/$figure.svg"
done
[ -z "$(find home -name '*.h5' ! -path '*/from/*')" ]

# four grids in place of nine processes: those that differ in decay and fraction, teachers, students of one teacher
toy toy --seeds 0..1 --dry-run > costs.tsv
toy toy --seeds 0..1 -o again.tar --from whole.tar 2> again.err     # all is there
cmp <(tar -xOf whole.tar figures) <(tar -xOf again.tar figures)
[ ! -e again.tar.work ]

# In several calls, each of which is stopped in the middle of a grid.
for ((i = 0; i < 40; i++)); do
    status=0
    grok-paper toy --seeds 0..1 --threads 1 --device cpu -q -o parts.tar & process=$!
    sleep 0.5
    kill -TERM $process 2> /dev/null || :
    wait $process || status=$?
    case $status in 0) break ;; 143) ;; *) echo "status $status"; exit 1 ;; esac
    [ ! -e parts.tar ] || tar -tf parts.tar > /dev/null
done
[ "$status" = 0 ]
[ ! -e parts.tar.unfinished ]
show_here parts parts.tar toy-fig1 toy-fig2 2> parts.err
diff <(grep -v '^#' direct.tsv) <(claims parts | grep -v '^#')
