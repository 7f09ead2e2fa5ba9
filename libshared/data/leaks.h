/* leaks.h -- what of a split makes its test a poor one: items of test that are copies of train items, items that are alike and
 * have different answers, classes that train lacks. */
#ifndef GK_DATA_LEAKS_H
#define GK_DATA_LEAKS_H

#include "data/dataset.h"

typedef struct gk_leaks {
    int64_t n_copy;             /* test items with the tokens or reals of a train item */
    int32_t copy, copied;       /* the first of them, and the train item */
    int64_t n_contradiction;    /* items, train or test, like an earlier one of train but with another answer */
    int32_t one, other;         /* the first of them, and what it contradicts */
    int64_t n_absent;           /* classes that test items have and that are no train item's label */
    int64_t n_absent_item;      /* test items of these */
    int32_t absent;             /* the first such class */
} gk_leaks;

/* For every item the first one with the same input, [n_item] in arena memory. */
const int32_t *gk_same_inputs(const gk_dataset *dataset, gk_arena *arena);

/* Of a split; same: gk_same_inputs of the dataset.  Answers are the items' own; for classes that train lacks, the labels that
 * it is trained on.  split NULL: of items without one, of which any may come to test: a copy is an item like an earlier one. */
gk_leaks gk_leaks_of(const gk_dataset *dataset, const int32_t *same, const gk_split *split);
bool     gk_leaks_any(const gk_leaks *leaks);

/* "test items that are copies of train items: 3 of 40 (item 7 of item 2); ...", in arena memory; "": there is nothing. */
const char *gk_leaks_text(const gk_dataset *dataset, const gk_split *split, const gk_leaks *leaks, gk_arena *arena);

#endif
