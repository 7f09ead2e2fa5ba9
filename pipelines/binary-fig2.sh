#!/bin/bash
# BINARY, figure 2: XOR clusters with flipped labels, logistic loss and gradient descent (Xu et al. 2024): after a few steps all
# train items are fitted and test items are guessed; later both are right, the flipped labels among them.
. "$(dirname "$0")/binary.sh"
show -- trained clusters --preset xor-cluster "${clusters[@]}" --steps "$cluster_steps"
ready
what='XOR clusters, one label in ten flipped, logistic loss, gradient descent' parameters=("steps=$cluster_steps")
accuracies 'BINARY 2: XOR clusters'
