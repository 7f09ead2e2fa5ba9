#!/bin/bash
# EFF, figure 1: grokking of a transformer of two layers, an LSTM and an MLP, from 50 % of the items; and of the MLP with squared
# error of its softmax.
. "$(dirname "$0")/eff.sh"
what='half of the items'
for model in $MODELS; do show model="$model" panel="$model" loss=ce curve=ce -- base "$model" 0.5; done
case " $MODELS " in
*' mlp '*) show model=mlp panel=mlp loss=mse-softmax curve=mse-softmax -- trained mlp mse-softmax --fraction 0.5 \
    --loss mse-softmax --steps "$steps" --stop "$stop" ;;
esac
ready
curves train_acc,test_acc
draw 'EFF 1: train and test accuracy of three architectures' -y train_acc,test_acc
measures ""
judge "$out.runs.tsv" "$out.tsv"
