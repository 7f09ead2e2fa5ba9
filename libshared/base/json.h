/* json.h -- texts as JSON has them (RFC 8259), which several formats hold. */
#ifndef GK_BASE_JSON_H
#define GK_BASE_JSON_H

#include "base/arena.h"

/* A text in quotes, unescaped in place and ended by NUL; *end is behind its closing quote.  NULL: not one, or one with NUL. */
char *gk_json_text(char *at, char **end);

enum { GK_JSON_PIECE = 16 };
/* The next character of a text as it stands within quotes; how many bytes of the text it was, 0 at the end. */
int   gk_json_piece(const char *text, char piece[GK_JSON_PIECE]);

/* A text in quotes, in arena memory. */
char *gk_json_quoted(gk_arena *arena, const char *text);

#endif
