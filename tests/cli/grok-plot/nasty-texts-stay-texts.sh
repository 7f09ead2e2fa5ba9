# Texts from a file or option are drawn, and never run: by gnuplot, or by a shell.
printf '# `touch pwned1`\nrun\t`touch pwned2`\tstep\ttest_acc\tx'"'"'; system("touch pwned3"); '"'"'\n' > nasty.tsv
printf '0\ta'"'"'; system("touch pwned4"); "\t1\t.1\t1\n0\t$(touch pwned5)\t10\t.2\t2\n' >> nasty.tsv
printf '1\ta'"'"'; system("touch pwned4"); "\t10\t.3\t2\n1\t$(touch pwned5)\t100\t.9\t3\n' >> nasty.tsv
grok-plot nasty.tsv -o a.svg --title "it's \`touch pwned6\` \"; system('touch pwned7')" --xlabel "'; !touch pwned8"
grok-plot nasty.tsv -o "b'; system('touch pwned9'); '.svg" -y "x'; system(\"touch pwned3\"); '"
grok-plot nasty.tsv --term --title '@touch {/Bold x} %s' | grep -qF '@touch {/Bold x} %s'
grep -qF "it's \`touch pwned6\`" a.svg
grep -qF '`touch pwned2` $(touch pwned5)' a.svg
grok-plot nasty.tsv --format svg --heatmap test_acc -x step -y "x'; system(\"touch pwned3\"); '" --panel '`touch pwned2`' \
    --mark '"; system("touch pwned4")=2,2' --mark-x "'; !touch pwned5=5" --contours 0.15 -o - |
    grep -qF '"; system("touch pwned4")'
[ "$(printf '%s ' *)" = "a.svg b'; system('touch pwned9'); '.svg nasty.tsv " ]

# A name that gnuplot would take for a pipe is the name of a file.
grok-plot nasty.tsv --format svg -o '|touch pwned'
[ -s '|touch pwned' ]
[ ! -e pwned ]
