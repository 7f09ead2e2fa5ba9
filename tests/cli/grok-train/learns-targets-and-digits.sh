# Targets, sizes, messiness and MNIST's stand-in: in one process, resumed to the same bytes, from a file to the same numbers.
grok-train -q --data teacher-student --model mlp-ts --size 20,100 --init-scale 1,4 --learning-rate 0.001 --steps 400 -o ts.h5
grok-check ts.h5
grok-log --final ts.h5 | grep -v '^#' > final
# a small norm generalises where a large one only memorises; more items help
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
             { test[$at["size"], $at["init_scale"]] = $at["test_loss"]; if ($at["train_loss"] > 0.01) exit 1 }
             END { exit !(test[100, 1] < 0.01 && test[100, 4] > 10 * test[100, 1] && test[100, 1] < test[20, 1]) }' final

grok-train -q --data teacher-student --model mlp-ts --size 20,100 --init-scale 1,4 --learning-rate 0.001 --steps 200 -o cut.h5
grok-train -q --resume cut.h5 --steps 400
diff <(grok-log ts.h5 | grep -v '^#') <(grok-log cut.h5 | grep -v '^#')

grok-data -q --task teacher-student -o items.h5
grok-check items.h5
grok-train -q --data items.h5 --model mlp-ts --size 20,100 --init-scale 1,4 --learning-rate 0.001 --steps 400 -o from-file.h5
diff <(grok-log ts.h5 | grep -v '^#') <(grok-log from-file.h5 | grep -v '^#')

# tidy representations generalise, random ones do not
grok-train -q --preset omni-toy --widths 64 --messiness 0,1 --constrain-norm none --steps 600 -o toy.h5
grok-log --final toy.h5 | grep -v '^#' | awk -F '\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { test[$at["messiness"]] = $at["test_loss"]; if ($at["train_loss"] > 0.5) exit 1 }
    END { exit !(test[0] < test[1]) }'

grok-train -q --data synth-digits --items 500 --model mlp-784 --widths 32 --messiness 0.5,1 --batch 100 --steps 150 -o digits.h5
grok-log --final digits.h5 | grep -v '^#' | awk -F '\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { test[$at["messiness"]] = $at["test_acc"] }
    END { exit !(test[0.5] > test[1] && test[1] > 0.7) }'
