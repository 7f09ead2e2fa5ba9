/* h5.c -- files and pipes: open, create, commit.  Arrays, attributes, groups and tables are in h5_*.c. */
#include "io/h5_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/input.h"
#include "io/h5_scan.h"
#include "io/seal.h"

enum { CORE_INCREMENT = 1 << 22, READ_BLOCK = 1 << 20, MAX_REPLACED = 10 };

/* HDF5 as a library that neither prints, nor loads filters from disk, nor writes at exit.  Repeating this is harmless. */
static void quiet_hdf5(void)
{
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
}

int gk_h5_failed(const gk_h5 *file, const char *what, const char *path)
{
    int code = file->image.error;

    return gk_error("cannot %s '%s' in %s%s%s", what, path, file->label, code ? ": " : "", code ? strerror(code) : "");
}

void gk_h5_drop(gk_h5 *file, hid_t id)
{
    herr_t status = 0;

    if (id < 0)
        return;
    switch (H5Iget_type(id)) {
    case H5I_DATASET:     status = H5Dclose(id); break;
    case H5I_GROUP:       status = H5Gclose(id); break;
    case H5I_ATTR:        status = H5Aclose(id); break;
    case H5I_DATATYPE:    status = H5Tclose(id); break;
    case H5I_DATASPACE:   status = H5Sclose(id); break;
    case H5I_GENPROP_LST: status = H5Pclose(id); break;
    default:              status = -1;    /* none of these is ever opened */
    }
    if (file && status < 0)
        file->has_failed = true;
}

static gk_h5 *file_new(const char *path, const char *stream_name)
{
    gk_h5 *file = calloc(1, sizeof *file);
    bool   is_stream = strcmp(path, "-") == 0;

    if (file)
        file->path = strdup(path);
    if (!file || !file->path ||
        asprintf(&file->label, "%s%s%s", is_stream ? "" : "'", is_stream ? stream_name : path, is_stream ? "" : "'") < 0) {
        gk_error("cannot open '%s': out of memory", path);
        if (file)
            free(file->path);
        free(file);
        return NULL;
    }
    file->id = H5I_INVALID_HID;
    return file;
}

static void file_free(gk_h5 *file)
{
    gk_h5_image_release(&file->image);
    free(file->path);
    free(file->label);
    free(file);
}

/* No locks, which fail on network file systems.  Before the call there was a variable, looked at whenever a file is opened. */
static int no_locks(hid_t list)
{
#if H5_VERSION_GE(1, 10, 7) && (H5_VERSION_GE(1, 12, 1) || !H5_VERSION_GE(1, 12, 0))
    return H5Pset_file_locking(list, false, true) < 0 ? -1 : 0;
#else
    (void)list;
    return setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
#endif
}

/* Only formats whose metadata carry checksums (HDF5 1.10). */
static hid_t access_list(void)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);

    if (list >= 0 && (H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
                      H5Pset_fclose_degree(list, H5F_CLOSE_STRONG) < 0 || no_locks(list) < 0)) {
        gk_h5_drop(NULL, list);
        list = H5I_INVALID_HID;
    }
    return list;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* In memory.  The name tells such files apart. */
static hid_t create_hdf5(gk_h5 *file)
{
    char  name[64];
    hid_t access = access_list(), creation = H5Pcreate(H5P_FILE_CREATE), id = H5I_INVALID_HID;

    file->image.output = file->output;
    file->image.must_grow = true;
    snprintf(name, sizeof name, "groktools-output-%p", (void *)file);
    if (access >= 0 && creation >= 0 && H5Pset_obj_track_times(creation, false) >= 0 &&
        H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_attr_phase_change(creation, 1000, 0) >= 0 && gk_h5_image_use(&file->image, access) >= 0)
        id = H5Fcreate(name, H5F_ACC_TRUNC, creation, access);
    gk_h5_drop(file, access);
    gk_h5_drop(file, creation);
    file->image.must_grow = false;
    return id;
}

