#!/bin/bash
# OMNI, figure 2a: the lowest train loss of a student at every weight norm, and the test loss there: an L and a U.  Beside it the
# authors' own form: the first matrix counts twice in their norm, which is set between forward and backward pass, and they read
# the last update.  Their printed values are compared with that.
. "$(dirname "$0")/omni.sh"
show -- teacher_landscape teacher-landscape
ours=("${operands[@]}") operands=()
show -- teacher_landscape teacher-landscape-authors "${authors_form[@]}"
ready_if_whole
authors=("${operands[@]}") operands=("${ours[@]}") updates=$what
what="$updates, at the lowest train loss; the norm of all parameters is held"
cells
plot "$out.tsv" 'OMNI 2a: reduced losses of a student' -x alpha -y train_loss,test_loss --by none --log-x --log-y \
    --style linespoints --ylabel 'mean squared error'
operands=("${authors[@]}") what=$updates
tabulate "$out.end.tsv" grok-log --landscape --select end
grok-rows -o "$out-forms.tsv" form='ours' "$out.tsv" form="the authors'" "$out.end.tsv"
plot "$out-forms.tsv" "OMNI 2a: our form, and the authors' norm, projection and reading" -x alpha -y train_loss,test_loss \
    --by form --log-x --log-y --style linespoints --ylabel 'mean squared error'
grok-rows --select seed,their_alpha=alpha,their_train_loss=train_loss,their_test_loss=test_loss \
    -o "$out.authors.tsv" "$out.end.tsv"
rm "$out.end.tsv"
judge "$out.tsv" "$out.authors.tsv"
