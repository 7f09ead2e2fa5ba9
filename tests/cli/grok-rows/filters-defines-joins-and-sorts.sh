# Rows and columns of tables with known answers; what is not computed stays as it is written.
. "$TOP/tests/cli/expect.bash"
t() { printf '%b' "$1" | tr ' ' '\t'; }
t 'a:u b task\n1.50 2 add\n~ 3 sub\nnan 4 add\ninf 1e3 add\n' | tr -d '~' > t.tsv
is() { [ "$("${@:2}")" = "$(t "$1")" ] || { "${@:2}"; return 1; }; }
# all of it, by a pipe and as JSON, is what it was
cmp <(grok-rows t.tsv) t.tsv
cmp <(grok-rows - < t.tsv) t.tsv
cmp <(grok-rows --json t.tsv | grok-rows --rename b=b -) <(sed '1s/:u//; s/1.50/1.5/; s/1e3/1e+03/' t.tsv)
is 'a:u b task\n1.50 2 add\ninf 1e3 add' grok-rows t.tsv --where 'task=add and a > 0'
is 'b gap\n2 0.5\n3 \n4 \n1e3 -inf' grok-rows t.tsv --define gap=b-a --select b,gap
is 'b gap\n2 0.5\n1e3 -inf' grok-rows t.tsv --define 'gap=b-a' --where 'abs(gap) >= 0' --select b,gap
is 'x:u task\n1.50 add\ninf add\n sub\nnan add' grok-rows t.tsv --sort a --rename x=a --drop b
is 'b\n1e3\n4\n3\n2' grok-rows t.tsv --sort -b --select b
is 'task b\nadd 1e3\nadd 4\nadd 2\nsub 3' grok-rows t.tsv --sort task,-b --select task,b
is 'task n\nadd 2\nsub 3' grok-rows t.tsv --unique task --select task,n=b
# several tables, with tags; what one lacks is empty
t 'b c\n7 x\n' > u.tsv
is 'from task b c\none add 2 \none sub 3 \none add 4 \none add 1e3 \ntwo  7 x' \
    grok-rows from=one t.tsv from=two u.tsv --select from,task,b,c
# a key of two columns; rows without partner
t 'task b size\nadd 2 59\nsub 3 97\nadd 5 1\n' > sizes.tsv
is 'b size\n2 59\n3 97' grok-rows t.tsv --join sizes.tsv --key b,task --select b,size
is 'b size\n2 59\n3 97\n4 \n1e3 ' grok-rows t.tsv --join sizes.tsv --key b,task --outer --select b,size
grok-rows t.tsv --where 'task=ad' 2>&1 > empty.tsv | grep -qF "warning: no row has task = 'ad' (did you mean 'add'?)"
is 'a:u b task' cat empty.tsv
grok-rows -o out.tsv t.tsv
head -n 1 out.tsv | grep -qx '# grok-rows -o out.tsv t.tsv'

fails 2 "no table has a column 'tsak' (did you mean 'task'?)" grok-rows t.tsv --where 'tsak=add'
fails 2 "no table has a column 'tsak' (did you mean 'task'?)" grok-rows t.tsv --sort tsak
fails 2 "no table has a column 'c'" grok-rows t.tsv --select a,c
fails 2 "no table has a column 'c'" grok-rows t.tsv --drop c
fails 2 "column 'b' of '--rename' is not shown" grok-rows t.tsv --drop b --rename x=b
fails 2 "two columns would be named 'b'" grok-rows t.tsv --rename b=a
fails 2 'no column would be left' grok-rows t.tsv --drop a,b,task
fails 2 'belong together' grok-rows t.tsv --join sizes.tsv
fails 1 "no table has a column 'size'" grok-rows t.tsv --join sizes.tsv --key size
fails 1 "two rows of 'sizes.tsv' have the same key in 'task': rows 1 and 3" grok-rows t.tsv --join sizes.tsv --key task
fails 1 "'t.tsv' has a column 'task' already" grok-rows task=x t.tsv
fails 2 "no table among the operands: 'from=x' is a tag" grok-rows from=x
fails 2 "is a column misspelt" grok-rows t.tsv --define 'g=a/0*0'
