# bash completes options, choices and presets from what the tools print
cat > "grok-example" << 'END'
#!/bin/sh
[ "$*" = "--preset help" ] && { echo 'nanda        task=add prime=113'; echo '             from Nanda et al.'; exit; }
cat << 'HELP'
Usage: grok-example [OPTION...]
an example

Model:
  -a, --activation=NAME       what stands between the layers: relu, gelu,
                              tanh (default relu; list)
      --precision=NAME
                              of all reals: float32, float64 (default float32)
  -o, --output=FILE           write here: there, anywhere
      --tied[=no]             share the embedding
      --init-law=NAME, --law=NAME
                              of all: normal, uniform (only for an mlp, or a
                              transformer)
HELP
END
chmod +x grok-example
PATH=$PWD:$PATH
sed 's/@tools@/grok-example/' "$TOP/mk/completion.bash" > completion
# shellcheck disable=SC1091
. ./completion

# completes EXPECTED WORD...: completing the last word gives these
completes() {
    local expected=$1
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _groktools
    [ "${COMPREPLY[*]}" = "$expected" ] || { echo "$*: '${COMPREPLY[*]}', expected '$expected'"; exit 1; }
}
completes '--activation'         grok-example --a
completes '--precision'          grok-example --tied --p
completes 'relu gelu tanh'       grok-example --activation = ''
completes 'gelu'                 grok-example --activation = g
completes 'float32 float64'      grok-example --precision float
completes 'nanda'                grok-example --preset ''
completes ''                     grok-example --output ''
completes ''                     grok-example file
completes 'normal uniform'       grok-example --law ''
completes 'normal uniform'       grok-example --init-law ''
completes '--law'                grok-example --l
completes '--activation --precision --output --tied --init-law --law' grok-example --
