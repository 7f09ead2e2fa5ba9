# One line says what is wrong; exit status 2 for the request, 1 for the table.
. "$TOP/tests/cli/expect.bash"
printf 'alpha\tm\ttrain_loss\tname\n0\t0\t1\ta\n1\t0\t2\tb\n0\t1\t3\tc\n1\t1\t4\td\n' > t.tsv
fails 2 "give '--start X,Y', or '--through'" grok-trajectory t.tsv -y m
fails 2 "give '--start X,Y', or '--through'" grok-trajectory t.tsv -y m --start 0,0 --through '0,0;1,1'
fails 2 "'0.5' for '--start': expected two numbers" grok-trajectory t.tsv -y m --start 0.5
fails 2 "'0.5,0.5' for '--start': expected one number X" grok-trajectory t.tsv --start 0.5,0.5
fails 2 "'a,b' for '--start': expected two numbers" grok-trajectory t.tsv -y m --start a,b
fails 1 "'--start': 2,0 is not on the map, which has alpha from 0 to 1 and m from 0 to 1" grok-trajectory t.tsv -y m --start 2,0
fails 1 "'--through': 0,7 is not on the map" grok-trajectory t.tsv -y m --through '0,0;0,7'
fails 2 "no column 'test_loss'" grok-trajectory t.tsv -y m --start 0,0 --also test_loss
fails 1 "column 'name' of 't.tsv' holds texts" grok-trajectory t.tsv -y name --start 0,0
fails 1 "a logarithmic axis must be positive, it begins at 0" grok-trajectory t.tsv -y m --log-x --start 0,0
fails 1 "no rows for a grid" grok-trajectory t.tsv -y m --start 0,0 --where 'alpha>3'
fails 2 "not understood" grok-trajectory t.tsv -y m --start 0,0 --where 'alpha > ]'
fails 2 "no effect with '--inertia' 0" grok-trajectory t.tsv -y m --start 0,0 --velocity 1,1 --inertia 0
fails 2 "two columns of the result are named 'm'" grok-trajectory t.tsv -y m --start 0,0 --also m
fails 1 "cannot open 'nope.tsv'" grok-trajectory nope.tsv -y m --start 0,0
awk 'BEGIN { print "alpha\tm\ttrain_loss"; for (i = 0; i < 50; i++) print i "\t" i * i "\t0" }' > diagonal.tsv
fails 1 "cannot draw 'train_loss' of 'diagonal.tsv' over 'alpha' and 'm': no grid: 50 x 50" \
    grok-trajectory diagonal.tsv -y m --start 0,0