gk_h5 *gk_h5_create(const char *path)
{
    quiet_hdf5();
    gk_h5 *file = file_new(path, "standard output");
    if (!file)
        return NULL;
    file->output = gk_outfile_new(path, GK_OUTFILE_STORE);
    if (!file->output) {
        file_free(file);
        return NULL;
    }
    file->id = create_hdf5(file);
    if (file->id < 0 || file->image.error) {
        gk_error("cannot write %s: %s", file->label,
                 file->image.error ? strerror(file->image.error) : "HDF5 could not create it");
        gk_h5_discard(file);
        return NULL;
    }
    return file;
}

static herr_t close_image(gk_h5 *file)
{
    file->image.must_grow = true;
    herr_t status = H5Fclose(file->id);
    file->id = H5I_INVALID_HID;
    return status;
}

/* The file in memory, and its seal, to where they go. */
static int send_image(gk_h5 *file)
{
    char    seal[GK_SEAL_BYTES], sha256[GK_SHA256_HEX];
    herr_t  closed = close_image(file);
    int64_t n_bytes = gk_h5_image_bytes(&file->image);

    if (closed < 0 || n_bytes < 0 || file->has_failed)
        return gk_error("cannot write %s: %s", file->label,
                        file->image.error ? strerror(file->image.error) : "HDF5 could not make the file in memory");
    if (gk_outfile_write(file->output, file->image.data, (size_t)n_bytes) < 0)
        return -1;
    gk_outfile_sha256(file->output, sha256);
    gk_seal_format(seal, sha256, n_bytes);
    return gk_outfile_write(file->output, seal, sizeof seal);
}

int gk_h5_commit(gk_h5 *file)
{
    int status = send_image(file);

    gk_h5_image_release(&file->image);    /* now, as reading back takes a while */
    if (status < 0)
        gk_outfile_discard(file->output);
    else
        status = gk_outfile_commit(file->output);
    file_free(file);
    return status;
}

void gk_h5_discard(gk_h5 *file)
{
    if (!file)
        return;
    if (file->id >= 0)
        close_image(file);
    gk_outfile_discard(file->output);
    file_free(file);
}

int gk_h5_check_writable(const char *path)
{
    return gk_outfile_check(path, GK_OUTFILE_STORE);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Everything that a stream holds.  More than the machine's memory is refused before the system has to swap. */
static char *read_stream(const gk_h5 *file, int fd, int64_t *n_bytes)
{
    int64_t limit = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE), n = 0, capacity = 0;
    char   *data = NULL;

    for (;;) {
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : READ_BLOCK;
            char *larger = capacity <= limit ? realloc(data, (size_t)capacity) : NULL;
            if (!larger) {
                gk_error("cannot read %s: more than %lld MB do not fit into memory", file->label, (long long)(n >> 20));
                break;
            }
            data = larger;
        }
        ssize_t got = read(fd, data + n, (size_t)(capacity - n < READ_BLOCK ? capacity - n : READ_BLOCK));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            gk_error("cannot read %s: %s", file->label, strerror(errno));
            break;
        }
        if (got == 0) {
            *n_bytes = n;
            return data;
        }
        n += got;
    }
    free(data);
    return NULL;
}

/* Old forms of HDF5 have no checksums, and their readers a long list of vulnerabilities. */
static int check_superblock(const gk_h5 *file, unsigned char version)
{
    if (version < 2)
        return gk_error("cannot read %s: it is in an old form of HDF5 (superblock %d); write it with a newer one "
                        "(h5py: File(name, 'w', libver='v110'))", file->label, version);
    return 0;
}

