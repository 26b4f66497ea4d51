#include "conversions.h"

#include <string.h>

#include "clones.h"

// Fused multiply-add where the processor has it: twice the speed.
#pragma clang fp contract(fast)

/// The rows whose sums are in registers at once: with two vectors of eight floats for each row, 12
/// of the 16 registers of x86-64-v3.
enum { TILE = CC_SCORE_ROWS, LANES = CC_SCORE_LANES };

typedef float Lanes __attribute__((vector_size(4 * LANES), aligned(4)));

static inline void widen(const unsigned char *restrict source, size_t count, float *restrict target) {
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, source + 2 * i, sizeof half);
        const uint32_t bits = (uint32_t)half << 16;
        memcpy(&target[i], &bits, sizeof bits);
    }
}

CC_CLONES void cc_scores_bfloat16(const void *restrict rows, size_t count, size_t width, const float *restrict queries, size_t panels, float *restrict work, float *restrict scores) {
    const unsigned char *source = rows;
    const size_t stride = width + CC_SCORE_PADDING;
    for (size_t first = 0; first < count; first += TILE) {
        const size_t present = count - first < TILE ? count - first : TILE;
        for (size_t row = 0; row < TILE; row++) {
            // The last row replaces missing ones, whose sums are not stored.
            const size_t index = first + (row < present ? row : present - 1);
            widen(source + 2 * index * width, width, work + row * stride);
        }
        for (size_t panel = 0; panel < panels; panel++) {
            const float *column = queries + panel * width * LANES;
            Lanes sums[TILE] = {0};
            for (size_t i = 0; i < width; i++) {
                const Lanes query = *(const Lanes *)(column + i * LANES);
#pragma clang loop unroll(full)
                for (size_t row = 0; row < TILE; row++) sums[row] += work[row * stride + i] * query;
            }
            for (size_t row = 0; row < present; row++) {
                memcpy(scores + ((first + row) * panels + panel) * LANES, &sums[row], sizeof sums[row]);
            }
        }
    }
}
