#!/bin/bash
# KD, figure 1: block diagrams of the two ways to teach; drawn, nothing is measured.
. "$(dirname "$0")/kd.sh"
ready
