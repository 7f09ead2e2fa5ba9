#!/bin/bash
# The same as tests/robust/kill9.sh, more often.
KILLS=100 exec "$(dirname "$0")/../robust/kill9.sh"
