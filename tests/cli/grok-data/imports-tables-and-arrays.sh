# A table of one's own is a dataset: what it holds trains as the task that it was written from.
. "$TOP/tests/cli/expect.bash"
tiny=(--d-model 8 --n-head 2 --d-mlp 16 --steps 5 --threads 1 -q)
awk 'BEGIN { print "a\tb\tsum\tpart"
             for (a = 0; a < 7; a++) for (b = 0; b < 7; b++)
                 printf "%d\t%d\t%d\t%s\n", a, b, (a + b) % 7, (a + b) % 2 ? "train" : "test" }' > pairs.tsv
grok-data import pairs.tsv --tokens a,b --label sum -o pairs.h5 -q
grok-data --task add --prime 7 --sequence pair -o task.h5 -q
grok-train --data pairs.h5 "${tiny[@]}" --fraction 0.5 -o a.h5
grok-train --data task.h5 "${tiny[@]}" --fraction 0.5 -o b.h5
cmp <(grok-log a.h5) <(grok-log b.h5)
sha() { h5dump -a /sha256 "$1" | grep '(0)'; }
[ "$(sha pairs.h5)" = "$(sha task.h5)" ]

# Commas, quotes, a mark of UTF-8, CR LF; a split; names of any kind, in their order.
printf '\xef\xbb\xbfx,y,z,set,kind\r\n"dog, small",10,1.5,train,k1\r\ncat,2,-1,test,k2\r\ncat,10,0,train,k1\r\n' > t.csv
grok-data import t.csv --tokens x,y --label y --split-column set --subclass-column kind --dry-run > said
grep -q '^vocabulary.4: 2 10 cat dog, small$' said
grep -q '^split.2 train, 1 test$' said
grep -q '^subclasses.2: k1 k2$' said
grok-data import t.csv --reals y,z --label x --split-column set --dry-run | grep -q '^classes.2: cat dog, small$'
grok-data import t.csv --reals 'y' --targets z --split-column set -o r.h5 -q
grok-train --data r.h5 --model mlp --widths 4 --loss mse --steps 3 -q -o r-run.h5
grok-data import t.csv --tokens 'x,y' --label x -o - < /dev/null | grok-data show - | grep -q 'dog, small'

# Line ends in quotes: of names, of numbers' neighbours, of words.
printf '"wide\n(mm)",y,note\n1,2,"one\n\ntwo, ""three"""\n"4",5,x\n' > several.csv
grok-data import several.csv --reals 'wide (mm)' --targets y --dry-run | grep -q '^items.2 of 1 reals$'
grok-data import several.csv --tokens note --label y --dry-run | grep -q '^vocabulary.4: 2 5 one  two, "three" x$'

# Classes of reals keep their names, whatever is in them, and their checksum is that of the numbers; a column of as many values as
# rows is hardly one of classes.
awk 'BEGIN { print "u,v,kind"; for (i = 0; i < 12; i++) printf "%d,%d,%s\n", i, i * i % 5, i % 3 ? "9" : "\"z, w\"" }' > kinds.csv
sed -e 's/"z, w"/b/' -e 's/9$/a/' kinds.csv > letters.csv
grok-data import kinds.csv --reals u,v --label kind -o kinds.h5 -q 2> err
[ ! -s err ]
grok-data import letters.csv --reals u,v --label kind -o letters.h5 -q
[ "$(sha kinds.h5)" = "$(sha letters.h5)" ]
grok-train --data kinds.h5 --model mlp --widths 4 --steps 3 --threads 1 -q -o kinds-run.h5
grok-eval --print predictions kinds-run.h5 | grep -v '^#' | cut -f 7,8 | tr '\t' '\n' | grep -v 'label\|answer' | sort -u > names
not grep -vx '9\|z, w' names
grok-eval --print predictions kinds-run.h5 | grep -v '^#' | awk -F '\t' '{ n[$7]++ } END { exit n["z, w"] != 4 || n[9] != 8 }'
grok-cluster --data kinds.h5 -k 1 --groups groups.tsv > out    # whose names can be asked for
grok-data --data kinds.h5 --subclasses groups.tsv --thin '9.0' --thin-to 0.5 show > out
grok-data import kinds.csv --reals v --label u -o lone.h5 -q 2> err
grep -q "warning: column 'u' of 'kinds.csv' has as many different values as rows: each item is a class of its own" err

# Arrays: those that grok-eval writes.
grok-eval --logits l.npz a.h5 > /dev/null
grok-data import l.npz --reals 'logits.*' --label label -o l.h5 -q
grok-data show l.h5 | grep -q '49'
# three images of 2 x 2, and their classes beside them as columns of one array
printf '\223NUMPY\1\0\166\0%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2, 2), }" > x.npy
printf '\1\2\3\0\4\5\6\1\7\10\11\1' >> x.npy
grok-data import x.npy --reals x.0,x.1,x.2 --label x.3 -o images.h5 -q
grok-data show images.h5 | grep -q '7 *8 *9'

# What is wrong is named.
fails 2 'Give --tokens, --reals or --smiles' grok-data import pairs.tsv --label sum -o x.h5
fails 2 'Give --label or --targets' grok-data import pairs.tsv --tokens a,b -o x.h5
fails 2 "no column 'q'" grok-data import pairs.tsv --tokens a,q --label sum -o x.h5
fails 1 "is not one of numbers" grok-data import t.csv --reals x --label y -o x.h5
fails 1 "expected train or test" grok-data import pairs.tsv --tokens a,b --label sum --split-column a -o x.h5
fails 2 "not from --data, --task" grok-data import pairs.tsv --task add --tokens a,b --label sum -o x.h5
printf 'a\tb\n1\t2\n3\t\n' > hole.tsv
fails 1 "column 'b' of 'hole.tsv' has nothing in row 2" grok-data import hole.tsv --tokens a --label b -o x.h5
fails 1 "column 'b' of 'hole.tsv' has nothing in row 2" grok-data import hole.tsv --reals b --label a -o x.h5
infinite() { fails 1 "$1: expected a finite number" grok-data import "${@:2}" -o x.h5; }
printf 'a,b,c\n1,2,3\n2,NaN,4\n3,4,-inf\n' > nan.csv
infinite "column 'b' of 'nan.csv' has NaN in row 2" nan.csv --reals a,b --label c
infinite "column 'c' of 'nan.csv' has -inf in row 3" nan.csv --reals a --targets c
npy() { printf '\x93NUMPY\1\0\x76\0%-117s\n%b' "$1" "$2"; }
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" '\0\0\0\0\0\0\x80\x3f\0\0\0\0\0\0\xc0\x7f' > nan.npy
infinite "column 'x.1' of 'nan.npy' has nan in row 2" nan.npy --reals x.1 --label x.0
typed() { npy "{'descr': $1, 'fortran_order': False, 'shape': (2,), }" '' > typed.npy; }
typed "'<U1'"
fails 1 "is of type '<U1': expected numbers" grok-data import typed.npy --reals x --label x -o x.h5
typed "[('a', '<f4'), ('b', '|S9')]"
fails 1 "is of type [('a', '<f4'), ('b', '|S9')]: expected numbers" grok-data import typed.npy --reals x --label x -o x.h5
printf 'a,b\n1,2\n3\n' > ragged.csv
fails 1 'line 3 has 1 cells, the header has 2' grok-data import ragged.csv --tokens a --label b -o x.h5
