# Seed s succeeds from 0.3 + 0.01 s on.  The median seed's threshold is 0.32; the first tries the ends; a search that was
# interrupted goes on to the same bytes, and a finer one runs only what is new.
cat > simulate.sh << 'END'
echo "$1 $2" >> log
[ ! -e stop ] || [ "$(wc -l < log)" -lt 4 ] || exit 7
printf 'seed\tz\n'
for s in $(echo "$2" | tr , ' '); do
    awk -v x="$1" -v s="$s" 'BEGIN { printf "%d\t%d\n", s, (x >= 0.3 + 0.01 * s - 1e-9) }'
done
END
search() { grok-critical --value z --level 1 --seed 0..4 --precision 0.01 -q "$@" -- sh simulate.sh '{x}' '{seed}'; }
search --runs whole.tsv > whole
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { if (!($at["middle"] > 0.31 && $at["middle"] < 0.32 && $at["low"] < 0.3 && $at["high"] > 0.33)) exit 1
      if ($at["seeds"] != 5 || $at["runs"] > 25) exit 1 }' whole
runs=$(grep -vc '^[#f]' whole.tsv)
[ "$runs" = "$(tail -n 1 whole | cut -f 7)" ]
[ "$(sort -u whole.tsv | wc -l)" = $((runs + 2)) ]
rm log && touch stop
status=0
search --runs part.tsv 2> said || status=$?
[ "$status" = 1 ]
grep -q "'sh' ended with status 7" said
rm stop
search --runs part.tsv > part
cmp whole part
cmp whole.tsv part.tsv
rm log
search --runs part.tsv | cmp - whole
[ ! -e log ]
# what comes next, for runs that are made elsewhere; nothing
grok-critical --value z --level 1 --seed 0,1 --runs new.tsv --next -- sh simulate.sh '{x}' '{seed}' > next
printf 'fraction\tseed\n0.05\t0\n' | cmp - next
[ ! -e new.tsv ]
[ "$(search --runs part.tsv --next | wc -l)" = 1 ]
search --runs part.tsv --precision 0.005 > finer
[ "$(wc -l < log)" -le 5 ]
