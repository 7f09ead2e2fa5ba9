/* detect.h -- has a run grokked, and when: measures of a training curve and of a test curve.
 *
 * The operational form of Definition 3.1 of "Grokking explained: a statistical phenomenon": the test curve stays below sigma_S
 * while the train curve converges (at t_R), escapes at alpha0, and from alpha1 on stays above sigma_E, in the interval that
 * holds the limit of the train curve.  Delta_S = sigma_E - sigma_S is how much is grokked, Delta_T = L_R - sigma_E what is
 * left. */
#ifndef GK_ANALYSIS_DETECT_H
#define GK_ANALYSIS_DETECT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

typedef struct gk_detect_args {
    bool   filter;             /* median of 3 records first */
    double memorised;          /* least limit of the train curve */
    double eps_train;          /* t_R: the train curve is within this of its limit ... */
    double converged;          /* ... for at least this share of the records from there on */
    double low_quantile;       /* sigma_S: this quantile (0..1) of the test curve up to t_R; 1: its maximum */
    double eps_test;           /* sigma_E: this much below the limit of train or test curve */
    double escape;             /* alpha0: last record below sigma_S + this share of Delta_S */
    double slack;              /* the support ends with 3 records below sigma_E - slack */
    double kappa;              /* least support, in units of alpha1 - alpha0 */
    double min_grok;           /* least Delta_S of grokking */
    double min_partial;        /* least Delta_S of semi-grokking */
    double min_ratio;          /* least alpha1 / t_R of both */
    double max_left;           /* most Delta_T of grokking and of prompt generalisation */
} gk_detect_args;

/* Defaults for accuracies of modular tasks. */
gk_detect_args gk_detect_defaults(void);
/* For -log10 of losses: thresholds in decades. */
gk_detect_args gk_detect_loss_defaults(void);

typedef enum { GK_NO_MEMORISATION, GK_NOT_GROKKED, GK_PROMPT, GK_PARTIAL, GK_UNSUPPORTED, GK_GROK } gk_detect_status;
extern const char *const gk_detect_status_names[];    /* "no-memorisation", "none", "prompt", "partial", "unsupported", "grok" */

/* NaN where a measure has no meaning (alpha0, alpha1 and support without a crossing, most of all without memorisation). */
typedef struct gk_detection {
    gk_detect_status status;
    double train_limit, t_r, alpha0, alpha1, sigma_s, sigma_e, delta_s, delta_t, support;    /* t_r, alpha, support in steps */
    bool   censored;           /* the support runs to the end */
    bool   lost;               /* it ended before */
} gk_detection;

/* n records at ascending steps t.  -1 with gk_error: out of memory. */
int gk_detect(const gk_detect_args *args, int64_t n, const double *t, const double *train, const double *test,
              gk_detection *out) GK_MUST_CHECK;

/* What more training might change of a detection whose support runs to the end.  Train has converged, and sigma_s was told by
 * then: both stay.  sigma_e is what a tenth of the steps has held, and stays held whatever comes: it, and delta_s with it, can
 * only rise, and delta_t fall, by so much (0: the support ended before, or test is as near to train as counts). */
double gk_detect_room(const gk_detect_args *args, const gk_detection *d);
/* The end came before the support was long enough for an arrival: that may be at alpha1 or later. */
bool gk_detect_is_cut(const gk_detect_args *args, const gk_detection *d);
/* So what its status might become, bit 1 << status for each; 0: nothing else.  A measure that is NaN rules nothing out. */
unsigned gk_detect_might_be(const gk_detect_args *args, const gk_detection *d);

/* Median of the records in the last `share` of the steps; NaN without records. */
double gk_end_median(int64_t n, const double *t, const double *value, double share);

/* Longest stretch of steps in which low <= value <= high at every record, among the first n records. */
double gk_longest_within(int64_t n, const double *t, const double *value, double low, double high);

#endif
