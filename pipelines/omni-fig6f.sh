#!/bin/bash
# OMNI, figure 6f: the velocities at the boundary of 6d.  Drawn from their formulas, nothing is measured; 6c judges them.
. "$(dirname "$0")/omni.sh"
ready
for format in svg png; do
    terminal="svg size 640,420 background rgb 'white' font 'sans-serif,14'"
    [ $format = svg ] || terminal="pngcairo size 960,630 background rgb 'white' font 'sans,14'"
    gnuplot > "$out.$format.tmp" << END
set terminal $terminal
unset border; unset tics; unset key
set xrange [0:10]; set yrange [0:7]; set xlabel 'ln alpha'; set ylabel 'messiness m'
set arrow from 0.3,0.3 to 9.8,0.3; set arrow from 0.3,0.3 to 0.3,6.8
set arrow from 2,1 to 7,5.5 nohead linewidth 3 linecolor rgb '#0072b2'
set label 'boundary of the train loss' at 7.1,5.9 left textcolor rgb '#0072b2'
set arrow from 9.3,4.6 to 6,4.6 linewidth 2; set label "v = eta gamma\n(weight decay)" at 7.6,4.1 left
set arrow from 6,4.6 to 4.6,3.34 linewidth 2; set label "v' = v cos theta" at 4.9,2.9 left
set arrow from 6,4.6 to 6.95,3.55 linewidth 2 dashtype 2; set label 'gradient of the loss' at 6.9,3.2 left
set arrow from 2,1 to 9.3,1 nohead dashtype 3; set label 'L' at 5.7,0.7 center; set label 'theta' at 2.9,1.25 left
set arrow from 9.3,1 to 9.3,4.6 nohead dashtype 3; set label 'h' at 9.45,2.8 left
set label "C" at 9.4,4.8 left; set label "D" at 5.8,4.9 right; set label "E" at 1.7,0.9 right
set label "time from C to E: (L + h tan theta) / (eta gamma)" at 1,6.4 left
plot NaN
END
    mv "$out.$format.tmp" "$out.$format"
done
echo "figure $out.svg" >&2
no_claims
