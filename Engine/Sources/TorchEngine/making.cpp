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
