/* pickle.c -- the pickle in what torch.save writes, parsed and never unpickled: a program for a small stack machine that builds
 * dictionaries, tuples and numbers, and calls functions by name.  Two of these calls are understood, those that make a tensor
 * and a parameter; the result of any other is an object of which nothing is known.  Nothing is looked up, imported or called. */
#include <inttypes.h>
#include <stdlib.h>
#include "io/tensors_private.h"

enum { MAX_VALUES = 1 << 20, MAX_DEPTH = 32 };

typedef enum { OTHER, MARK, INTEGER, TEXT, TUPLE, DICTIONARY, FUNCTION, STORAGE, TENSOR } kind;

typedef struct value {
    kind            is;
    int64_t         integer;       /* INTEGER; STORAGE: elements */
    const char     *text;          /* TEXT; FUNCTION: "torch FloatStorage"; STORAGE: its key */
    gk_tensor_type  type;          /* STORAGE, TENSOR */
    int             n, n_room;     /* of TUPLE (lists, too) and DICTIONARY (keys and values in turn) */
    struct value  **item;
    gk_tensor       tensor;        /* TENSOR; without a name */
} value;

typedef struct machine {
    gk_tensors     *tensors;
    const char     *path;
    const uint8_t  *at, *end;
    int             n_stack, n_stack_room, n_memo_room, n_memo, n_value;
    value         **stack, **memo;
    gk_storage_of  *storage;
    void           *context;
} machine;

static int damaged(const machine *m, const char *what)
{
    return gk_error("'%s' is damaged: its pickle %s", m->path, what);
}

/* --- memory ------------------------------------------------------------------------------------------------------------- */

static value *new_value(machine *m, kind is)
{
    if (++m->n_value > MAX_VALUES) {
        damaged(m, "builds more than any model has");
        return NULL;
    }
    value *made = gk_arena_alloc(&m->tensors->arena, sizeof *made);
    made->is = is;
    return made;
}

/* Room for one more pointer in a list of `n`; its size doubles. */
static int make_room(const machine *m, value ***list, int n, int *n_room)
{
    if (n < *n_room)
        return 0;
    int     n_new = *n_room > 0 ? 2 * *n_room : 64;
    value **grown = realloc(*list, (size_t)n_new * sizeof(void *));
    if (!grown)
        return gk_error("out of memory for '%s'", m->path);
    memset(grown + *n_room, 0, (size_t)(n_new - *n_room) * sizeof(void *));
    *list = grown;
    *n_room = n_new;
    return 0;
}

static int push(machine *m, value *pushed)
{
    if (!pushed || make_room(m, &m->stack, m->n_stack, &m->n_stack_room) < 0)
        return -1;
    gk_assert(m->stack);
    m->stack[m->n_stack++] = pushed;
    return 0;
}

static int push_integer(machine *m, int64_t integer)
{
    value *made = new_value(m, INTEGER);
    if (made)
        made->integer = integer;
    return push(m, made);
}

static value *top(const machine *m)
{
    return m->n_stack > 0 ? m->stack[m->n_stack - 1] : NULL;
}

static value *pop(machine *m)
{
    gk_assert(m->stack);
    if (m->n_stack == 0) {
        damaged(m, "takes from an empty stack");
        return NULL;
    }
    return m->stack[--m->n_stack];
}

/* Where the last mark is; -1 with gk_error. */
static int find_mark(const machine *m)
{
    gk_assert(m->stack);
    for (int i = m->n_stack - 1; i >= 0; i--)
        if (m->stack[i]->is == MARK)
            return i;
    return damaged(m, "has no mark where it needs one");
}

/* --- what stands in the program ----------------------------------------------------------------------------------------- */

static int take_bytes(machine *m, uint64_t n, const uint8_t **out)
{
    if (n > (uint64_t)(m->end - m->at))
        return damaged(m, "ends too early");
    *out = m->at;
    m->at += n;
    return 0;
}

static int take_number(machine *m, int n_byte, uint64_t *out)
{
    const uint8_t *at = m->at;
    if (take_bytes(m, (uint64_t)n_byte, &at) < 0)
        return -1;
    *out = gk_unsigned_at(at, n_byte);
    return 0;
}

