#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>

// The scans of a file that means well; each one costs time for the whole image.
#define SCAN_LIMIT 500

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    char *reason;
} Errors;

static void fail(j_common_ptr info, const char *reason) {
    Errors *errors = (Errors *)info->err;
    snprintf(errors->reason, CJ_REASON_SIZE, "%s", reason);
    longjmp(errors->escape, 1);
}

static void fail_with_message(j_common_ptr info) {
    char message[JMSG_LENGTH_MAX];
    info->err->format_message(info, message);
    fail(info, message);
}

/// Whether what libjpeg passed over is between the segments of the header, where no pixels are.
static bool is_before_pixels(j_common_ptr info) {
    return info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number == 0;
}

/// Whether what libjpeg passed over before the end of the file is filled with one byte.
///
/// Other bytes there can be what is left of data that was read wrongly: after a flipped bit the last
/// block often comes too early, and nothing else tells.
static bool is_padding_before_end(j_common_ptr info) {
    size_t count = (size_t)info->err->msg_parm.i[0];
    if (!info->is_decompressor || info->err->msg_parm.i[1] != JPEG_EOI || count < 2) return false;
    // The source is still before the marker, of which libjpeg has taken no note yet.
    const JOCTET *end = ((j_decompress_ptr)info)->src->next_input_byte;
    for (size_t place = 1; place < count; place++)
        if (end[-1 - (ptrdiff_t)place] != end[-1]) return false;
    return true;
}

/// Takes warnings, of level -1, and traces.
static void take_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
        return;
    case JWRN_EXTRANEOUS_DATA:
        if (is_before_pixels(info) || is_padding_before_end(info)) return;
    }
    fail_with_message(info);
}

static void count_scans(j_common_ptr info) {
    if (((j_decompress_ptr)info)->input_scan_number > SCAN_LIMIT) fail(info, "too many scans");
}

/// Begins an image up to its header.
static void begin(struct jpeg_decompress_struct *info, const uint8_t *bytes, size_t count) {
    jpeg_create_decompress(info);
    jpeg_mem_src(info, bytes, count);
    jpeg_read_header(info, TRUE);
    bool is_ink = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
    info->out_color_space = is_ink ? JCS_CMYK : JCS_RGB;
}

static void prepare(struct jpeg_decompress_struct *info, Errors *errors, char *reason) {
    info->err = jpeg_std_error(&errors->base);
    errors->base.error_exit = fail_with_message;
    errors->base.emit_message = take_message;
    errors->reason = reason;
}

bool cj_read_header(const uint8_t *bytes, size_t count, CJHeader *header, char reason[CJ_REASON_SIZE]) {
    struct jpeg_decompress_struct info = {0};
    Errors errors;
    prepare(&info, &errors, reason);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&info);
        return false;
    }
    begin(&info, bytes, count);
    header->width = info.image_width;
    header->height = info.image_height;
    header->channels = info.out_color_space == JCS_CMYK ? 4 : 3;
    jpeg_destroy_decompress(&info);
    return true;
}

bool cj_decode(
    const uint8_t *bytes, size_t count, const CJHeader *header, uint8_t *pixels,
    char reason[CJ_REASON_SIZE])
{
    struct jpeg_decompress_struct info = {0};
    struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
    Errors errors;
    prepare(&info, &errors, reason);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&info);
        return false;
    }
    begin(&info, bytes, count);
    info.progress = &progress;
    jpeg_start_decompress(&info);
    size_t stride = header->width * header->channels;
    if (info.output_width != header->width || info.output_height != header->height
        || (size_t)info.output_components != header->channels)
        fail((j_common_ptr)&info, "the header is wrong");
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = pixels + info.output_scanline * stride;
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return true;
}
