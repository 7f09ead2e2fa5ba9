/* outcome.c -- see outcome.h. */
#include "train/outcome.h"

#include <math.h>

/* Share of class c: of exp, or of Prieto et al.'s s(x). */
static double score(gk_softmax softmax, double x, double largest)
{
    if (softmax == GK_STABLEMAX)
        return x >= 0 ? x + 1 : 1 / (1 - x);
    return exp(x - largest);
}

static gk_outcome of_targets(const gk_model_args *model, int64_t n, const double *output, const float *target)
{
    gk_outcome out = { .answer = -1, .probability = NAN, .margin = NAN };
    for (int64_t i = 0; i < n; i++)
        out.loss += (output[i] - (double)target[i]) * (output[i] - (double)target[i]) / (double)n;
    out.right = isnan(out.loss) ? NAN : out.loss < model->correct_below;
    return out;
}

/* Squared error of logits, or of their softmax, against the one-hot of the label: the mean, or the sum, over classes. */
static double squared_error(const gk_model_args *model, int64_t n, const double *x, int32_t label, double largest, double sum)
{
    double total = 0;
    for (int64_t i = 0; i < n; i++) {
        double y = model->loss == GK_LOSS_MSE_SOFTMAX ? score(model->softmax, x[i], largest) / sum : x[i];
        total += (y - (i == label)) * (y - (i == label));
    }
    return model->loss == GK_LOSS_MSE_SOFTMAX ? total : total / (double)n;
}

static gk_outcome of_logits(const gk_model_args *model, int64_t n, const double *logits, int32_t label)
{
    gk_outcome out = { .rank = 1 };
    double     sum = 0, other = -INFINITY, finite = 0;
    for (int64_t i = 0; i < n; i++) {
        finite += logits[i] * 0;
        out.answer = logits[i] > logits[out.answer] ? i : out.answer;
        out.rank += logits[i] > logits[label];
        other = i != label && logits[i] > other ? logits[i] : other;
    }
    if (isnan(finite))
        return (gk_outcome){ -1, NAN, NAN, NAN, NAN, 0 };
    double largest = logits[out.answer];
    for (int64_t i = 0; i < n; i++)
        sum += score(model->softmax, logits[i], largest);
    out.right = out.answer == label;
    out.probability = score(model->softmax, logits[label], largest) / sum;
    out.margin = logits[label] - other;
    if (model->loss != GK_LOSS_CE)
        out.loss = squared_error(model, n, logits, label, largest, sum);
    else
        out.loss = model->softmax == GK_STABLEMAX ? -log(out.probability) : log(sum) + largest - logits[label];
    return out;
}

/* One output for two classes: as two logits, 0 and it. */
static gk_outcome of_margin(const gk_model_args *model, double output, int32_t label)
{
    gk_model_args as_logits = *model;
    gk_margin     kind = GK_MARGIN_HINGE;
    double        m = label > 0 ? output : -output;
    (void)gk_loss_is_margin(model->loss, &kind);
    as_logits.loss = GK_LOSS_CE;
    as_logits.softmax = GK_SOFTMAX_STABLE;
    gk_outcome out = of_logits(&as_logits, 2, (double[]){ 0, output }, label);
    if (out.answer >= 0)
        out.loss = kind == GK_MARGIN_HINGE ? fmax(0, 1 - m) : kind == GK_MARGIN_SQUARE ? (1 - m) * (1 - m)
                                                            : m > 0 ? log1p(exp(-m)) : log1p(exp(m)) - m;
    return out;
}

int64_t gk_class_logits(const gk_model_args *model, int64_t n_item, int64_t n_out, double *outputs)
{
    if (!gk_loss_is_margin(model->loss, NULL))
        return n_out;
    for (int64_t i = n_item - 1; i >= 0; i--) {    /* backwards: nothing is overwritten before it is read */
        outputs[2 * i + 1] = outputs[i];
        outputs[2 * i] = 0;
    }
    return 2;
}

gk_outcome gk_outcome_of(const gk_model_args *model, int64_t n, const double *logits, int32_t label, const float *target)
{
    if (target)
        return of_targets(model, n, logits, target);
    return gk_loss_is_margin(model->loss, NULL) ? of_margin(model, logits[0], label) : of_logits(model, n, logits, label);
}
