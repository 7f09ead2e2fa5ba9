# Axes say what a metric is in the words of metrics.def.
printf 'step\ttest_margin\tgradient_norm\n1\t-2\t0.5\n10\t3\t0.1\n' > t.tsv
grok-plot t.tsv -y test_margin -o m.svg && grep -q 'test margin' m.svg
grok-plot t.tsv -y gradient_norm -o g.svg && grep -q 'gradient norm' g.svg