static int push_text(machine *m, int n_byte_length)
{
    uint64_t n = 0;
    const uint8_t *at = m->at;
    if (take_number(m, n_byte_length, &n) < 0 || take_bytes(m, n, &at) < 0)
        return -1;
    value *made = new_value(m, TEXT);
    if (made)
        made->text = gk_arena_printf(&m->tensors->arena, "%.*s", (int)(n < 4096 ? n : 4096), (const char *)at);
    return push(m, made);
}

/* Up to the end of the line; NULL with gk_error. */
static const char *take_line(machine *m)
{
    const uint8_t *begin = m->at, *end = memchr(begin, '\n', (size_t)(m->end - begin));
    if (!end || end - begin > 1000) {
        damaged(m, "ends too early");
        return NULL;
    }
    m->at = end + 1;
    return gk_arena_printf(&m->tensors->arena, "%.*s", (int)(end - begin), (const char *)begin);
}

/* A number of n bytes, with its sign. */
static int push_long(machine *m)
{
    uint64_t n = 0, bits = 0;
    const uint8_t *at = m->at;
    if (take_number(m, 1, &n) < 0 || take_bytes(m, n, &at) < 0)
        return -1;
    if (n > 8)
        return push(m, new_value(m, OTHER));
    bits = gk_unsigned_at(at, (int)n);
    if (n > 0 && n < 8 && at[n - 1] >> 7)
        bits |= UINT64_MAX << 8 * n;
    return push_integer(m, (int64_t)bits);
}

/* --- building ----------------------------------------------------------------------------------------------------------- */

/* The stack from `first` on becomes the items of a tuple, or goes behind those of a dictionary or list. */
static void append(machine *m, value *to, int first)
{
    int n = m->n_stack - first;
    gk_assert(m->stack);
    if (to->n + n > to->n_room) {
        int     n_room = to->n > 0 ? 2 * (to->n + n) : n;
        value **all = gk_arena_alloc(&m->tensors->arena, ((size_t)n_room + 1) * sizeof(void *));
        if (to->n > 0)
            memcpy(all, to->item, (size_t)to->n * sizeof(void *));
        to->item = all;
        to->n_room = n_room;
    }
    if (n > 0)
        memcpy(to->item + to->n, m->stack + first, (size_t)n * sizeof(void *));
    to->n += n;
}

static int push_tuple(machine *m, int n)
{
    value *made = new_value(m, TUPLE);
    if (n > m->n_stack)
        return damaged(m, "takes from an empty stack");
    if (!made)
        return -1;
    append(m, made, m->n_stack - n);
    m->n_stack -= n;
    return push(m, made);
}

/* What is behind the last mark becomes a tuple (or a list: the same to us). */
static int push_marked(machine *m)
{
    int mark = find_mark(m);
    value *made = mark >= 0 ? new_value(m, TUPLE) : NULL;
    if (!made)
        return -1;
    append(m, made, mark + 1);
    m->n_stack = mark;
    return push(m, made);
}

/* The last n values go into what lies below them; with n < 0 those behind the mark, which goes, too. */
static int extend(machine *m, int n)
{
    gk_assert(m->stack);
    int first = n < 0 ? find_mark(m) : m->n_stack - n;
    int below = first - 1;
    if (first < 0 || below < 0)
        return first < 0 && n < 0 ? -1 : damaged(m, "takes from an empty stack");
    value *to = m->stack[below];
    int    from = n < 0 ? first + 1 : first;
    if (to->is == DICTIONARY && (m->n_stack - from) % 2 != 0)
        return damaged(m, "has a key without a value");
    if (to->is == DICTIONARY || to->is == TUPLE)
        append(m, to, from);
    m->n_stack = first;
    return 0;
}

static int memoize(machine *m, uint64_t at)
{
    if (!top(m) || at >= MAX_VALUES)
        return damaged(m, "remembers nothing");
    while ((uint64_t)m->n_memo_room <= at)
        if (make_room(m, &m->memo, m->n_memo_room, &m->n_memo_room) < 0)
            return -1;
    m->memo[at] = top(m);
    m->n_memo = (int)at + 1 > m->n_memo ? (int)at + 1 : m->n_memo;
    return 0;
}

static int recall(machine *m, uint64_t at)
{
    if (at >= (uint64_t)m->n_memo_room || !m->memo[at])
        return damaged(m, "recalls what it has not remembered");
    return push(m, m->memo[at]);
}

