# bash completion for groktools: names of options, their choices and presets, as the tools' own --help gives them.

# _groktools_options TOOL: names of all options
_groktools_options() {
    "$1" --help 2> /dev/null | sed -n 's/^ *\(-., *\)\?--/--/p' | sed 's/  .*//' | grep -o -e '--[a-z0-9-]*'
}

# _groktools_values TOOL OPTION: the choices of an option, which stand in its help as "sentence: one, two, three (default one)"
_groktools_values() {
    if [ "$2" = --preset ]; then
        "$1" --preset help 2> /dev/null | sed -n 's/^\([^ -][^ ]*\) .*/\1/p'
        return
    fi
    "$1" --help 2> /dev/null | awk -v name="$2" '
        /^ *(-., *)?--/ { inside = match($0, "(^|[ ,])" name "=NAME(,|[ ]|$)"); if (inside) text = substr($0, RSTART + RLENGTH); next }
        !NF || /^[^ ]/  { inside = 0 }
        inside          { text = text " " $0 }
        END {
            sub(/ *\(((default|required|list|only)[^()]*)\) *$/, "", text)
            if (!sub(/^.*: */, "", text)) exit
            gsub(/,? +/, "\n", text)
            print text
        }'
}

_groktools() {
    local tool=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} option='' words
    local before=${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    if [ "$word" = = ]; then                   # bash splits --name=value at the sign
        option=$before word=''
    elif [ "$before" = = ]; then
        option=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $before == --* ]]; then
        option=$before
    fi
    if [[ $word == -* ]]; then
        words=$(_groktools_options "$tool")
    elif [ -n "$option" ]; then
        words=$(_groktools_values "$tool" "$option")
    fi
    [ -z "${words:-}" ] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

# Where nothing is known, file names.
_groktools_register() {
    local tool
    for tool; do complete -o default -o bashdefault -F _groktools "$tool"; done
}
_groktools_register @tools@
