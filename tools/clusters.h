/* clusters.h -- clusters of a dataset's items, of every label apart or of all. */
#ifndef GK_TOOLS_CLUSTERS_H
#define GK_TOOLS_CLUSTERS_H

#include "analysis/cluster.h"
#include "latents.h"

typedef struct gk_clusters_args {
    gk_cluster_args means;           /* k-means of one label */
    int64_t         n_silhouette;    /* points of a label whose silhouettes are averaged, drawn at random */
    bool            per_label;
} gk_clusters_args;

/* In arena memory. */
typedef struct gk_clusters {
    int      k, n_label;             /* clusters of one label; labels that are clustered apart, or 1 */
    double  *centre;                 /* [n_label, k, d]; of a label, those farthest from its mean first */
    double  *spread;                 /* [n_label, k] mean squared distance to the centre, over the items that decide */
    double  *distance;               /* [n_label, k] of the centre from the label's mean */
    double  *silhouette;             /* [n_label, k] mean over the sample; NaN: none of it is there */
    int32_t *of;                     /* [n_item] label * k + number */
    double  *square;                 /* [n_item] squared distance to the own centre */
} gk_clusters;

/* decides [n_item]: the items whose points make the clusters; all others belong to the nearest.  -1 with gk_error: more clusters
 * than a label has such points, items without labels, ... */
int gk_clusters_find(const gk_clusters_args *args, const gk_points *points, const bool *decides, gk_arena *arena,
                     gk_clusters *to) GK_MUST_CHECK;

#endif
