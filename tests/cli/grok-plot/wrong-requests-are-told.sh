# Every wrong request gets one clear line and the right exit status.
. "$TOP/tests/cli/expect.bash"
printf 'step\ttrain_acc\ttest_acc\tname\n1\t0.1\t0.1\tx\n10\t0.5\t0.2\ty\n' > t.tsv
printf 'step\ttest_acc\n' > empty.tsv
printf 'step\ttest_acc\n0\t1\n' > zero.tsv
fails 2 'say where to draw: -o FILE.svg, .png or .pdf, or --term' grok-plot t.tsv
fails 2 "'t.jpg' says no format" grok-plot t.tsv -o t.jpg
fails 2 "'svg' says no format" grok-plot t.tsv -o svg
fails 2 '--term and --output cannot be given together' grok-plot t.tsv --term -o t.svg
fails 2 "--xrange '5': expected LOW:HIGH" grok-plot t.tsv --term --xrange 5
fails 2 "--yrange '2:1': the first must be less" grok-plot t.tsv --term --yrange 2:1
fails 2 "--yrange 'a:1'" grok-plot t.tsv --term --yrange a:1
fails 2 "--size '5': expected WxH" grok-plot t.tsv --term --size 5
fails 2 "--size '50x20x': expected WxH" grok-plot t.tsv --term --size 50x20x
fails 2 '--log-x and --linear-x' grok-plot t.tsv --term --log-x --linear-x
fails 2 'missing argument' grok-plot --term
fails 1 "cannot open 'none.h5': No such file" grok-plot none.h5 --term
fails 1 "cannot read '.': it is a folder" grok-plot . --term
fails 2 "no column 'acc' in 't.tsv': it has step train_acc test_acc name" grok-plot t.tsv --term -y acc
fails 2 "no column 'seed' in 't.tsv'" grok-plot t.tsv --term --by seed
fails 1 "cannot draw column 'name' of 't.tsv': it holds text" grok-plot t.tsv --term -y name
fails 1 "nothing to draw in 'empty.tsv': it has no rows" grok-plot empty.tsv --term
fails 1 "nothing to draw in 'zero.tsv'" grok-plot zero.tsv --term
fails 1 "cannot write 'no/such/folder.svg'" grok-plot t.tsv -o no/such/folder.svg
printf '\211HDF\r\n\032\nbut not really' > fake.h5
fails 1 "fake.h5" grok-plot fake.h5 --term
printf 'a\tb\n1\n' | fails 1 'line 2 has 1 cells, the header has 2' grok-plot - --term
