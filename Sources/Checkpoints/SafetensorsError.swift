package import Basics

/// Why a file is not a valid safetensors file, or a weight could not be written to one.
package struct SafetensorsError: UserError, Equatable {
    /// What is wrong.
    package enum Problem: Error, Equatable {
        /// The file is a Git LFS pointer.
        case largeFilePointer
        /// The file is a pickle, or a ZIP archive of pickles, as PyTorch writes.
        case pickle
        /// There are not even the 8 bytes of the header's length.
        case noHeader(fileSize: Int)
        /// The header's length is beyond the limit.
        case headerTooLong(byteCount: UInt64, limit: Int)
        /// The header's length is beyond the end of the file.
        case headerPastEnd(byteCount: UInt64, fileSize: Int)
        /// The header does not begin with a brace.
        case headerNotObject
        /// The header is not JSON, or has a key twice.
        case header(JSONError)
        /// Two names are the same text in different bytes, as "é" can be.
        case likeNames
        /// `__metadata__` is no object of strings.
        case metadata
        /// The description of a weight lacks a member, or has a wrong or unknown one.
        case entry(name: String, problem: String)
        /// The type of a weight's elements is not known.
        case elementType(name: String, found: String)
        /// The number of bytes of a shape does not fit 64 bits.
        case shapeOverflow(name: String, shape: [Int])
        /// The offsets of a weight run backwards.
        case reversed(name: String, begin: Int, end: Int)
        /// The offsets of a weight hold another number of bytes than its type and shape need.
        case size(name: String, found: Int, expected: Int)
        /// Two weights share bytes.
        case overlap(name: String, with: String)
        /// Bytes before a weight belong to none.
        case hole(before: String, byteCount: Int)
        /// The file ends before its data do.
        case truncated(missing: Int)
        /// Bytes follow the data.
        case trailing(byteCount: Int)
        /// Weights were declared but never written.
        case unwritten(names: [String])
    }

    /// The file.
    package let path: String
    /// What is wrong with it.
    package let problem: Problem

    /// Names a file and its problem.
    package init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var kind: ErrorKind {
        if case .unwritten = problem { .internalFailure } else { .malformedInput }
    }

    /// The file and what was found in it.
    package var description: String { "\(path): \(problem.sentence)" }
}

extension SafetensorsError.Problem {
    fileprivate var sentence: String {
        switch self {
        case .largeFilePointer:
            "this is a Git LFS pointer, not the weights; fetch them with `git lfs pull`"
        case .pickle:
            "this is a pickle, which can run code when it is read; "
                + "convert it to safetensors where you trust it"
        case .noHeader(let size):
            "a safetensors file begins with 8 bytes of header length; this file has \(size)"
        case .headerTooLong(let count, let limit):
            "a header of \(count) bytes is announced; at most \(limit) are read; is this a "
                + "safetensors file?"
        case .headerPastEnd(let count, let size):
            "a header of \(count) bytes is announced, but the file has \(size) bytes"
        case .headerNotObject: "the header must begin with '{'"
        case .header(let error): "the header is \(error)"
        case .likeNames: "two names of weights differ only in how their accents are written"
        case .metadata: "\"__metadata__\" must be an object of strings"
        case .entry(let name, let problem): "the weight \"\(name)\": \(problem)"
        case .elementType(let name, let found):
            "the weight \"\(name)\": the type \"\(found)\" is not known; known are "
                + ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        case .shapeOverflow(let name, let shape):
            "the weight \"\(name)\": the shape \(shape) is larger than any file"
        case .reversed(let name, let begin, let end):
            "the weight \"\(name)\": the offsets run from \(begin) back to \(end)"
        case .size(let name, let found, let expected):
            "the weight \"\(name)\": its shape and type need \(expected) bytes, found \(found)"
        case .overlap(let name, let other):
            "the weights \"\(other)\" and \"\(name)\" share bytes"
        case .hole(let name, let count):
            "\(count) bytes before the weight \"\(name)\" belong to no weight"
        case .truncated(let missing):
            "the file is cut short: \(missing) bytes are missing at its end"
        case .trailing(let count): "\(count) bytes follow the last weight"
        case .unwritten(let names):
            "\(names.count) declared weights were not written, first \"\(names.first ?? "")\""
        }
    }
}
