/* teacher.h -- what teachers say about a student's rows: soft labels, computed once [Hinton et al. 2015].
 *
 * A teacher is frozen and in evaluation mode.  It reads the student's own sequences, token by token under its own ids, and its
 * logits are turned into probabilities over the student's outputs: softmax(logits / t). */
#ifndef GK_TRAIN_TEACHER_H
#define GK_TRAIN_TEACHER_H

#include "train/source.h"

typedef struct gk_teachers {
    int        n;
    gk_source *source;             /* [n] */
    gk_arena   arena;
} gk_teachers;

/* Read the teachers that `list` names: "FILE", or "p1=FILE,p2=FILE".  NULL with gk_error. */
gk_teachers *gk_teachers_read(const char *list);
void         gk_teachers_free(gk_teachers *teachers);

/* Which teacher teaches each group of a dataset, [n_group], -1: none.  -1 with gk_error: a group that does not exist, a teacher
 * that would teach nothing, two teachers for one group. */
int gk_teachers_assign(const gk_teachers *teachers, const gk_dataset *dataset, int *out) GK_MUST_CHECK;

/* Rows of one student, and where it is taught. */
typedef struct gk_lesson {
    const gk_dataset    *dataset;      /* the student's */
    const gk_model_data *data;         /* its model's: positions read and taught */
    const char *const   *outputs;      /* [n_out] names of its outputs */
    int64_t              n_out;
    const gk_rows       *rows;
    double               temperature;
    gk_dtype             real;         /* of the probabilities: the student's type */
    const gk_backend *const *device;   /* where the teacher computes, see gk_source_predict */
    int                  n_thread;
} gk_lesson;

/* Probabilities of one teacher replica into out [rows->n][n_teach][n_out] of type lesson->real, for the rows with wanted[row].  A
 * teacher that reads rows as a whole (an mlp) has one answer a row, which it gives at every position that is taught.  -1 with
 * gk_error: the sequences have another length; a token or an output that the teacher does not know. */
int gk_teacher_probabilities(const gk_source *teacher, int64_t replica, const gk_lesson *lesson, const bool *wanted,
                             void *out) GK_MUST_CHECK;

#endif
