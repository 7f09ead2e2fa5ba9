# On a quadratic bowl the path is known: x goes to 3 a / (a + gamma) with rate a + gamma, y to 0.5 with rate b.
# z = (0.8 (x - 3)^2 + 2 (y - 0.5)^2) / 2, x = 1..5, y = 0..1; also its double
awk -v CONVFMT=%.17g 'BEGIN { print "alpha\tm\ttrain_loss\ttest_loss"
             for (x = 1; x <= 5; x += 0.5) for (y = 0; y <= 1; y += 0.125) {
                 z = (0.8 * (x - 3) ^ 2 + 2 * (y - 0.5) ^ 2) / 2
                 print x "\t" y "\t" z "\t" 2 * z } }' > bowl.tsv
rows() { grok-trajectory "$@" | grep -v '^#' | tail -n +2; }
grok-trajectory bowl.tsv -y m --start 4.5,0.9 --gamma 0.2 --also test_loss --steps 1000 --every 100 > out.tsv
[ "$(sed -n 1p out.tsv)" = "$(printf 't\talpha\tm\tarc\ttrain_loss\ttest_loss\tstate')" ]
grep -v '^#' out.tsv | tail -n +2 | awk -F '\t' '
    function off(found, expected) { return (found - expected) ^ 2 > 1e-12 }
    off($1, NR - 1) || off($2, 2.4 + 2.1 * exp(-$1)) || off($3, 0.5 + 0.4 * exp(-2 * $1)) || off($6, 2 * $5) { print; wrong = 1 }
    $4 < before { print "arc", $0; wrong = 1 }
    { before = $4; n++; state = $7 }
    END { exit wrong || n != 11 || state != "end" }'
# the table may come by a pipe; it ends where it is still
rows -y m --start 4.5,0.9 --gamma 0.2 --every 1000 < bowl.tsv | tail -n 1 > last
[ "$(awk '{ printf "%.6f %s", $2, $6 }' last)" = '2.400000 still' ]
# learning rates stretch time; several gammas are several paths
rows bowl.tsv -y m --start 4.5,0.9 --eta-d 0.5 --eta-r 0 --dt 0.02 --steps 100 --every 100 | tail -n 1 > last
[ "$(awk '{ printf "%.6f %s", $2, $3 }' last)" = "$(awk 'BEGIN { printf "%.6f 0.9", 3 + 1.5 * exp(-0.8) }')" ]
rows bowl.tsv -y m --start 4.5,0.9 --gamma 0,0.2 --steps 100 --every 50 > two
[ "$(cut -f 1 two | uniq -c | awk '{ printf "%s*%s ", $1, $2 }')" = '3*0 3*0.2 ' ]
# an overshoot: a velocity and inertia; without friction of the bowl it would go x0 + v (1 - exp(-t))
awk 'BEGIN { print "x\tz"; for (i = 0; i <= 10; i++) print i "\t0" }' > flat.tsv
[ "$(rows flat.tsv -x x -z z --start 2 --velocity 3 --steps 100 --every 100 | awk 'NR == 2 { printf "%.6f %.6f", $2, $3 }')" \
    = "$(awk 'BEGIN { d = 3 * (1 - exp(-1)); printf "%.6f %.6f", 2 + d, d / 10 }')" ]
# it leaves the grid
[ "$(rows flat.tsv -x x -z z --start 2 --velocity 30 | tail -n 1 | cut -f 5)" = outside ]
# straight through given points: the sides of the map are 1 long
grok-trajectory bowl.tsv -y m --through '1,0;5,0;5,1' --points 4 > path.tsv
[ "$(sed -n 1p path.tsv)" = "$(printf 'arc\talpha\tm\ttrain_loss\tstate')" ]
[ "$(grep -v '^#' path.tsv | tail -n +2 | cut -f 1-3,5 | sed -n '1p;2p;5p;9p')" \
    = "$(printf '0\t1\t0\tpoint\n0.25\t2\t0\tbetween\n1\t5\t0\tpoint\n2\t5\t1\tpoint')" ]
grok-trajectory bowl.tsv -y m --through '1,0;5,0;5,1' --points 4 --json | head -n 1 | grep -q '"state": "point"'
