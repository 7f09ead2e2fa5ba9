# --join and --also-eval put several tasks into one file, each with a split of its own
grok-data -q --sequence op-mod --seed 5 --join add:97:0.1 --also-eval subtract:113:0.2:7 -o joint.h5
grok-check joint.h5
grok-data show joint.h5 -n 20000 > rows
diff - <(grep '^# p' rows) << 'END'
# p1: add mod 113: 12769 items, 3830 train, 8939 test
# p2: add mod 97: 9409 items, 940 train, 8469 test
# p3: subtract mod 113: 12769 items, only evaluated, 2553 held-train, 10216 held-test
END
grep -q '^# add mod 113 + add mod 97: 34947 items of 4 tokens, 113 answers$' rows
grok-data --sequence op-mod --seed 5 --join add:97:0.1 --also-eval subtract:113:0.2:7 show -n 20000 | diff - rows

# the items of group GROUP that are PART
items() { awk -F '\t' -v group="$1" -v part="$2" '$6 == group && $7 == part { print $3 }' rows; }
# the same of a task alone; its tokens are those of the larger vocabulary
alone() { grok-data --sequence op-mod --vocab-prime 113 "$@" show -n 20000 | awk -F '\t' '$6 == "train" { print $3 }'; }
diff <(items p1 train) <(alone --prime 113 --fraction 0.3 --seed 5)
diff <(items p2 train) <(alone --prime 97 --fraction 0.1 --seed 5)
diff <(items p3 held-train) <(alone --task subtract --fraction 0.2 --seed 7)
[ "$(items p2 train | wc -l)" = 940 ]

# -n is per task
[ "$(grok-data show joint.h5 -n 2 | grep -vc '^#')" = 7 ]
grok-data show joint.h5 -n 1 --json | head -n 1 |
    grep -qF '"n_group": 3, "n_trained_group": 2, "groups": "add mod 113, add mod 97, subtract mod 113"'