static int push_function(machine *m, const char *module, const char *name)
{
    value *made = module && name ? new_value(m, FUNCTION) : NULL;
    if (made)
        made->text = gk_arena_printf(&m->tensors->arena, "%s %s", module, name);
    return push(m, made);
}

static int push_named_function(machine *m)
{
    const value *name = pop(m), *module = name ? pop(m) : NULL;
    if (!module)
        return -1;
    if (name->is != TEXT || module->is != TEXT)
        return damaged(m, "calls what has no name");
    return push_function(m, module->text, name->text);
}

/* --- tensors ------------------------------------------------------------------------------------------------------------ */

/* ('storage', torch.FloatStorage, '0', 'cpu', 16) */
static int push_storage(machine *m)
{
    const value *id = pop(m);
    if (!id)
        return -1;
    if (id->is != TUPLE || id->n < 5 || id->item[1]->is != FUNCTION || id->item[2]->is != TEXT || id->item[4]->is != INTEGER)
        return damaged(m, "refers to memory in a way that is not known here");
    value *made = new_value(m, STORAGE);
    if (!made)
        return -1;
    const char *type = strrchr(id->item[1]->text, ' ') + 1;
    made->text = id->item[2]->text;
    made->type = GK_TENSOR_TYPE_BY(storage, type);
    made->integer = id->item[4]->integer;
    return push(m, made);
}

static bool take_sizes(const value *tuple, int n, int64_t *out)
{
    if (tuple->is != TUPLE || tuple->n != n || n > GK_H5_MAX_DIM)
        return false;
    for (int i = 0; i < n; i++) {
        if (tuple->item[i]->is != INTEGER || tuple->item[i]->integer < 0)
            return false;
        out[i] = tuple->item[i]->integer;
    }
    return true;
}

/* Elements `stride` apart become row-major; contiguous ones stay where they are. */
static const void *gather(machine *m, const gk_tensor *tensor, const int64_t *stride, const uint8_t *from)
{
    size_t  n_byte = gk_tensor_traits_of[tensor->type].n_byte;
    int64_t index[GK_H5_MAX_DIM] = { 0 }, expected = 1;
    bool    is_plain = true;
    for (int d = tensor->n_dim - 1; d >= 0; expected *= tensor->dim[d--])
        is_plain &= tensor->dim[d] == 1 || stride[d] == expected;
    if (is_plain)
        return from;
    uint8_t *to = gk_tensors_buffer(m->tensors, (size_t)tensor->size * n_byte, "a tensor");
    for (int64_t i = 0; to && i < tensor->size; i++) {
        int64_t at = 0;
        for (int d = 0; d < tensor->n_dim; d++)
            at += index[d] * stride[d];
        memcpy(to + (size_t)i * n_byte, from + (size_t)at * n_byte, n_byte);
        for (int d = tensor->n_dim - 1; d >= 0 && ++index[d] == tensor->dim[d]; d--)
            index[d] = 0;
    }
    return to;
}

/* Is every element within a memory of n?  Sets tensor->size. */
static bool fits(gk_tensor *tensor, const int64_t *stride, int64_t offset, int64_t n)
{
    int64_t last = offset;
    tensor->size = 1;
    for (int d = 0; d < tensor->n_dim; d++) {
        if (tensor->dim[d] == 0)
            tensor->size = 0;
        else if (tensor->dim[d] > n || stride[d] > n)
            return tensor->size == 0;
        else {
            tensor->size = tensor->size > n ? tensor->size : tensor->size * tensor->dim[d];
            last += (tensor->dim[d] - 1) * stride[d];    /* at most 8 n^2, and n is below 2^30 */
        }
    }
    return tensor->size == 0 || (tensor->size <= n && last < n);
}

