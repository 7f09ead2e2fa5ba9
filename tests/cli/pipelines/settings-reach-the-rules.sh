# make hands SCALE, SEEDS and TASKS to the scripts that print its rules, also when they come from its command line (make 4.3
# does not export them to $(shell)); a figure of several panels is all of them.
. "$TOP/tests/cli/expect.bash"
rules() { make -n -C "$TOP" BUILD="$PWD/b" "$@" | grep 'train\.sh .*\.h5' || :; }
rules kd-fig4b SCALE=paper SEEDS=3 TASKS=subtract > paper
grep -q "b/kd/paper/subtract-alone-adamw-f0.2-s3.h5 .*'--steps' '30000'" paper
not grep -qE 'kd/quick|-s0\.h5|add-' paper
SCALE=paper SEEDS=3 TASKS=subtract rules kd-fig4b > environment
diff paper environment
rules kd-fig4b SEEDS=0 > quick
grep -q "b/kd/quick/add-alone-adamw-f0.33-s0.h5 .*'--steps' '2000'" quick
rules kd-fig4a SEEDS=0 > panel
rules kd-fig4 SEEDS=0 | sort > both
sort -u quick panel | diff both -
