# profile-cuda makes one update of two runs under ncu: what is made once falls out, names are short, numbers lose their commas.
mkdir -p bin build/bench
printf '#!/bin/bash\n' > build/bench/bench_cuda
# A stand-in for ncu: `invert` once, `update` and two products a step, as ncu --csv prints them.
cat > bin/ncu <<'EOF'
#!/bin/bash
row() { printf '"%s","7","bench_cuda","127.0.0.1","%s","1","13","(256, 1, 1)","%s","%s","%s"\n' 0 "$@"; }
kernel() { row "$1" dram__bytes.sum byte "$2"; row "$1" gpu__time_duration.sum ns "$3"; }
echo '==PROF== Connected to process 7 (bench_cuda)'
printf '"%s",' ID 'Process ID' 'Process Name' 'Host Name' 'Kernel Name' Context Stream 'Block Size' 'Metric Name' 'Metric Unit'
echo '"Metric Value"'
kernel 'f32::invert(int, long)' 5,000 9,000
for ((i = 0; i < ${!#}; i++)); do
    kernel 'void f32::update<4>(f32::pass, long)' 8,000,000 4,000
    kernel gemm_tn 3,000 1,500
    kernel gemm_tn 3,000 1,500
done
EOF
chmod +x bin/ncu build/bench/bench_cuda
PATH=$PWD/bin:$PATH BUILD=$PWD/build "$TOP/tests/bench/profile-cuda" --save saved nanda:2:tf32 > found
cat found
cmp found saved
ln -s "$(command -v env)" "$(command -v bash)" "$(command -v dirname)" bin
rm bin/ncu
status=0
PATH=$PWD/bin BUILD=$PWD/build "$TOP/tests/bench/profile-cuda" 2> words || status=$?
[ "$status" = 3 ]
cat words
