import Testing

/// A header that must be refused, and the sentence that says why.
struct MalformedHeader: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let header: [UInt8]
    let dataCount: Int
    let problem: String

    init(_ name: String, _ header: String, data: Int = 0, _ problem: String) {
        self.init(name, Array(header.utf8), data: data, problem)
    }

    init(_ name: String, _ header: [UInt8], data: Int = 0, _ problem: String) {
        testDescription = name
        self.header = header
        dataCount = data
        self.problem = problem
    }
}

private func u8(_ shape: String, _ offsets: String, type: String = "U8") -> String {
    "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}

let malformedHeaders: [MalformedHeader] = [
    .init(
        "overlap",
        "{\"a\":\(u8("[4]", "[0,4]")),\"b\":\(u8("[4]", "[2,6]"))}",
        data: 6,
        "the weights \"a\" and \"b\" share bytes"
    ),
    .init(
        "the same bytes twice",
        "{\"a\":\(u8("[4]", "[0,4]")),\"b\":\(u8("[4]", "[0,4]"))}",
        data: 4,
        "the weights \"a\" and \"b\" share bytes"
    ),
    .init(
        "hole",
        "{\"a\":\(u8("[4]", "[0,4]")),\"b\":\(u8("[4]", "[6,10]"))}",
        data: 10,
        "2 bytes before the weight \"b\" belong to no weight"
    ),
    .init(
        "hole at the start",
        "{\"a\":\(u8("[4]", "[1,5]"))}",
        data: 5,
        "1 bytes before the weight \"a\" belong to no weight"
    ),
    .init(
        "trailing byte",
        "{\"a\":\(u8("[4]", "[0,4]"))}",
        data: 5,
        "1 bytes follow the last weight"
    ),
    .init("data without weights", "{}", data: 3, "3 bytes follow the last weight"),
    .init(
        "cut short",
        "{\"a\":\(u8("[4]", "[0,4]"))}",
        data: 1,
        "the file is cut short: 3 bytes are missing at its end"
    ),
    .init(
        "offsets backwards",
        "{\"a\":\(u8("[4]", "[4,0]"))}",
        data: 4,
        "the weight \"a\": the offsets run from 4 back to 0"
    ),
    .init(
        "shape overflow",
        "{\"a\":\(u8("[4294967296,4294967296]", "[0,4]"))}",
        data: 4,
        "the weight \"a\": the shape [4294967296, 4294967296] is larger than any file"
    ),
    .init(
        "shape overflow by the element",
        "{\"a\":\(u8("[4611686018427387904]", "[0,4]", type: "F64"))}",
        data: 4,
        "the weight \"a\": the shape [4611686018427387904] is larger than any file"
    ),
    .init(
        "offsets near 2^63",
        "{\"a\":\(u8("[9223372036854775807]", "[0,9223372036854775807]"))}",
        "the weight \"a\": the offset 9223372036854775807 is larger than any file"
    ),
    .init(
        "offset beyond 64 bits",
        "{\"a\":\(u8("[1]", "[0,9223372036854775808]"))}",
        "the weight \"a\": \"data_offsets\" must be two integers from 0"
    ),
    .init(
        "shape and bytes disagree",
        "{\"a\":\(u8("[3]", "[0,4]"))}",
        data: 4,
        "the weight \"a\": its shape and type need 3 bytes, found 4"
    ),
    .init(
        "unknown type",
        "{\"a\":\(u8("[4]", "[0,4]", type: "F13"))}",
        data: 4,
        "the weight \"a\": the type \"F13\" is not known; known are BOOL, U8, I8, I16, U16, I32, "
            + "U32, I64, U64, F8_E5M2, F8_E4M3, F16, BF16, F32, F64"
    ),
    .init(
        "duplicate weight",
        "{\"a\":\(u8("[4]", "[0,4]")),\"a\":\(u8("[4]", "[4,8]"))}",
        data: 8,
        "the header is not valid JSON: duplicate key \"a\" at byte 53"
    ),
    .init(
        "duplicate member",
        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\"}}",
        "the header is not valid JSON: duplicate key \"dtype\" at byte 19"
    ),
    .init(
        "number in the metadata",
        "{\"__metadata__\":{\"step\":1}}",
        "\"__metadata__\" must be an object of strings"
    ),
    .init(
        "metadata that is no object",
        "{\"__metadata__\":\"pt\"}",
        "\"__metadata__\" must be an object of strings"
    ),
    .init(
        "depth of ten thousand",
        "{\"a\":" + String(repeating: "[", count: 10_000),
        "the header is not valid JSON: nested more than 4 deep at byte 9"
    ),
    .init(
        "bad UTF-8",
        Array("{\"".utf8) + [0xFF, 0xFE] + Array("\":1}".utf8),
        "the header is not valid JSON: the string is not UTF-8 at byte 1"
    ),
    .init("byte order mark", "\u{FEFF}{}", "the header must begin with '{'"),
    .init("array", "[]", "the header must begin with '{'"),
    .init("empty", "", "the header must begin with '{'"),
    .init(
        "text after the header",
        "{}x",
        "the header is not valid JSON: unexpected text after the value at byte 2"
    ),
    .init(
        "fraction in the shape",
        "{\"a\":\(u8("[4.0]", "[0,4]"))}",
        data: 4,
        "the weight \"a\": \"shape\" must be an array of integers from 0"
    ),
    .init(
        "negative dimension",
        "{\"a\":\(u8("[-4]", "[0,4]"))}",
        data: 4,
        "the weight \"a\": \"shape\" must be an array of integers from 0"
    ),
    .init(
        "three offsets",
        "{\"a\":\(u8("[4]", "[0,2,4]"))}",
        data: 4,
        "the weight \"a\": \"data_offsets\" must be two integers from 0"
    ),
    .init(
        "missing type",
        "{\"a\":{\"shape\":[4],\"data_offsets\":[0,4]}}",
        data: 4,
        "the weight \"a\": \"dtype\" must be a string"
    ),
    .init(
        "unknown member",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"offsets\":[0,4]}}",
        data: 4,
        "the weight \"a\": the member \"offsets\" is not known"
    ),
    .init(
        "weight that is no object",
        "{\"a\":[1]}",
        "the weight \"a\": an object is expected, found an array"
    ),
]
