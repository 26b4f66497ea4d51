// Decodes TIFF images with libtiff from memory, within limits; an error returns with its reason.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The bytes of a reason, its zero included.
#define CTI_REASON_SIZE 200

/// What the fourth sample of a decoded pixel is.
typedef enum {
    /// Alpha that the colors are multiplied by.
    CTI_MULTIPLIED,
    /// Alpha that they are not multiplied by: libtiff leaves some alone.
    CTI_STRAIGHT,
    /// Something else, that nothing names.
    CTI_OTHER,
} CTIAlpha;

/// What the header of the first image says.
typedef struct {
    size_t width, height;
    /// As in Exif: from 1 (upright) to 8.
    int orientation;
    CTIAlpha alpha;
} CTIHeader;

typedef enum { CTI_READ, CTI_DAMAGED, CTI_UNSUPPORTED } CTIStatus;

/// Reads the header of the first image; gives a reason where it is damaged or cannot be decoded.
CTIStatus cti_read_header(
    const uint8_t *bytes, size_t count, CTIHeader *header, char reason[CTI_REASON_SIZE]);

/// Decodes the first image into height * width * 4 bytes, red, green, blue and a fourth as the header
/// says, in the order of the file; gives a reason if it is not whole. What libtiff only warns of then is
/// a reason, too, because the rest of the image could be gray or wrong.
CTIStatus cti_decode(
    const uint8_t *bytes, size_t count, const CTIHeader *header, uint32_t *pixels,
    char reason[CTI_REASON_SIZE]);

#ifdef __cplusplus
}
#endif
