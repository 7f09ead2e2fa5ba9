# The compiler refuses a row of options that does not fit its field, and a choice whose names are another enum's.
cat > rows.c << 'END'
#include "base/choice.h"
#include "base/options.h"
#define COLOURS(X) X(RED, "red") X(BLUE, "blue")
#define SIZES(X) X(SMALL, "small") X(LARGE, "large")
GK_LOCAL_CHOICES(colour, COLOURS);
GK_LOCAL_CHOICES(size, SIZES);
typedef struct things { bool on; int64_t n; double x; const char *text; colour paint; size wide; int number; } things;
#define GK_OPTIONS_OF things
const gk_option rows[] = { ROW, GK_OPTION_END };
const char *const *const names[] = { colour_names, size_names };
END
compiles() { "${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -I"$TOP/libshared" -fsyntax-only -DROW="$1" rows.c 2> err; }
for row in 'GK_SWITCH_OPTION("o", on, .help = "h")' 'GK_INT_OPTION("n", n, 0, 1, .help = "h")' \
           'GK_REAL_OPTION("x", x, 0, 1, .help = "h")' 'GK_TEXT_OPTION("t", text, .key = 116, .help = "h")' \
           'GK_CHOICE_OPTION("c", paint, colour, .flags = GK_VARY, .help = "h")'; do
    compiles "$row" || { echo "refused: $row"; cat err; exit 1; }
done
for row in 'GK_SWITCH_OPTION("o", n, .help = "h")' 'GK_INT_OPTION("n", number, 0, 1, .help = "h")' \
           'GK_INT_OPTION("n", x, 0, 1, .help = "h")' 'GK_REAL_OPTION("x", n, 0, 1, .help = "h")' \
           'GK_TEXT_OPTION("t", paint, .help = "h")' 'GK_CHOICE_OPTION("c", paint, size, .help = "h")' \
           'GK_CHOICE_OPTION("c", number, colour, .help = "h")' 'GK_INT_OPTION("n", n, .help = "h")' \
           'GK_SWITCH_OPTION("o", off, .help = "h")'; do
    if compiles "$row"; then echo "accepted: $row"; exit 1; fi
    grep -q 'error:' err
done
