// Decodes JPEG images with libjpeg: an error returns, and warnings that leave the image whole are told
// from those that do not.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The bytes of a reason, its zero included.
#define CJ_REASON_SIZE 200

/// What the header of an image says.
typedef struct {
    size_t width, height;
    /// 3 for red, green and blue, also of gray images; 4 for inks, inverted if Adobe wrote them.
    size_t channels;
} CJHeader;

/// Reads the header; false with a reason if there is none.
bool cj_read_header(const uint8_t *bytes, size_t count, CJHeader *header, char reason[CJ_REASON_SIZE]);

/// Decodes an image into height * width * channels bytes; false with a reason if it is not whole.
///
/// Padding before the end of the file and stray bytes in the header are passed over, as are unknown
/// versions and parameters that change nothing. Whatever else libjpeg warns of is an error, because the
/// rest of the image could be gray or wrong.
bool cj_decode(
    const uint8_t *bytes, size_t count, const CJHeader *header, uint8_t *pixels,
    char reason[CJ_REASON_SIZE]);

#ifdef __cplusplus
}
#endif
