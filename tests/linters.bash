# linters.bash -- which versions of linters judge: those of Debian 12, where .ci/run runs.  The next version knows rules that nobody
# has read yet: what it finds is shown, and counts as neither passed nor failed.  Sourced by tests.

# judging LINTER: the version that judges, of which `judges` compares as many numbers as are given here
judging() {
    case $1 in
    clang-tidy) echo 14 ;;
    shellcheck) echo 0.9 ;;
    esac
}

# judges LINTER: is the one that is here of that version?  If not, one line says so.
judges() {
    local here wanted
    wanted=$(judging "$1")
    here=$("$1" --version | sed -n 's/.*version:\{0,1\} \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    case $here. in "$wanted".*) return ;; esac
    echo "reported, not judged: $1 ${here:-of an unknown version}; $wanted judges"
    return 1
}
