/* interval.h -- 95 % intervals and exact tests for few seeds.
 *
 * Which method stands behind which statistic was chosen by how often its interval holds the truth with 5 and with 10 seeds
 * (tests/slow/coverage.c): percentile bootstraps over so few seeds hold it in 73 to 92 % of cases, these in 93 to 97 %.
 * INFINITY stands for "never" as in stat.h, so an end may be infinite.  An interval that so few values do not determine has
 * NaN at both ends. */
#ifndef GK_ANALYSIS_INTERVAL_H
#define GK_ANALYSIS_INTERVAL_H

#include <stdint.h>

typedef struct gk_interval { double low, high; } gk_interval;

/* Of the mean of finite values, mean -+ t s/sqrt(n) [Student 1908]; n >= 2.  What it covers is exact for normal values. */
gk_interval gk_interval_mean(int64_t n, const double *value);

/* Of the median, whatever the distribution, by order statistics with the interpolation of Hettmansperger and Sheather (1986).
 * n >= 5: with five values it is the range, which covers 93.75 %.  Values may be infinite.  A value that is NaN may lie anywhere:
 * it counts as -INFINITY for the low end and as INFINITY for the high one. */
gk_interval gk_interval_median(int64_t n, const double *value);

/* Of the shift between two independent groups, what is added to b to get a: pairwise differences between the quantiles of the
 * rank sum [Hodges and Lehmann 1963].  At least 4 and 4 values, none of them NaN.  INFINITY - INFINITY counts as NaN above. */
gk_interval gk_interval_shift(int64_t n_a, const double *a, int64_t n_b, const double *b);

/* The shift itself: the median of the pairwise differences that are not NaN. */
double gk_shift(int64_t n_a, const double *a, int64_t n_b, const double *b);

/* Two-sided p of the rank-sum test [Mann and Whitney 1947]; exact without ties, conservative with them (a tie counts against a
 * difference).  INFINITY ranks highest.  1 if a group is empty. */
double gk_test_rank_sum(int64_t n_a, const double *a, int64_t n_b, const double *b);

/* Of a probability after k successes in n trials [Wilson 1927]; n >= 1.  Neither need be whole: runs that are alike are worth
 * fewer trials than they are. */
gk_interval gk_interval_share(double k, double n);

/* Of a threshold of which every value is known within +- gap/2, as when runs stand at points of a grid: of the mean if all are
 * finite, and no shorter than the gap; else of the median. */
gk_interval gk_interval_threshold(int64_t n, const double *value, double gap);

/* The same of the median, whatever the distribution, from five values on.  An eighth of the gap is put to either end: values that
 * scatter by about a gap stand on few places, and between these the ends would be short (91 % with five seeds, else 94). */
gk_interval gk_interval_median_threshold(int64_t n, const double *value, double gap);

/* An interval of a place that was looked for from `least` to `most` only, and of which nothing is known beyond: an end that lies
 * there becomes infinite. */
gk_interval gk_interval_inside(gk_interval found, double least, double most);

/* Two-sided p of the signed-rank test [Wilcoxon 1945], exact, with shared ranks for ties; differences of 0 and NaN are left out;
 * INFINITY ranks highest.  1 if none is left. */
double gk_test_signed_rank(int64_t n, const double *difference);

/* The t of which a share p of Student's distribution with n degrees of freedom lies below; 0.5 <= p < 1. */
double gk_student_quantile(int64_t n, double p);

#endif
