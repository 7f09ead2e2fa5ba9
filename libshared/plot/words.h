/* words.h -- columns of tables in the words of the field, and which metrics may share an axis. */
#ifndef GK_PLOT_WORDS_H
#define GK_PLOT_WORDS_H

#include "base/arena.h"
#include "table/frame.h"

/* "train_acc" as a reader would say it: "train accuracy"; "thinned/test_acc": "test accuracy, thinned subclasses";
 * "p1/test_acc": "test accuracy, p1"; a column of which nothing is known: itself.  What is composed is in arena memory. */
const char *gk_plot_words(const char *column, gk_arena *arena);

/* What a column measures, by what is known of its name and unit: "accuracy", "loss", "error", "parameter norm (L2)", ...; NULL:
 * nothing is known, and columns without a kind share an axis. */
const char *gk_plot_kind(const gk_frame_column *column, gk_arena *arena);

/* What columns have in common, for the label of the axis that they share: the words of one; else their kind; else the words
 * of each. With the unit if that is not said yet; loss_unit ("nats" or ""): of losses whose column names none. */
const char *gk_plot_axis_label(const gk_frame *frame, int n, const int *columns, const char *loss_unit, gk_arena *arena);

/* The name of a metric behind what it is of: "test_acc" of "thinned/test_acc". */
const char *gk_plot_metric_name(const char *column);

#endif
