/* hdf5.h -- what HDF5 1.12 and later made of the calls that have two forms, over the header of 1.10: as a build without
 * deprecated calls shows them.  To compile against, not to link (tests/lint/hdf5.sh).  Names and members are those of
 * H5Opublic.h and H5Lpublic.h of 1.14.5. */
#include_next <hdf5.h>
#if !H5_VERSION_GE(1, 12, 0)
#undef H5_VERS_MINOR
#undef H5_VERS_RELEASE
#define H5_VERS_MINOR 14
#define H5_VERS_RELEASE 5

typedef struct H5O_token_t { uint8_t __data[16]; } H5O_token_t;
typedef struct H5O_info2_t {
    unsigned long fileno;
    H5O_token_t   token;
    H5O_type_t    type;
    unsigned      rc;
    time_t        atime, mtime, ctime, btime;
    hsize_t       num_attrs;
} H5O_info2_t;
typedef struct H5L_info2_t {
    H5L_type_t type;
    hbool_t    corder_valid;
    int64_t    corder;
    H5T_cset_t cset;
    union {
        H5O_token_t token;
        size_t      val_size;
    } u;
} H5L_info2_t;
typedef herr_t (*H5O_iterate2_t)(hid_t obj, const char *name, const H5O_info2_t *info, void *op_data);
typedef herr_t (*H5L_iterate2_t)(hid_t group, const char *name, const H5L_info2_t *info, void *op_data);

herr_t H5Oget_info3(hid_t loc_id, H5O_info2_t *oinfo, unsigned fields);
herr_t H5Oget_info_by_name3(hid_t loc_id, const char *name, H5O_info2_t *oinfo, unsigned fields, hid_t lapl_id);
herr_t H5Oget_info_by_idx3(hid_t loc_id, const char *group_name, H5_index_t idx_type, H5_iter_order_t order, hsize_t n,
                           H5O_info2_t *oinfo, unsigned fields, hid_t lapl_id);
herr_t H5Ovisit3(hid_t obj_id, H5_index_t idx_type, H5_iter_order_t order, H5O_iterate2_t op, void *op_data, unsigned fields);
herr_t H5Ovisit_by_name3(hid_t loc_id, const char *obj_name, H5_index_t idx_type, H5_iter_order_t order, H5O_iterate2_t op,
                         void *op_data, unsigned fields, hid_t lapl_id);
herr_t H5Lget_info2(hid_t loc_id, const char *name, H5L_info2_t *linfo, hid_t lapl_id);
herr_t H5Lget_info_by_idx2(hid_t loc_id, const char *group_name, H5_index_t idx_type, H5_iter_order_t order, hsize_t n,
                           H5L_info2_t *linfo, hid_t lapl_id);
herr_t H5Literate2(hid_t grp_id, H5_index_t idx_type, H5_iter_order_t order, hsize_t *idx, H5L_iterate2_t op, void *op_data);
herr_t H5Literate_by_name2(hid_t loc_id, const char *group_name, H5_index_t idx_type, H5_iter_order_t order, hsize_t *idx,
                           H5L_iterate2_t op, void *op_data, hid_t lapl_id);
herr_t H5Lvisit2(hid_t grp_id, H5_index_t idx_type, H5_iter_order_t order, H5L_iterate2_t op, void *op_data);
herr_t H5Lvisit_by_name2(hid_t loc_id, const char *group_name, H5_index_t idx_type, H5_iter_order_t order, H5L_iterate2_t op,
                         void *op_data, hid_t lapl_id);

/* Names without a number mean the newest form; older forms are gone. */
#undef H5Oget_info
#undef H5Oget_info_by_name
#undef H5Oget_info_by_idx
#undef H5Ovisit
#undef H5Ovisit_by_name
#define H5O_info_t          H5O_info2_t
#define H5L_info_t          H5L_info2_t
#define H5Oget_info         H5Oget_info3
#define H5Oget_info_by_name H5Oget_info_by_name3
#define H5Oget_info_by_idx  H5Oget_info_by_idx3
#define H5Ovisit            H5Ovisit3
#define H5Ovisit_by_name    H5Ovisit_by_name3
#define H5Lget_info         H5Lget_info2
#define H5Lget_info_by_idx  H5Lget_info_by_idx2
#define H5Literate          H5Literate2
#define H5Literate_by_name  H5Literate_by_name2
#define H5Lvisit            H5Lvisit2
#define H5Lvisit_by_name    H5Lvisit_by_name2
#pragma GCC poison H5Oget_info1 H5Oget_info2 H5Oget_info_by_name1 H5Oget_info_by_name2 H5Oget_info_by_idx1 H5Oget_info_by_idx2
#pragma GCC poison H5Ovisit1 H5Ovisit2 H5Ovisit_by_name1 H5Ovisit_by_name2
#endif
