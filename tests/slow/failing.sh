#!/bin/bash
# The same as tests/robust/failing.sh: every call, in every way.
FAILING=all exec "$(dirname "$0")/../robust/failing.sh"