/* (storage, offset, sizes, strides, ...) */
static value *make_tensor(machine *m, const value *arguments)
{
    value   *made = new_value(m, TENSOR);
    int64_t  stride[GK_H5_MAX_DIM] = { 0 };
    if (!made)
        return NULL;
    gk_tensor *tensor = &made->tensor;
    const value *memory = arguments->n >= 4 ? arguments->item[0] : NULL;
    tensor->n_dim = memory ? arguments->item[2]->n : 0;
    if (!memory || memory->is != STORAGE || arguments->item[1]->is != INTEGER ||
        !take_sizes(arguments->item[2], tensor->n_dim, tensor->dim) || !take_sizes(arguments->item[3], tensor->n_dim, stride)) {
        damaged(m, "makes a tensor in a way that is not known here");
        return NULL;
    }
    made->type = tensor->type = memory->type;
    if (tensor->type == GK_N_TENSOR_TYPE)
        return made;    /* complex, quantised, ...: of no interest unless it is asked for */
    gk_bytes bytes = m->storage(m->context, memory->text);
    int64_t  n = (int64_t)(bytes.n / gk_tensor_traits_of[tensor->type].n_byte), offset = arguments->item[1]->integer;
    if (n >= 1 << 30 || offset < 0 || offset > n || !fits(tensor, stride, offset, n)) {
        gk_error("'%s' is damaged, or too large: a tensor goes beyond its memory '%s' of %" PRId64 " elements", m->path,
                 memory->text, n);
        return NULL;
    }
    tensor->data = gather(m, tensor, stride, bytes.at + (size_t)offset * gk_tensor_traits_of[tensor->type].n_byte);
    return tensor->data || tensor->size == 0 ? made : NULL;
}

static int call(machine *m)
{
    const value *arguments = pop(m), *function = arguments ? pop(m) : NULL;
    if (!function)
        return -1;
    bool has_name = function->is == FUNCTION && arguments->is == TUPLE;
    if (has_name && strcmp(function->text, "torch._utils _rebuild_tensor_v2") == 0)
        return push(m, make_tensor(m, arguments));
    if (has_name && strcmp(function->text, "torch._utils _rebuild_parameter") == 0 && arguments->n > 0)
        return push(m, arguments->item[0]);
    return push(m, new_value(m, has_name && strcmp(function->text, "collections OrderedDict") == 0 ? DICTIONARY : OTHER));
}

/* --- the machine -------------------------------------------------------------------------------------------------------- */

/* So many bytes, or as many as a number of n_length bytes says. */
static int push_other(machine *m, int n_length, uint64_t n)
{
    const uint8_t *at;
    if ((n_length > 0 && take_number(m, n_length, &n) < 0) || take_bytes(m, n, &at) < 0)
        return -1;
    return push(m, new_value(m, OTHER));
}

/* An object's state: nothing that a state dict needs. */
static int step_other(machine *m, uint8_t code)
{
    switch (code) {
    case 'b': case '0': return pop(m) ? 0 : -1;                             /* BUILD: state of the object below; POP */
    case 'G': return push_other(m, 0, 8);                                   /* BINFLOAT */
    case 'N': return push(m, new_value(m, OTHER));                          /* NONE */
    case 'C': case 'U': return push_other(m, 1, 0);                         /* short bytes, short string */
    case 'B': case 'T': return push_other(m, 4, 0);                         /* bytes, string */
    default:
        return gk_error("'%s': its pickle has an instruction 0x%02x that is not known here", m->path, code);
    }
}

