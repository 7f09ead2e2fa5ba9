# Weights that do not fit the model are refused by name, and nothing is written.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --threads 1)
grok-train "${tiny[@]}" --steps 2 -q -o a.h5
grok-export a.h5 -o a.npz
fails 2 'give --weights FILE' grok-import "${tiny[@]}" -o x.h5
fails 2 'the model wants [8, 4]' grok-import --weights a.npz "${tiny[@]}" --d-model 4 -o x.h5
fails 2 "has no tensor 'embed.W_E', for parameter 'embed.weight'" \
    grok-import --weights a.npz --names transformerlens "${tiny[@]}" -o x.h5
fails 2 "'block0.mlp.in.bias' of 'a.npz' (F32 [16]) is not zero, and the model has no such parameter" \
    grok-import --weights a.npz "${tiny[@]}" --bias none -o x.h5
fails 2 "has no tensor 'block1.attention.query.weight'" grok-import --weights a.npz "${tiny[@]}" --n-layer 2 -o x.h5
fails 2 "has no tensor 'model.embed.weight'" grok-import --weights a.npz --prefix model. "${tiny[@]}" -o x.h5
fails 1 'no file of tensors' grok-import --weights a.h5 "${tiny[@]}" -o x.h5
head -c 1000 a.npz > cut.npz
fails 1 'is truncated' grok-import --weights cut.npz "${tiny[@]}" -o x.h5
fails 1 "will not write over 'a.npz', which is read" grok-import --weights a.npz "${tiny[@]}" --force -o a.npz
grok-export --names torch a.h5 -o torch.npz
fails 2 "the model wants [8, 16] for parameter 'block0.mlp.in.weight': give the model's options, or --names" \
    grok-import --weights torch.npz "${tiny[@]}" -o x.h5
