#include "ctiff.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

// What libtiff may allocate at once: for an image of the limit of pixels, and a little more.
#define ALLOCATION_LIMIT ((tmsize_t)512 << 20)

typedef struct {
    const uint8_t *bytes;
    size_t count, offset;
    char *reason;
} Source;

static tmsize_t read_bytes(thandle_t handle, void *buffer, tmsize_t size) {
    Source *source = handle;
    size_t left = source->count - source->offset;
    size_t count = (size_t)size < left ? (size_t)size : left;
    memcpy(buffer, source->bytes + source->offset, count);
    source->offset += count;
    return (tmsize_t)count;
}

static tmsize_t write_bytes(thandle_t handle, void *buffer, tmsize_t size) {
    (void)handle, (void)buffer, (void)size;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    Source *source = handle;
    toff_t start = whence == SEEK_CUR ? source->offset : whence == SEEK_END ? source->count : 0;
    toff_t place = start + offset;
    if (place > source->count) return (toff_t)-1;
    source->offset = place;
    return place;
}

static int close_source(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of_source(thandle_t handle) { return ((Source *)handle)->count; }

/// Keeps the first error: later ones follow from it.
static int keep_error(TIFF *tiff, void *data, const char *module, const char *format, va_list list) {
    (void)tiff, (void)module;
    Source *source = data;
    if (!source->reason[0]) vsnprintf(source->reason, CTI_REASON_SIZE, format, list);
    return 1;
}

/// Warnings are about tags that are odd or unknown.
static int ignore_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list list) {
    (void)tiff, (void)data, (void)module, (void)format, (void)list;
    return 1;
}

static TIFF *begin(Source *source) {
    source->reason[0] = 0;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOCATION_LIMIT);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, source);
    TIFF *tiff = TIFFClientOpenExt(
        "image", "rm", source, read_bytes, write_bytes, seek, close_source, size_of_source, NULL, NULL,
        options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

static bool fail(Source *source, TIFF *tiff, const char *otherwise) {
    if (!source->reason[0]) snprintf(source->reason, CTI_REASON_SIZE, "%s", otherwise);
    if (tiff) TIFFClose(tiff);
    return false;
}

/// What libtiff would take for colors without a word; NULL if they are.
static const char *other_meaning(TIFF *tiff) {
    uint16_t color = 0, kind = SAMPLEFORMAT_UINT;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &color);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &kind);
    if (color == PHOTOMETRIC_CIELAB || color == PHOTOMETRIC_ICCLAB || color == PHOTOMETRIC_ITULAB)
        return "colors in CIE L*a*b*";
    bool is_unsigned = kind == SAMPLEFORMAT_UINT || kind == SAMPLEFORMAT_VOID;
    return is_unsigned ? NULL : "samples that are signed or fractions";
}

static bool has_straight_gray(TIFF *tiff) {
    uint16_t color = 0, samples = 0, extra = 0, *kinds = NULL;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &color);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds);
    bool is_gray = color == PHOTOMETRIC_MINISBLACK || color == PHOTOMETRIC_MINISWHITE;
    return is_gray && samples == 2 && extra == 1 && kinds[0] == EXTRASAMPLE_UNASSALPHA;
}

CTIStatus cti_read_header(
    const uint8_t *bytes, size_t count, CTIHeader *header, char reason[CTI_REASON_SIZE])
{
    Source source = {bytes, count, 0, reason};
    TIFF *tiff = begin(&source);
    if (!tiff) {
        fail(&source, NULL, "the header is wrong");
        return CTI_DAMAGED;
    }
    uint32_t width = 0, height = 0;
    uint16_t orientation = ORIENTATION_TOPLEFT;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    char problem[1024] = "";
    const char *obstacle = TIFFRGBAImageOK(tiff, problem) ? other_meaning(tiff) : problem;
    if (obstacle) {
        fail(&source, tiff, obstacle);
        return CTI_UNSUPPORTED;
    }
    *header = (CTIHeader){width, height, orientation, has_straight_gray(tiff)};
    TIFFClose(tiff);
    return CTI_READ;
}

bool cti_decode(
    const uint8_t *bytes, size_t count, const CTIHeader *header, uint32_t *pixels,
    char reason[CTI_REASON_SIZE])
{
    Source source = {bytes, count, 0, reason};
    TIFF *tiff = begin(&source);
    if (!tiff) return fail(&source, NULL, "the header is wrong");
    // Rows in the order of the file: who calls turns the image.
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    int is_whole = TIFFReadRGBAImageOriented(
        tiff, (uint32_t)header->width, (uint32_t)header->height, pixels, ORIENTATION_TOPLEFT, 1);
    if (!is_whole || source.reason[0]) return fail(&source, tiff, "its pixels cannot be decoded");
    TIFFClose(tiff);
    return true;
}
