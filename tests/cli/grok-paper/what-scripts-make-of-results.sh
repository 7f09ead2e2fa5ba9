# What a script of its own makes of results is no checkpoint and knows nothing of machines: cluster.sh makes a dataset.  It has
# stand-ins when costs are told, and is trained on.
# timeout: 240
. "$TOP/tests/cli/expect.bash"
. "$TOP/tests/cli/grok-paper/toy.bash"
ln -s "$TOP/pipelines/cluster.sh" pipelines
cat > pipelines/toy-fig3.sh << 'TOY'
#!/bin/bash
. "$(dirname "$0")/toy.sh"
network() { SEEDS=0 checkpoint network -- grok-train --task xor-cluster --model mlp --widths 8 --steps 5 $(machine); }
grouped() {
    SEEDS=0 by=cluster.sh checkpoint grouped "$dir/network$suffix-s0.h5" -- xor-cluster "$dir/network$suffix-s0.h5" --at layer0 \
        --silhouettes 0
}
thinned() {
    checkpoint thinned "$dir/grouped$suffix-s0.h5" -- grok-train --data "$dir/grouped$suffix-s0.h5" --model mlp \
        --widths 8 --thin '*.0' --thin-to 0,0.5 --steps 5 $(machine)
}
network
grouped
show -- thinned
ready
judge
TOY
chmod +x pipelines/toy-fig3.sh
grok-paper toy-fig2 toy-fig3 --dry-run --rate 9000 -q > costs
grok-rows --where 'figure = "toy-fig3"' --select runs,model_steps costs > row
printf 'runs\tmodel_steps\n5\t25\n' | cmp - row
toy toy-fig3 -o r.tar
tar -tf r.tar | grep -q '/grouped-s0.h5$'
tar -xf r.tar
grok-log --final toy/quick/thinned-s1.h5 | grok-rows --select thin_to,status - > ends
printf 'thin_to\tstatus\n0\tfinished\n0.5\tfinished\n' | cmp - ends
