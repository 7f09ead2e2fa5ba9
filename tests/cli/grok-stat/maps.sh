# Lowest cells, contours, widths and gradients of maps with known answers; and what is wrong with a request.
# z = (x - 1)^2 + (y - 2)^2, for two sizes: the second is 1 higher; three seeds of which the middle one counts
. "$TOP/tests/cli/expect.bash"
awk 'BEGIN { print "size\tseed\tx\ty\tz"
             for (size = 1; size <= 2; size++) for (seed = 0; seed < 3; seed++)
                 for (x = -2; x <= 4; x++) for (y = 0; y <= 5; y++) {
                     z = (x - 1) ^ 2 + (y - 2) ^ 2 + size - 1 + (seed - 1) * 100
                     print size "\t" seed "\t" x "\t" y "\t" z } }' > bowl.tsv
rows() { grok-stat "$@" | grep -v '^#' | tail -n +2; }
# what is 0 but for rounding is written as 0
rounded() { awk -F '\t' -v OFS='\t' '{ for (i = 1; i <= NF; i++) if ($i ~ /e-/ && $i < 1e-9 && $i > -1e-9) $i = 0; print }'; }
is() { [ "$1" = "$(printf %b "$2")" ] || { printf 'found:\n%s\nexpected:\n%b\n' "$1" "$2"; return 1; }; }
is "$(rows -i bowl.tsv argmin x y z --by size)" '1\t126\t1\t2\t0\t1\n2\t126\t1\t2\t1\t1'
is "$(rows -i bowl.tsv argmax x y z --where size=1)" '126\t-2\t5\t18\t0'
is "$(rows -i bowl.tsv argmin x z --where 'y=2 and size=1' --by y)" '2\t21\t1\t0\t1\t9\t9'
[ "$(grok-stat -i bowl.tsv argmin x z | head -n 1)" = "$(printf 'n\tx\tz\tinside\tleft\tright')" ]
# the circle of radius 1: tangent to y = 1 and 3, crossed twice along y = 2 and again along x = 1; the gradient points outwards
is "$(rows -i bowl.tsv contour x y z --where size=1 --level 1.5625 --at 2,2.75 | cut -f 3- | rounded)" \
    '2\t-0.25\t-2.5\t0\tx\t0\n2\t2.25\t2.5\t0\tx\t1\n2.75\t0\t-2\t1.5\tx\t0\n2.75\t2\t2\t1.5\tx\t1'
is "$(rows -i bowl.tsv contour x y z --where size=1 --level 1.5625 --at 1 --along y | wc -l)" 2
is "$(rows -i bowl.tsv contour x y z --where size=1 --level 1.5625 --along both | wc -l)" 12
is "$(rows -i bowl.tsv contour x z --where 'size=1 and y=2' --level 4 | cut -f 2-)" '4\t-1\t-4\tx\t0\n4\t3\t4\tx\t1'
is "$(rows -i bowl.tsv gradient x y z --where 'size=1 and x>=0 and x<=2 and y<=2' | sed -n '1p;8p' | cut -f 2-)" \
    '0\t0\t5\t-2\t-4\n1\t2\t0\t0\t0'
is "$(rows -i bowl.tsv width x z --where y=2 --by size --level 4,1 | cut -f 1,3-)" \
    '1\t4\t1\t-1\t3\t4\tnone\n1\t1\t1\t0\t2\t2\tnone\n2\t4\t1\t-0.732051\t2.73205\t3.4641\tnone\n2\t1\t1\t1\t1\t0\tnone'
is "$(rows -i bowl.tsv width x z --where y=2 --by size --level 4 --from-min | cut -f 1,3-7)" \
    '1\t4\t1\t-1\t3\t4\n2\t5\t1\t-1\t3\t4'
# 3 powers of ten, one end of which is the grid's
printf 'alpha\terror\n0.1\t0\n1\t0\n10\t0\n100\t0\n1000\t1\n' > step.tsv
rows -i step.tsv width alpha error --level 0 --log-x | grep -q "$(printf '\t1\t0.1\t100\t3\tlow$')"
rows -i step.tsv width alpha error --level -1 | grep -q "$(printf '\t0\tnan\tnan\t0\tnone$')"
# a line in (ln x, y): y = ln x, 45 degrees; and y = 2 ln x
awk 'BEGIN { print "k\tseed\tx\ty"
             for (k = 1; k <= 2; k++) for (i = 1; i < 6; i++) printf "%d\t0\t%.17g\t%.17g\n", k, exp(i), k * i }' |
    grok-stat theta x y --by k | grep -v '^#' > theta.tsv
is "$(cut -f 3-5 theta.tsv | tail -n +2)" '45\t1\t1\n63.4349\t0.5\t1'
# along a path
printf 't\tz\n0\t5\n1\t1\n2\t3\n3\t2\n4\t2.5\n5\t0\n' > path.tsv
is "$(rows -i path.tsv rise t z)" '6\t2\t1\t2'
is "$(rows -i path.tsv peaks t z)" '6\t2\t2 4'
is "$(rows -i path.tsv peaks t z --prominence 0.6)" '6\t1\t2'
is "$(rows -i path.tsv range z --where 't>0')" '5\t3\t0\t3'
# seeds keep their order from 1 to 2, and turn it round at 3: (1 - 1) / 2
printf 'g\tseed\tt\n1\t0\t1\n1\t1\t2\n1\t2\tinf\n2\t0\t4\n2\t1\t5\n2\t2\t6\n3\t0\t3\n3\t1\t2\n3\t2\t1\n' > seeds.tsv
is "$(rows -i seeds.tsv order g t)" '9\t0\t2'
# columns that are computed
is "$(rows -i bowl.tsv range e --define 'd=z-1,e=d*2' --where 'x=1 and y=2 and size=2 and seed=1')" '1\t0\t0\t0'
fails 2 "statistic 'contour' needs '--level'" grok-stat -i bowl.tsv contour x y z
fails 2 "takes two or three columns" grok-stat -i bowl.tsv argmin z
fails 2 "takes three columns" grok-stat -i bowl.tsv gradient x z
fails 2 "'--at' is for contours of a map" grok-stat -i bowl.tsv contour x z --level 1 --at 2
fails 2 "'--level' of statistic 'logistic' is one number" grok-stat -i bowl.tsv logistic x z --level 1,2
fails 2 "two columns of the result are named 'x'" grok-stat -i bowl.tsv argmin x z --by x
fails 2 "NAME=EXPRESSION" grok-stat -i bowl.tsv median d --define z
fails 2 "no table has a column 'zz' (did you mean 'z'?)" grok-stat -i bowl.tsv median d --define 'd=zz+1'
fails 2 "no table has a column 'zz' (did you mean 'z'?)" grok-stat -i bowl.tsv median d --define 'd=zz'
fails 2 "has a column 'z' already" grok-stat -i bowl.tsv median z --define 'z=1'
fails 1 "a logarithmic axis must be positive, it begins at -2" grok-stat -i bowl.tsv argmin x z --log-x
fails 1 "logarithm of a value that is not positive" grok-stat -i bowl.tsv argmin x y z --log-z --where seed=0
awk 'BEGIN { print "x\ty\tz"; for (i = 0; i < 50; i++) print i "\t" i * i "\t0" }' > diagonal.tsv
fails 1 "no grid: 50 x 50 different values" grok-stat -i bowl.tsv argmin x y z -i diagonal.tsv
