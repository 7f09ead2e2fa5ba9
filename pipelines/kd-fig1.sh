#!/bin/bash
# KD, figure 1: the two ways to teach, as block diagrams.  Drawn, nothing is measured.
. "$(dirname "$0")/kd.sh"
ready
for format in svg png; do
    terminal="svg size 800,360 background rgb 'white' font 'sans-serif,14'"
    [ $format = svg ] || terminal="pngcairo size 1200,540 background rgb 'white' font 'sans,14'"
    gnuplot > "$out.$format.tmp" << END
set terminal $terminal
unset border; unset tics; unset key
set xrange [0:20]; set yrange [0:9]
set style textbox opaque border linecolor rgb '#444444' margins 2, 1.2
set label 1 "a" at 0.3,8.6 left font ',17'
set label 2 "teacher f_{p1}" at 2.5,6.5 center boxed
set label 3 "student f_{p2}" at 7,3 center boxed
set label 4 "items of p1" at 2.5,8.3 center
set label 5 "few items of p2" at 7,0.8 center
set label 6 "KL at the\noperator" at 5.6,5.3 left
set label 11 "b" at 10.8,8.6 left font ',17'
set label 12 "teacher f_{p1}" at 13,6.5 center boxed
set label 13 "teacher f_{p2}" at 18,6.5 center boxed
set label 14 "larger model f_M" at 15.5,3 center boxed
set label 15 "items of p1" at 13,8.3 center
set label 16 "items of p2" at 18,8.3 center
set label 17 "few items of both" at 15.5,0.8 center
set label 18 "KL at the\nlast token" at 15.5,5.3 center
set arrow from 2.5,7.9 to 2.5,7.1; set arrow from 7,1.2 to 7,2.4; set arrow from 3.4,5.9 to 6.2,3.7
set arrow from 13,7.9 to 13,7.1; set arrow from 18,7.9 to 18,7.1; set arrow from 15.5,1.2 to 15.5,2.4
set arrow from 13.4,5.9 to 14.8,3.7; set arrow from 17.6,5.9 to 16.2,3.7
plot NaN
END
    mv "$out.$format.tmp" "$out.$format"
done
echo "figure $out.svg" >&2
no_claims    # they are those of 4b and 5
