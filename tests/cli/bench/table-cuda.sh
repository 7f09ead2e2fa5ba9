# The table of a device's benchmark: the floor is the slower of copies and products, eager forms stand beside all numbers of
# models, the best form of each library is named, a peer of another precision is left out.
tr ' ' '\t' << 'EOF' | sed 's/_/ /g; s/torch /torch_/; s/jax /jax_/' > rows
gemm torch_mm 8192 tf32 400 400 400 T
gemm torch_copy 8192 tf32 4 4 4 T
nanda ours 256 tf32 20000 19000 21000 4e9_flops,_8e7_bytes_a_model-step;_more
nanda torch_bmm 256 tf32 2000 1900 2100 T
nanda torch_eager 1 tf32 2500 2400 2600 T
nanda jax_vmap 256 tf32 nan nan nan failed
nanda jax_vmap-scan 256 fp32 9000 9000 9000 J
mlp ours 2 tf32 1e6 1e6 1e6 4e6_flops,_0_bytes_a_model-step;_more
mlp ours 2 fp32 nan nan nan not_built
EOF
awk -F '\t' -v device=card -f "$TOP/tests/bench/table-cuda.awk" rows
