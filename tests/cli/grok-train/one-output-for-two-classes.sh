# sparse parity and XOR clusters: one output, its losses, its answers in grok-eval; thinning and label noise as of other classes
. "$TOP/tests/cli/expect.bash"
small='--model mlp --widths 24 --bias blocks --optimizer sgd --momentum 0 --learning-rate 0.1 --threads 1 -q'
parity='--task sparse-parity --dim 8 --parity 2 --items 128 --test-items 64'

# learnt by each of the three losses (with its own rate: a squared error is steeper), and what is recorded is what grok-eval finds
for loss in hinge logistic mse-sign; do
    # shellcheck disable=SC2086  # lists of options
    grok-train $parity $small --loss "$loss" --learning-rate 0.05 --batch 16 --steps 2000 -o "$loss.h5"
    grok-log --final -m test_acc "$loss.h5" | grep -v '^#' | awk -F '\t' 'NR == 1 { for (i = 1; $i != "test_acc"; i++) { } }
        NR == 2 { exit $i < 0.95 }'
    grok-eval "$loss.h5" | grep -v '^#' > judged
    for metric in loss acc; do
        recorded=$(grok-log --final -m "test_$metric" --json "$loss.h5" | sed "s/.*\"test_$metric\": \([^,]*\),.*/\1/")
        awk -F '\t' -v recorded="$recorded" -v metric="$metric" '
            NR == 1 { for (i = 1; i <= NF; i++) { if ($i ~ "^" metric) column = i; if ($i == "set") set = i } next }
            $set == "test" { near = $column - recorded; exit !(column && near < 1e-5 && near > -1e-5) }' judged
    done
done
grok-eval --print confusion --set test hinge.h5 | grep -v '^#' | awk -F '\t' 'NR > 1 { n += $NF } END { exit n != 64 }'
grok-export hinge.h5 -o hinge.npz

# shellcheck disable=SC2086
grok-train --task xor-cluster --dim 20 --sigma 1 --separation 6 --items 80 --test-items 40 --label-noise 0.2 $small \
    --loss logistic --freeze 'head.*' --thin '1.1' --thin-to 0,0.5 --by-subclass kinds --steps 5 -o xor.h5
grok-log --final -m test_acc,thinned/test_acc xor.h5 > /dev/null

fails 2 "'--loss hinge' is for two classes: the items have 113"      grok-train --loss hinge --steps 1 -o x.h5
fails 2 "targets, not classes: they need '--loss mse'" \
    grok-train --task teacher-student --model mlp-ts --loss hinge -o x.h5
fails 2 'parity 3 is outside [1, 2]'                                 grok-data --task sparse-parity --dim 2 show
fails 2 "'--parity' has no effect here"                              grok-data --parity 2 show
fails 2 "'--sigma' has no effect here"                               grok-data --task sparse-parity --sigma 2 show