static int open_stream(gk_h5 *file, int fd)
{
    char    name[64];
    int64_t n = 0;
    int     status = -1;
    hid_t   access = H5I_INVALID_HID;
    char   *data = read_stream(file, fd, &n);

    if (!data || gk_seal_check_memory(data, n, file->label, file->sha256) < 0 ||
        check_superblock(file, (unsigned char)data[8]) < 0)
        goto done;
    file->n_bytes = n - GK_SEAL_BYTES;
    file->table_left = gk_scan_max_unpacked(file->n_bytes);
    gk_scan_source source = { (const unsigned char *)data, -1, file->n_bytes, file->label };
    if (gk_h5_scan(&source, &file->has_heap) < 0)
        goto done;
    snprintf(name, sizeof name, "groktools-input-%p", (void *)file);
    access = access_list();
    if (access >= 0 && H5Pset_fapl_core(access, CORE_INCREMENT, false) >= 0 &&
        H5Pset_file_image(access, data, (size_t)file->n_bytes) >= 0) {
        free(data);    /* HDF5 has its own copy now */
        data = NULL;
        file->id = H5Fopen(name, H5F_ACC_RDONLY, access);
    }
    status = file->id < 0 ? gk_error("cannot read %s: HDF5 cannot make sense of it", file->label) : 0;
done:
    gk_h5_drop(file, access);
    free(data);
    return status;
}

/* Is the file that HDF5 has opened still the one whose seal was checked?  (Another process may have renamed a new one
 * over it.) */
static bool same_file(hid_t id, const struct stat *checked)
{
    int        *fd = NULL;
    struct stat info;

    return H5Fget_vfd_handle(id, H5P_DEFAULT, (void **)&fd) >= 0 && fd && fstat(*fd, &info) == 0 &&
           info.st_dev == checked->st_dev && info.st_ino == checked->st_ino && info.st_size == checked->st_size;
}

/* 0: opened (or an error; see *status); 1: it was replaced meanwhile, try again. */
static int open_regular(gk_h5 *file, int fd, const struct stat *info, int *status)
{
    unsigned char version = 0;

    *status = -1;
    if (gk_seal_check_file(fd, info->st_size, file->label, file->sha256) < 0)
        return 0;
    if (pread(fd, &version, 1, 8) != 1 || check_superblock(file, version) < 0)
        return 0;
    file->n_bytes = info->st_size - GK_SEAL_BYTES;
    file->table_left = gk_scan_max_unpacked(file->n_bytes);
    gk_scan_source source = { NULL, fd, file->n_bytes, file->label };
    if (gk_h5_scan(&source, &file->has_heap) < 0)
        return 0;
    hid_t access = access_list();
    file->id = access < 0 ? H5I_INVALID_HID : H5Fopen(file->path, H5F_ACC_RDONLY, access);
    gk_h5_drop(file, access);
    if (file->id >= 0 && !same_file(file->id, info)) {
        H5Fclose(file->id);
        file->id = H5I_INVALID_HID;
        gk_error("cannot read %s: it is replaced again and again while being opened", file->label);
        return 1;
    }
    *status = file->id < 0 ? gk_error("cannot read %s: HDF5 cannot make sense of it", file->label) : 0;
    return 0;
}

/* One attempt: as open_regular. */
static int open_path(gk_h5 *file, int *status)
{
    struct stat info;
    bool        is_stream = strcmp(file->path, "-") == 0;
    int         fd = gk_input_open(file->path), again = 0;

    *status = -1;
    if (fd < 0 || fstat(fd, &info) < 0)
        gk_error("cannot read %s: %s", file->label, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        gk_error("cannot read %s: it is a folder", file->label);
    else if (isatty(fd))
        gk_error("cannot read %s: it is a terminal; give a file, or pipe one in", file->label);
    else if (is_stream || !S_ISREG(info.st_mode))
        *status = open_stream(file, fd);
    else
        again = open_regular(file, fd, &info, status);
    gk_input_close(fd);
    return again;
}

gk_h5 *gk_h5_open(const char *path)
{
    int status = -1;

    quiet_hdf5();
    gk_h5 *file = file_new(path, "standard input");
    for (int n_try = 0; file && n_try < MAX_REPLACED && open_path(file, &status); n_try++)
        continue;
    if (status < 0) {
        if (file)
            file_free(file);
        return NULL;
    }
    return file;
}

void gk_h5_close(gk_h5 *file)
{
    if (!file)
        return;
    H5Fclose(file->id);
    file_free(file);
}

const char *gk_h5_name(const gk_h5 *file)
{
    return file->path;
}

const char *gk_h5_sha256(const gk_h5 *file)
{
    return file->sha256;
}

int64_t gk_h5_n_bytes(const gk_h5 *file)
{
    return file->n_bytes;
}
