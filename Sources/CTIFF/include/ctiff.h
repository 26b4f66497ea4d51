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

/// What the header of the first image says.
typedef struct {
    size_t width, height;
    /// As in Exif: from 1 (upright) to 8.
    int orientation;
    /// Whether colors are not multiplied by alpha: libtiff leaves those of gray images alone.
    bool is_straight;
} CTIHeader;

typedef enum { CTI_READ, CTI_DAMAGED, CTI_UNSUPPORTED } CTIStatus;

/// Reads the header of the first image; gives a reason where it is damaged or cannot be decoded.
CTIStatus cti_read_header(
    const uint8_t *bytes, size_t count, CTIHeader *header, char reason[CTI_REASON_SIZE]);

/// Decodes the first image into height * width * 4 bytes: red, green, blue, multiplied by alpha or
/// straight as the header says, and alpha, in the order of the file; false with a reason if it is not whole.
bool cti_decode(
    const uint8_t *bytes, size_t count, const CTIHeader *header, uint32_t *pixels,
    char reason[CTI_REASON_SIZE]);

#ifdef __cplusplus
}
#endif
