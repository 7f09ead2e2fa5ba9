# No case has a command behind a ! that is no condition of something: bash -e goes on, whatever the command does, so that
# nothing is checked.  (tests/cli/expect.bash has `not` and `fails` instead.)
cd "$TOP"
if grep -nE '^([^#]*(&&|\|\||[;{|]))?[[:blank:]]*! ' tests/cli/*/*.sh tests/lint/*.sh | grep -vE '\|\| \{'; then exit 1; fi
