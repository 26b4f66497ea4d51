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
    bool is_decoding;
    /// Whether samples stand beside the colors that no tag names.
    bool has_unnamed;
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

/// Takes a warning: of the header they are about tags that are odd or unknown, and while pixels are
/// decoded about these, but for what says only that a compression is old.
static int take_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list list) {
    Source *source = data;
    // libtiff then counts them as extra samples itself.
    if (strncmp(format, "Sum of Photometric", 18) == 0) source->has_unnamed = true;
    bool means_nothing = !source->is_decoding || strncmp(format, "Deprecated", 10) == 0;
    return means_nothing ? 1 : keep_error(tiff, data, module, format, list);
}

static TIFF *begin(Source *source) {
    source->reason[0] = 0;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOCATION_LIMIT);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, take_warning, source);
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

/// What a pixel has besides its color.
typedef struct {
    uint16_t color, samples, count, kind;
} Extra;

static Extra extra_of(TIFF *tiff) {
    Extra extra = {0};
    uint16_t *kinds = NULL;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &extra.color);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &extra.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra.count, &kinds);
    extra.kind = extra.count ? kinds[0] : EXTRASAMPLE_UNSPECIFIED;
    return extra;
}

/// What libtiff would take for colors, or leave out, without a word; NULL if there is no such thing.
static const char *other_meaning(TIFF *tiff) {
    Extra extra = extra_of(tiff);
    uint16_t kind = SAMPLEFORMAT_UINT;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &kind);
    if (extra.color == PHOTOMETRIC_CIELAB || extra.color == PHOTOMETRIC_ICCLAB
        || extra.color == PHOTOMETRIC_ITULAB)
        return "colors in CIE L*a*b*";
    if (extra.color == PHOTOMETRIC_PALETTE && extra.kind != EXTRASAMPLE_UNSPECIFIED)
        return "a palette with transparency";
    if (kind != SAMPLEFORMAT_UINT && kind != SAMPLEFORMAT_VOID)
        return "samples that are signed or fractions";
    return NULL;
}

static CTIAlpha alpha_of(TIFF *tiff, const Source *source) {
    Extra extra = extra_of(tiff);
    bool is_gray = extra.color == PHOTOMETRIC_MINISBLACK || extra.color == PHOTOMETRIC_MINISWHITE;
    if (is_gray && extra.samples == 2 && extra.kind == EXTRASAMPLE_UNASSALPHA) return CTI_STRAIGHT;
    if (extra.color != PHOTOMETRIC_RGB || extra.samples < 4) return CTI_MULTIPLIED;
    if (source->has_unnamed && extra.kind == EXTRASAMPLE_UNSPECIFIED) return CTI_STRAIGHT;
    return extra.kind == EXTRASAMPLE_UNSPECIFIED ? CTI_OTHER : CTI_MULTIPLIED;
}

/// Whether no strip or tile is missing, which libtiff would read from the beginning of the file.
static bool has_all_parts(TIFF *tiff) {
    uint32_t count = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    for (uint32_t part = 0; part < count; part++)
        if (TIFFGetStrileOffset(tiff, part) == 0) return false;
    return true;
}

CTIStatus cti_read_header(
    const uint8_t *bytes, size_t count, CTIHeader *header, char reason[CTI_REASON_SIZE])
{
    Source source = {bytes, count, 0, reason, false, false};
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
    *header = (CTIHeader){width, height, orientation, alpha_of(tiff, &source)};
    TIFFClose(tiff);
    return CTI_READ;
}

CTIStatus cti_decode(
    const uint8_t *bytes, size_t count, const CTIHeader *header, uint32_t *pixels,
    char reason[CTI_REASON_SIZE])
{
    Source source = {bytes, count, 0, reason, false, false};
    TIFF *tiff = begin(&source);
    if (!tiff || !has_all_parts(tiff)) {
        fail(&source, tiff, "a part of its pixels is missing");
        return CTI_DAMAGED;
    }
    // Rows in the order of the file: who calls turns the image.
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    source.is_decoding = true;
    int is_whole = TIFFReadRGBAImageOriented(
        tiff, (uint32_t)header->width, (uint32_t)header->height, pixels, ORIENTATION_TOPLEFT, 1);
    if (!is_whole || reason[0]) {
        fail(&source, tiff, "its pixels cannot be decoded");
        return strncmp(reason, "Sorry", 5) == 0 ? CTI_UNSUPPORTED : CTI_DAMAGED;
    }
    TIFFClose(tiff);
    return CTI_READ;
}
