/* truth.h -- truth with more than two values: what never happened, or was not measured, decides nothing by itself. */
#ifndef GK_TABLE_TRUTH_H
#define GK_TABLE_TRUTH_H

typedef enum { GK_FALSE, GK_TRUE, GK_UNDECIDED, GK_NO_DATA } gk_truth;

/* Is a `sign` b (= == != < <= > >=), by the sign of a - b: negative, 0, positive. */
gk_truth gk_truth_of_order(const char *sign, int order);

/* The same of two numbers.  NaN is no data; two infinities of one sign decide nothing: neither ever happened, and who knows
 * which later. */
gk_truth gk_truth_compare(const char *sign, double a, double b);

/* a and b: what is false decides; then missing data, then what is undecided. */
gk_truth gk_truth_both(gk_truth a, gk_truth b);
gk_truth gk_truth_not(gk_truth truth);

#endif
