#!/bin/sh
# version.sh RELEASE -- print the version: the release, and which commit was built if this is a checkout.
commit=$(git describe --always --dirty --exclude '*' 2>/dev/null) || commit=
echo "$1${commit:++g$commit}"
