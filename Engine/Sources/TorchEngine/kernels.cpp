#include "kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "clones.h"

// Sums may be reordered so that they vectorize; the clone then fixes the order.
#pragma clang fp reassociate(on) contract(fast)

namespace {

/// exp(x) within 2 units in the last place for x in [-87, 88]: 2^n times a polynomial (Cephes).
__attribute__((always_inline)) inline float exponential(float x) {
    x = std::min(std::max(x, -87.0f), 88.0f);
    const float n = __builtin_floorf(x * 1.44269504088896341f + 0.5f);
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * std::bit_cast<float>((static_cast<int32_t>(n) + 127) << 23);
}

}  // namespace

namespace ct::kernels {

CT_CLONES void rms_norm_row(const float *x, const float *weight, int64_t groups, int64_t width, float epsilon, float *y, float *inverse) {
    for (int64_t g = 0; g < groups; g++, x += width, y += width) {
        float square = 0;
        for (int64_t i = 0; i < width; i++) square += x[i] * x[i];
        const float scale = 1.0f / std::sqrt(square / static_cast<float>(width) + epsilon);
        inverse[g] = scale;
        if (weight == nullptr) {
            for (int64_t i = 0; i < width; i++) y[i] = x[i] * scale;
        } else {
            for (int64_t i = 0; i < width; i++) y[i] = x[i] * scale * weight[g * width + i];
        }
    }
}

CT_CLONES void rms_norm_row_backward(const float *dy, const float *x, const float *weight, const float *inverse, int64_t groups, int64_t width, float *dx, float *weight_gradient) {
    for (int64_t g = 0; g < groups; g++, x += width, dy += width, dx += width) {
        const float scale = inverse[g];
        const float *part = weight == nullptr ? nullptr : weight + g * width;
        float dot = 0;
        if (part == nullptr) {
            for (int64_t i = 0; i < width; i++) dot += dy[i] * x[i];
        } else {
            for (int64_t i = 0; i < width; i++) dot += dy[i] * part[i] * x[i];
        }
        const float shrink = dot * scale * scale * scale / static_cast<float>(width);
        if (part == nullptr) {
            for (int64_t i = 0; i < width; i++) dx[i] = dy[i] * scale - x[i] * shrink;
        } else {
            float *sum = weight_gradient + g * width;
            for (int64_t i = 0; i < width; i++) {
                dx[i] = dy[i] * part[i] * scale - x[i] * shrink;
                sum[i] += dy[i] * x[i] * scale;
            }
        }
    }
}

CT_CLONES void rotate_head(const float *x, const float *cosines, const float *sines, int64_t half, float direction, float *y) {
    for (int64_t i = 0; i < half; i++) {
        const float first = x[i], second = x[half + i], sine = sines[i] * direction;
        y[i] = first * cosines[i] - second * sine;
        y[half + i] = second * cosines[i] + first * sine;
    }
}

CT_CLONES void swiglu(const float *gate, const float *up, int64_t count, float *y) {
    for (int64_t i = 0; i < count; i++) y[i] = gate[i] / (1.0f + exponential(-gate[i])) * up[i];
}

CT_CLONES void swiglu_backward(const float *dy, const float *gate, const float *up, int64_t count, float *dgate, float *dup) {
    for (int64_t i = 0; i < count; i++) {
        const float sigmoid = 1.0f / (1.0f + exponential(-gate[i]));
        dup[i] = dy[i] * gate[i] * sigmoid;
        dgate[i] = dy[i] * up[i] * sigmoid * (1.0f + gate[i] * (1.0f - sigmoid));
    }
}

CT_CLONES float cross_entropy_row(float *logits, int64_t count, int64_t target, float weight) {
    float highest = logits[0];
    for (int64_t i = 0; i < count; i++) highest = logits[i] > highest ? logits[i] : highest;
    const float chosen = logits[target] - highest;
    float sum = 0;
    for (int64_t i = 0; i < count; i++) {
        logits[i] = exponential(logits[i] - highest);
        sum += logits[i];
    }
    const float scale = weight / sum;
    for (int64_t i = 0; i < count; i++) logits[i] *= scale;
    logits[target] -= weight;
    return std::log(sum) - chosen;
}

}  // namespace ct::kernels
