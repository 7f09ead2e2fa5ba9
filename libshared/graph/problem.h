/* problem.h -- what every backend asks of a problem: arenas, rows, and the stretches that tensors are cut into. */
#ifndef GK_GRAPH_PROBLEM_H
#define GK_GRAPH_PROBLEM_H

#include "graph/backend.h"

/* A stretch of one parameter tensor.  Tensors are cut into chunks of at most GK_CHUNK; sums run over chunks in order, so that
 * they do not depend on the number of threads.  pace, optimizer: of the tensor; offset: in the parameter arena. */
enum { GK_CHUNK = 8192 };
typedef struct gk_chunk { int tensor, pace; gk_optimizer optimizer; int64_t offset, n; } gk_chunk;

/* Chunks of all parameters into out (NULL: only count): first those that are updated, then the frozen ones.  *n_live: how many
 * of the first kind.  Returns how many in all. */
int     gk_problem_chunks(const gk_graph *graph, const gk_update *update, gk_chunk *out, int *n_live);
/* Norms that a constraint keeps are those of spheres: which one a tensor is on (-1: none), and how often its squares count. */
typedef struct gk_on_sphere { int sphere; double weight; } gk_on_sphere;

/* For every tensor, into out [n_param] (NULL: only count).  Returns how many spheres there are. */
int     gk_problem_spheres(const gk_graph *graph, const gk_update *update, gk_on_sphere *out);
/* Radii [n_sphere] of the spheres that tensors of these norms [n_param] lie on. */
void    gk_problem_radii(const gk_graph *graph, const gk_on_sphere *on, int n_sphere, const double *norm, double *radius);
/* Numbers that an engine keeps of each replica (gk_backend.scalars): one for each sphere, and last the number of updates that
 * were clipped. */
int     gk_problem_n_scalar(const gk_graph *graph, const gk_update *update);
/* How much of a parameter's name is that of its layer: what stands before the last dot, or all. */
int     gk_problem_layer_length(const char *name);

/* Paces: the different scalars that tensors of a replica are moved with.  One for each parameter group; of an optimiser for whole
 * matrices two, the second for the rest, whose rate is a hyperparameter of its own. */
int      gk_problem_n_pace(const gk_graph *graph, const gk_update *update);
gk_hyper gk_problem_hyper(const gk_problem *problem, int64_t replica, int pace);

/* Is a tensor moved as a whole matrix?  And the reals that its orthogonal factor takes, of the largest; 0: there is none. */
bool    gk_problem_is_whole(const gk_update *update, const gk_node *param);
int64_t gk_problem_whole_reals(const gk_graph *graph, const gk_update *update);

/* Where its arrays stand among those: x [m][n] and its next value, x x^T of the shorter side and a polynomial of that. */
typedef struct gk_whole { int64_t rows, columns, side, next, square, polynomial, n_real; } gk_whole;
gk_whole gk_problem_whole(const gk_node *param);

/* A hyperparameter by its number; 1 for GK_HYPER_always. */
double  gk_hyper_at(const gk_hyper *hyper, gk_hyper_index index);
/* How deep each arena is: 0 if nothing needs it. */
void    gk_problem_depths(const gk_problem *problem, int64_t depth[GK_N_ARENA]);
/* Sets of rows, up to the last that there is. */
int     gk_problem_n_set(const gk_problem *problem);
/* Rows of the replica that has most in this set; 0 if there is no such set. */
int64_t gk_problem_most_rows(const gk_problem *problem, int set);
bool    gk_problem_is_loss(const gk_graph *graph, const gk_node *node);

#endif
