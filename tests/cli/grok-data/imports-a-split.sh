# --split takes item numbers from a text file, or the split of another dataset file
seq 0 2 12768 > even
grok-data -q --split even -o even.h5
grok-data show even.h5 -n 4 | grep -v '^#' | cut -f 1,6 > found
printf '%s\t%s\n' item split 0 train 1 test 2 train 3 test | diff - found
grok-data --task subtract --split even.h5 show -n 0 | grep -q '^# split: 6385 train, 6384 test'

says() {
    local status=0
    "$@" > out 2> err || status=$?
    [ "$status: $(cat err)" = "1: $expected" ] || { echo "exit status $status: $(cat err)"; exit 1; }
}
printf '1\n2\n1\n' > list
expected="grok-data: 'list' line 3: item 1 is there twice"
says grok-data --split list show
printf '# one too many\n12769\n' > list
expected="grok-data: 'list' line 2: item 12769 is outside [0, 12769)"
says grok-data --split list show
expected="grok-data: cannot open 'missing': No such file or directory"
says grok-data --split missing show
expected="grok-data: cannot use the split of 'even.h5': it is of 12769 items, expected 9409"
says grok-data --prime 97 --split even.h5 show
