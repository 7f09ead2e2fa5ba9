# OMNI's figure 1 is drawn from the runs of 2a and 2b, 2a has the authors' form beside ours, and DRAW=58 trains figure 6 on the
# authors' pairs and representations.
. "$TOP/tests/cli/expect.bash"
runs() { (cd "$TOP" && env BUILD=b SCALE=quick RULES=runs GROK_DATA=/nowhere "$@" | cut -f 2-); }
runs pipelines/omni-fig1.sh > one
runs pipelines/omni-fig2a.sh > two
runs pipelines/omni-fig2b.sh >> two
diff one <(grep -v 'landscape-authors' two)
[ "$(wc -l < one)" = 2 ]
grep landscape-authors two | tr '\t' ' ' | grep -q -- '--constrain-norm omnigrok-q --project between'

runs pipelines/omni-fig6a.sh | tr '\t' ' ' > ours
runs DRAW=58 pipelines/omni-fig6a.sh | tr '\t' ' ' > theirs
[ "$(grep -c 'toy-.*-draw58-s0.h5 .* --latents code-58 --split pipelines/omni-toy-58.split' theirs)" = 2 ]
not grep -e '--latents' -e draw58 ours
[ "$(grep -cv '^#' "$TOP/pipelines/omni-toy-58.split")" = 45 ]
fails 2 "no draw '59'" env BUILD=b RULES=runs DRAW=59 "$TOP/pipelines/omni-fig6a.sh"
