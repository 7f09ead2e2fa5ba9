#!/bin/bash
# BINARY, figure 1: (40, 3)-sparse parity, hinge loss and SGD (Merrill et al. 2023): memorised first, understood late and
# suddenly.
. "$(dirname "$0")/binary.sh"
show -- trained parity --preset parity "${parity[@]}" --steps "$parity_steps"
ready
what='sparse parity of 3 bits, hinge loss, SGD' parameters=("steps=$parity_steps")
accuracies 'BINARY 1: sparse parity'
