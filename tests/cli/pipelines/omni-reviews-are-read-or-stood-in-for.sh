# OMNI's figure 4: on the reviews that grok-data would find, under any of their names, else on their stand-in; at paper scale five
# epochs of three quarters of each number of reviews.
. "$TOP/tests/cli/expect.bash"
runs() { (cd "$TOP" && env BUILD=b RULES=runs "$@" | tr '\t' ' '); }
for name in imdb/aclImdb_v1.tar.gz imdb_reviews.tsv.gz 'imdb/IMDB Dataset.csv'; do
    rm -rf data
    mkdir -p data/imdb
    touch "data/$name"
    [ "$(runs SCALE=quick GROK_DATA="$PWD/data" pipelines/omni-fig4d.sh | grep -c -- '--task imdb ')" = 2 ]
done
runs SCALE=quick GROK_DATA=/nowhere pipelines/omni-fig4a.sh > quick
[ "$(grep -c -- '/synth-reviews-landscape-n[0-9]*-s0.h5 .* --task synth-reviews --items [0-9]* ' quick)" = 4 ]
runs SCALE=paper GROK_DATA="$PWD/data" pipelines/omni-fig4a.sh > paper
[ "$(wc -l < paper)" = 15 ]
grep -q -- '--items 1000 --init-scale 0.1:10:x11 --steps 75 --log-every 15' paper
grep -q -- '--items 158 .* --steps 15 --log-every 3' paper
grep -q -- '--items 50000 .* --steps 3750 --log-every 750' paper
