/* choice.h -- an enum and the names of its values, from one list.
 *
 *   #define GK_KEEP(X) X(GK_KEEP_ALL, "all") X(GK_KEEP_PARAMS, "params") X(GK_KEEP_METRICS, "metrics")
 *   GK_CHOICES(gk_keep, GK_KEEP);              // in a header: the type gk_keep, and gk_keep_names, ended by NULL
 *   GK_CHOICE_NAMES(gk_keep, GK_KEEP);         // in one source: the names
 *
 * An option's row (GK_CHOICE_OPTION, base/options.h) is then for a field of this type only. */
#ifndef GK_BASE_CHOICE_H
#define GK_BASE_CHOICE_H

#define GK_CHOICES(type, list) typedef enum { list(GK_CHOICE_VALUE) } type; extern const char *const type##_names[]
#define GK_CHOICE_NAMES(type, list) const char *const type##_names[] = { list(GK_CHOICE_NAME) 0 }
/* The same for one source: both in one. */
#define GK_LOCAL_CHOICES(type, list) \
    typedef enum { list(GK_CHOICE_VALUE) } type; static const char *const type##_names[] = { list(GK_CHOICE_NAME) 0 }
#define GK_CHOICE_VALUE(value, name) value,
#define GK_CHOICE_NAME(value, name) name,

#endif