static int step(machine *m, uint8_t code)
{
    uint64_t n = 0;
    switch (code) {
    case 0x80: return take_number(m, 1, &n);                                /* PROTO */
    case 0x95: return take_number(m, 8, &n);                                /* FRAME */
    case '(': return push(m, new_value(m, MARK));
    case '}': return push(m, new_value(m, DICTIONARY));
    case ']': case ')': return push(m, new_value(m, TUPLE));                /* EMPTY_LIST, EMPTY_TUPLE */
    case 't': case 'l': return push_marked(m);                              /* TUPLE, LIST */
    case 0x85: case 0x86: case 0x87: return push_tuple(m, code - 0x84);     /* TUPLE1 to 3 */
    case 's': return extend(m, 2);                                          /* SETITEM */
    case 'a': return extend(m, 1);                                          /* APPEND */
    case 'u': case 'e': return extend(m, -1);                               /* SETITEMS, APPENDS */
    case 'X': return push_text(m, 4);                                       /* BINUNICODE */
    case 0x8c: return push_text(m, 1);                                      /* SHORT_BINUNICODE */
    case 'J': return take_number(m, 4, &n) < 0 ? -1 : push_integer(m, (int32_t)n);
    case 'K': return take_number(m, 1, &n) < 0 ? -1 : push_integer(m, (int64_t)n);
    case 'M': return take_number(m, 2, &n) < 0 ? -1 : push_integer(m, (int64_t)n);
    case 0x88: case 0x89: return push_integer(m, code == 0x88);             /* NEWTRUE, NEWFALSE */
    case 0x8a: return push_long(m);                                         /* LONG1 */
    case 'q': return take_number(m, 1, &n) < 0 ? -1 : memoize(m, n);        /* BINPUT */
    case 'r': return take_number(m, 4, &n) < 0 ? -1 : memoize(m, n);        /* LONG_BINPUT */
    case 0x94: return memoize(m, (uint64_t)m->n_memo);                      /* MEMOIZE */
    case 'h': return take_number(m, 1, &n) < 0 ? -1 : recall(m, n);         /* BINGET */
    case 'j': return take_number(m, 4, &n) < 0 ? -1 : recall(m, n);         /* LONG_BINGET */
    case 'c': {                                                             /* GLOBAL: two lines */
        const char *module = take_line(m);
        return module ? push_function(m, module, take_line(m)) : -1;
    }
    case 0x93: return push_named_function(m);                               /* STACK_GLOBAL */
    case 'Q': return push_storage(m);                                       /* BINPERSID */
    case 'R': case 0x81: return call(m);                                    /* REDUCE, NEWOBJ */
    default:  return step_other(m, code);
    }
}

static int collect(machine *m, const value *from, const char *prefix, int depth);

/* What a dictionary or list holds under this name: a tensor, or more dictionaries and lists. */
/* NOLINTNEXTLINE(misc-no-recursion): see collect() */
static int collect_one(machine *m, const value *held, const char *name, int depth)
{
    gk_tensor tensor = held->tensor;
    if (++m->n_value > MAX_VALUES)
        return damaged(m, "holds more than any model has");
    if (held->is == TENSOR && held->type == GK_N_TENSOR_TYPE)
        return gk_error("tensor '%s' of '%s' is of a type that is not known here", name, m->path);
    tensor.name = name;
    if (held->is == TENSOR)
        return gk_tensors_add(m->tensors, m->path, tensor);
    return held->is == DICTIONARY || held->is == TUPLE ? collect(m, held, gk_arena_printf(&m->tensors->arena, "%s.", name), depth)
                                                       : 0;
}

/* "outer.inner" by keys, "outer.0" by place.  What is held may hold itself, or another one many times. */
/* NOLINTNEXTLINE(misc-no-recursion): MAX_DEPTH levels, MAX_VALUES visits */
static int collect(machine *m, const value *from, const char *prefix, int depth)
{
    gk_arena *arena = &m->tensors->arena;
    int       n_each = from->is == DICTIONARY ? 2 : 1;
    if (depth > MAX_DEPTH)
        return damaged(m, "holds dictionaries in dictionaries without end");
    for (int i = 0; i + n_each <= from->n; i += n_each) {
        const value *key = from->item[i], *held = from->item[i + n_each - 1];
        const char  *name = n_each == 1           ? gk_arena_printf(arena, "%s%d", prefix, i)
                            : key->is == TEXT     ? gk_arena_printf(arena, "%s%s", prefix, key->text)
                            : key->is == INTEGER  ? gk_arena_printf(arena, "%s%" PRId64, prefix, key->integer) : NULL;
        if (name && collect_one(m, held, name, depth + 1) < 0)
            return -1;
    }
    return 0;
}

static int run(machine *m)
{
    while (m->at < m->end) {
        uint8_t code = *m->at++;
        if (code == '.')
            return top(m) && top(m)->is == DICTIONARY ? collect(m, top(m), "", 0) :
                gk_error("'%s' holds no dictionary of tensors: save model.state_dict()", m->path);
        if (step(m, code) < 0)
            return -1;
    }
    return damaged(m, "ends too early");
}

int gk_pickle_read(gk_tensors *tensors, const gk_bytes *pickle, gk_storage_of *storage, void *context)
{
    machine m = { .tensors = tensors, .path = pickle->path, .at = pickle->at, .end = pickle->at + pickle->n,
                  .storage = storage, .context = context };
    int status = make_room(&m, &m.stack, 0, &m.n_stack_room) < 0 ? -1 : run(&m);
    free(m.stack);
    free(m.memo);
    return status;
}
