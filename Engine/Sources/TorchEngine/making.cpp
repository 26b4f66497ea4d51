// Creating, reading and converting tensors; random numbers.
#include <ATen/CPUGeneratorImpl.h>

#include "boundary.h"
#include "packed_tensors.h"

namespace ct {
at::ScalarType type(CTElement element) {
    switch (element) {
        case CTElementBool: return at::kBool;
        case CTElementUInt8: return at::kByte;
        case CTElementInt8: return at::kChar;
        case CTElementInt32: return at::kInt;
        case CTElementInt64: return at::kLong;
        case CTElementFloat16: return at::kHalf;
        case CTElementBFloat16: return at::kBFloat16;
        case CTElementFloat32: return at::kFloat;
        case CTElementFloat64: return at::kDouble;
    }
    throw InvalidArgument("an unknown element type");
}

CTElement element(at::ScalarType type) {
    switch (type) {
        case at::kBool: return CTElementBool;
        case at::kByte: return CTElementUInt8;
        case at::kChar: return CTElementInt8;
        case at::kInt: return CTElementInt32;
        case at::kLong: return CTElementInt64;
        case at::kHalf: return CTElementFloat16;
        case at::kBFloat16: return CTElementBFloat16;
        case at::kDouble: return CTElementFloat64;
        default: return CTElementFloat32;
    }
}
}  // namespace ct

using namespace ct;

CTStatus ct_empty(const int64_t *sizes, size_t rank, CTElement element, CTTensor *out) {
    return tensor("empty", out, [&] { return at::empty(shape(sizes, rank), type(element)); });
}

CTStatus ct_full(const int64_t *sizes, size_t rank, double value, CTElement element, CTTensor *out) {
    return tensor("full", out, [&] { return at::full(shape(sizes, rank), value, type(element)); });
}

CTStatus ct_arange(int64_t start, int64_t end, CTTensor *out) {
    return tensor("arange", out, [&] { return at::arange(start, end, at::kLong); });
}

CTStatus ct_from_bytes(const void *bytes, size_t byte_count, const int64_t *sizes, size_t rank, CTElement element, CTTensor *out) {
    return tensor("from_bytes", out, [&] {
        auto result = at::empty(shape(sizes, rank), type(element));
        if (result.nbytes() != byte_count) throw InvalidArgument("the bytes do not fill the shape");
        if (byte_count > 0) memcpy(result.data_ptr(), bytes, byte_count);
        return result;
    });
}

CTStatus ct_copy_bytes(CTTensor x, void *bytes, size_t byte_count) {
    return guarded("copy_bytes", [&] {
        auto source = packed::plain(in(x)).detach().to(at::kCPU).contiguous();
        if (source.nbytes() != byte_count) throw InvalidArgument("the buffer does not fit the tensor");
        if (byte_count > 0) memcpy(bytes, source.data_ptr(), byte_count);
    });
}

CTStatus ct_item(CTTensor x, double *out) {
    return guarded("item", [&] { *out = in(x).item().toDouble(); });
}

int64_t ct_rank(CTTensor x) { return x == nullptr ? 0 : in(x).dim(); }

int64_t ct_size(CTTensor x, int64_t dimension) {
    if (x == nullptr || dimension < -in(x).dim() || dimension >= in(x).dim()) return 0;
    return in(x).size(dimension);
}

CTElement ct_element(CTTensor x) { return element(in(x).scalar_type()); }

CTStatus ct_to_element(CTTensor x, CTElement element, CTTensor *out) {
    return tensor("to", out, [&] { return packed::plain(in(x)).to(type(element)); });
}

CTStatus ct_copy_into(CTTensor target, CTTensor source) {
    return guarded("copy", [&] {
        at::NoGradGuard guard;
        auto destination = in(target);
        destination.copy_(in(source));
    });
}

CTStatus ct_copy_positions(CTTensor target, CTTensor source, const int64_t *starts, size_t count) {
    return guarded("copy_positions", [&] {
        at::NoGradGuard guard;
        const auto &to = in(target), &from = in(source);
        if (to.dim() != 4 || from.dim() != 4 || to.size(0) != from.size(0) || static_cast<size_t>(to.size(0)) != count || to.size(1) != from.size(1) || to.size(3) != from.size(3)) {
            throw InvalidArgument("target [B, K, C, W] and source [B, K, T, W] are expected");
        }
        const int64_t length = from.size(2);
        for (size_t b = 0; b < count; b++) {
            if (starts[b] < 0 || starts[b] > to.size(2) - length) throw InvalidArgument("the positions are not those of the target");
        }
        const bool is_plain = to.is_cpu() && from.is_cpu() && to.scalar_type() == at::kFloat && from.scalar_type() == at::kFloat && to.stride(3) == 1 && from.stride(3) == 1;
        if (!is_plain) {
            for (size_t b = 0; b < count; b++) to[static_cast<int64_t>(b)].narrow(1, starts[b], length).copy_(from[static_cast<int64_t>(b)]);
            return;
        }
        float *out = to.mutable_data_ptr<float>();
        const float *elements = from.const_data_ptr<float>();
        const auto bytes = static_cast<size_t>(to.size(3)) * sizeof(float);
        for (int64_t b = 0; b < to.size(0); b++) {
            for (int64_t k = 0; k < to.size(1); k++) {
                for (int64_t t = 0; t < length; t++) {
                    memcpy(out + b * to.stride(0) + k * to.stride(1) + (starts[b] + t) * to.stride(2), elements + b * from.stride(0) + k * from.stride(1) + t * from.stride(2), bytes);
                }
            }
        }
    });
}

CTStatus ct_generator(uint64_t seed, CTGenerator *out) {
    return guarded("generator", [&] {
        *out = reinterpret_cast<CTGenerator>(
            new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed)));
    });
}

void ct_release_generator(CTGenerator generator) {
    delete reinterpret_cast<at::Generator *>(generator);
}

CTStatus ct_normal(const int64_t *sizes, size_t rank, double mean, double std, CTGenerator generator, CTTensor *out) {
    return tensor("normal", out, [&] {
        auto result = at::empty(shape(sizes, rank), at::kFloat);
        return result.normal_(mean, std, *reinterpret_cast<at::Generator *>(generator));
    });
}

CTStatus ct_uniform(const int64_t *sizes, size_t rank, double low, double high, CTGenerator generator, CTTensor *out) {
    return tensor("uniform", out, [&] {
        auto result = at::empty(shape(sizes, rank), at::kFloat);
        return result.uniform_(low, high, *reinterpret_cast<at::Generator *>(generator));
    });
}
