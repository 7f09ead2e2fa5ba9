/* metrics.h -- the metrics of a history: what metrics.def says of them, and which of them a run records. */
#ifndef GK_TRAIN_METRICS_H
#define GK_TRAIN_METRICS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/choice.h"
#include "base/error.h"
#include "io/history.h"

struct gk_graph;
struct gk_dataset;

typedef enum {
#define METRIC(id, name, when, kind, unit, words, meaning) GK_##id,
#include "graph/metrics.def"
#undef METRIC
    GK_N_METRIC
} gk_metric;

typedef enum { GK_METRIC_USUAL, GK_METRIC_TAUGHT, GK_METRIC_ASKED } gk_metric_when;
typedef enum { GK_METRIC_LOSS, GK_METRIC_ACCURACY, GK_METRIC_OTHER } gk_metric_kind;
typedef enum { GK_OF_TRAIN, GK_OF_TEST, GK_OF_TAUGHT, GK_OF_REPLICA, GK_OF_MEMBERS } gk_metric_of;

typedef struct gk_metric_info {
    const char    *name, *unit, *words, *meaning;    /* as in metrics.def */
    gk_metric_when when;
    gk_metric_kind kind;
    gk_metric_of   of;           /* rows of a set, a replica as a whole, each member of a family */
    int            sum;          /* of rows: gk_sum */
    bool           each_task;    /* also recorded of each task of a joint dataset */
} gk_metric_info;
extern const gk_metric_info gk_metric_table[GK_N_METRIC];

/* The line of a metric by its name in a history: "p1/test_acc" is test_acc of one task, "norm/embed.weight" a member of a family.
 * NULL: metrics.def knows none of that name. */
const gk_metric_info *gk_metric_find(const char *name);

/* Names of --metrics, comma-separated ("all", "none"; NULL: none), as bits 1 << gk_metric.  -1 with gk_error naming those that
 * can be asked for. */
int gk_metrics_asked(const char *list, uint64_t *asked) GK_MUST_CHECK;

/* All of them with unit and meaning, as lines of a help text, in arena memory. */
const char *gk_metrics_help(gk_arena *arena);

/* Whose metrics are told apart, too: nobody's; those of kinds of subclasses, "kept/test_acc"; of each as well, "1.0/test_acc". */
#define GK_BY_SUBCLASSES(X) X(GK_BY_NONE, "none") X(GK_BY_KIND, "kinds") X(GK_BY_EACH, "each")
GK_CHOICES(gk_by_subclass, GK_BY_SUBCLASSES);
/* Kept: not named by --thin.  Thinned: named by it, whatever --thin-to is.  Absent: the thinned without a train item. */
typedef enum { GK_KIND_KEPT, GK_KIND_THINNED, GK_KIND_ABSENT, GK_N_KIND } gk_kind;
extern const char *const gk_kind_names[GK_N_KIND];

/* One metric of a history. */
typedef struct gk_recorded {
    const char *name;
    gk_metric   metric;
    int         part;            /* member of a family: its parameter; of a task: its group of items; else -1 */
    int         section;         /* of subclasses: 1 + gk_kind, or 1 + GK_N_KIND + the number of one; else 0 */
} gk_recorded;

/* Everything that a group with this graph and dataset records, in the order of a history, in arena memory; returns how many.
 * -1 with gk_error: what is asked for is of classes, and the items have targets; subclasses that are not there, are too many
 * to be told of each, or have names of metrics. */
int gk_metrics_recorded(const struct gk_graph *graph, const struct gk_dataset *dataset, uint64_t asked, gk_by_subclass by,
                        gk_arena *arena, gk_recorded **out) GK_MUST_CHECK;
/* Their names alone. */
const char **gk_metric_names(const gk_recorded *recorded, int n, gk_arena *arena);

/* What evaluations must count for these: gk_problem.sums. */
unsigned gk_metrics_sums(uint64_t asked);

/* Index of a metric in a history that may be another version's; -1: it has none. */
static inline int gk_metric_in(const gk_history *history, gk_metric metric)
{
    return gk_history_find(history, gk_metric_table[metric].name);
}

#endif
