# OMNI's figure 5: on QM9 where grok-data would find it, else on its stand-in; at paper scale 50000 molecules are seen whatever
# their number, half of which are train, in batches of 32.
. "$TOP/tests/cli/expect.bash"
runs() { (cd "$TOP" && env BUILD=b RULES=runs "$@" | tr '\t' ' '); }
for name in qm9/qm9.csv qm9.csv.gz; do
    rm -rf data
    mkdir -p data/qm9
    touch "data/$name"
    [ "$(runs SCALE=quick GROK_DATA="$PWD/data" pipelines/omni-fig5d.sh | grep -c -- '--task qm9 ')" = 2 ]
done
runs SCALE=quick GROK_DATA=/nowhere pipelines/omni-fig5a.sh > quick
[ "$(grep -c -- '/synth-mols-landscape-n[0-9]*-s0.h5 .* --task synth-mols --items [0-9]* ' quick)" = 4 ]
runs SCALE=paper GROK_DATA="$PWD/data" pipelines/omni-fig5a.sh > paper
[ "$(wc -l < paper)" = 22 ]
grep -q -- '--items 10 --init-scale 0.1:10:x21 --steps 10000 --log-every 50' paper
grep -q -- '--items 100 .* --steps 2000 --log-every 50' paper
grep -q -- '--items 10000 .* --steps 1570 --log-every 157' paper
[ "$(runs SCALE=paper SEEDS=0..4 GROK_DATA=/nowhere pipelines/omni-fig5d.sh | grep -c -- '--items 400 ')" -ge 2 ]
