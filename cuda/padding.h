/* padding.h -- how matrices stand that products go through: by 16 bytes where they can.
 *
 * cuBLAS has fast kernels for matrices whose extents and distances between lines are multiples of 16 bytes, and slow ones for
 * others; the logits of [a, b, =] mod 113 have 114 columns.  Two remedies, chosen by shapes alone:
 *
 *   padded    Lines of row-rate reals stand gk_width() apart, a multiple of GK_PADDED, if all kernels that meet them go by that
 *             (GK_SPACED of ops.def) and a product is among them.  Costs the bytes of the pads, and no launch.
 *   staged    Parameters stand packed in their arenas.  Products that round what they read go through a copy of such a weight,
 *             filled up with zeros; it is made once an update, for all weights in one launch.  They put the weight's gradient
 *             into a second one, which is added to the arena's in another.
 *
 * Nothing but a product with a staged weight writes pads, always before they are read, and then 0, since the weight's are; or not
 * a number, in a line that is not finite itself.  All others are the zeros that memory begins with.  So sums that run over pads
 * are those without. */
#ifndef GK_CUDA_PADDING_H
#define GK_CUDA_PADDING_H

#include "product.h"

namespace GK_REALS {

/* Reals of 16 bytes in float32 and in bfloat16. */
static inline int64_t gk_padded(bool narrow)
{
    return narrow ? 8 : 4;
}

/* A weight's copy: [height][width], at `at` among those of a replica; [n_row][n_column] of it are the weight, which stands at
 * `from` among parameters or results of step rate.  height 0: it has none. */
typedef struct gk_staged {
    int64_t from;
    int32_t at, height, width, n_row, n_column;
    bool    is_param;
} gk_staged;

/* Copies of all weights that are staged. */
typedef struct gk_staging {
    const gk_staged *of;            /* host: by node id */
    const gk_staged *list;          /* device: [n], those that there are, in ascending order of at */
    int              n;
    int64_t          n_real;        /* of all copies of a replica */
    gk_span          param, step;   /* what is copied */
    gk_span          data, grad, into;    /* copies, their gradients, and where those are added */
} gk_staging;

/* Fills width, by node id: gk_width of each. */
void    gk_find_widths(const gk_graph *graph, bool narrow, int64_t *width);
/* Fills offset, by node id: where row-rate reals begin, in reals a row.  Returns how many there are. */
int64_t gk_lay_out_rows(const gk_graph *graph, const int64_t *width, int64_t *offset);
/* Fills staged, by node id, for the weights whose products are padded.  Returns the reals of all copies. */
int64_t gk_find_staged(const gk_graph *graph, bool narrow, const int64_t *width, gk_staged *staged);
/* Are weights staged?  Not where products read what is there as it is, nor where a launch costs more than it saves. */
bool    gk_stages(gk_product product, int64_t n_replica);

/* Copy weights; add up and clear the gradients of the copies. */
void gk_stage(gk_work *work);
void gk_unstage(gk_work *work);

/* A weight w [n_in, n_out] and its gradient, as products of rows have them: with the copy's extents if it is staged. */
typedef struct gk_weight { gk_matrix data, grad; int64_t n_in, n_out; bool is_staged; } gk_weight;
gk_weight gk_weight_of(const gk_work *work, const gk_node *w, bool of_rows);

}
#endif
