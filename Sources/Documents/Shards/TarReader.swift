import Basics

/// Reads the members of a tar archive in order; nothing is extracted to disk.
final class TarReader {
    /// A member whose bytes are next in the file.
    struct Member {
        let name: String
        let size: Int
        /// Where its headers begin in the file.
        let start: Int
    }

    private let file: ShardInput
    /// What was passed over on the way to the files.
    private(set) var leftAlone = LeftAlone()
    /// The largest record with a name, in bytes.
    private static let nameLimit = 1 << 16
    /// The largest pax record, in bytes: others than names can be icons and the like.
    private static let recordLimit = 1 << 24

    init(_ file: ShardInput) {
        self.file = file
    }

    /// Finds the next regular file; `nil` at the end-of-archive blocks.
    func next() throws -> Member? {
        var longName: String?
        var longSize: Int?
        var start = file.offset
        while let header = try nextHeader() {
            switch header.kind {
            case .longName:
                longName = TarHeader.text(try record(header, limit: Self.nameLimit))
            case .longTarget:
                _ = try record(header, limit: Self.nameLimit)
            case .extended:
                let records = try PaxRecords(record(header)) { self.failure($0, header.name) }
                longName = records.path ?? longName
                longSize = records.size ?? longSize
            case .global:
                let records = try PaxRecords(record(header)) { self.failure($0, header.name) }
                guard records.path == nil, records.size == nil else {
                    throw failure("one name or size for all members", header.name)
                }
            case .folder, .file, .other, .refused:
                let name = try safeName(longName ?? header.name)
                let size = header.hasBody ? longSize ?? header.size : 0
                (longName, longSize) = (nil, nil)
                if case .refused(let kind) = header.kind {
                    throw failure("files are expected, found \(kind)", name)
                }
                if let left = file.left, size > left {
                    throw failure(
                        "the archive is truncated: \(size) bytes are expected, \(left) are left",
                        name
                    )
                }
                let member = Member(name: name, size: size, start: start)
                if header.kind == .file { return member }
                if case .other(let kind) = header.kind { leftAlone.add(.noFile(kind), name) }
                try skip(member)
                start = file.offset
            }
        }
        return nil
    }

    /// Reads the bytes of the last found member.
    func read(_ member: Member) throws -> [UInt8] {
        let bytes = try file.read(member.size)
        guard try file.skip(Self.padding(member.size)), bytes.count == member.size else {
            throw failure("the archive is truncated", member.name)
        }
        return bytes
    }

    /// Skips the bytes of the last found member.
    func skip(_ member: Member) throws {
        guard try file.skip(member.size), try file.skip(Self.padding(member.size)) else {
            throw failure("the archive is truncated", member.name)
        }
    }

    /// An error after which reading cannot continue.
    func failure(_ problem: String, _ member: String? = nil) -> ShardError {
        let place = member.map { "\(file.name):\($0)" } ?? file.name
        return ShardError(place: place, problem: problem, scope: .shard)
    }

    private func nextHeader() throws -> TarHeader? {
        let start = file.offset
        let block = try file.read(TarHeader.blockSize)
        guard block.count == TarHeader.blockSize else {
            throw failure("the archive is truncated: its end marker is missing")
        }
        if block.allSatisfy({ $0 == 0 }) {
            try checkEnd()
            return nil
        }
        do {
            return try TarHeader(block)
        } catch {
            throw failure("\(error.problem) at byte \(start)")
        }
    }

    /// A block of zeros must be followed by another, and by nothing else.
    private func checkEnd() throws {
        var rest = 0
        while case let block = try file.read(TarHeader.blockSize), !block.isEmpty {
            guard block.allSatisfy({ $0 == 0 }) else {
                throw failure(
                    "bytes follow the end marker; concatenated archives are not supported"
                )
            }
            rest += block.count
        }
        guard rest >= TarHeader.blockSize else {
            throw failure("the archive is truncated: its end marker is missing")
        }
    }

    private func record(_ header: TarHeader, limit: Int = recordLimit) throws -> [UInt8] {
        guard header.size <= limit else {
            throw failure(
                "a record of \(header.size) bytes is too long; at most \(limit) are supported",
                header.name
            )
        }
        return try read(Member(name: header.name, size: header.size, start: file.offset))
    }

    /// Drops a leading `./` and refuses names that lead out of a folder.
    private func safeName(_ name: String) throws -> String {
        var name = Substring(name)
        while name.hasPrefix("./") { name = name.dropFirst(2) }
        guard name.isEmpty || RelativePath.isInside(String(name)) else {
            throw failure("the name leads out of the archive", String(name))
        }
        return String(name)
    }

    private static func padding(_ size: Int) -> Int {
        (TarHeader.blockSize - size % TarHeader.blockSize) % TarHeader.blockSize
    }
}

/// The records `length key=value\n` of a pax header; only name and size are used, others may have any
/// bytes.
private struct PaxRecords {
    var path: String?
    var size: Int?

    init(_ bytes: [UInt8], failure: (String) -> ShardError) throws(ShardError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard digits.count <= 6, let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 1, length <= rest.count,
                case let record = rest.prefix(length).dropFirst(digits.count + 1),
                record.last == UInt8(ascii: "\n"),
                let equals = record.firstIndex(of: UInt8(ascii: "="))
            else { throw failure("the extended header is malformed") }
            let (key, value) = (record[..<equals], record[(equals + 1)...].dropLast())
            if key.elementsEqual("path".utf8) {
                path = TarHeader.text(value)
            } else if key.elementsEqual("size".utf8) {
                guard let number = Int(String(decoding: value, as: UTF8.self)), number >= 0 else {
                    throw failure("the extended header's size is not a number")
                }
                size = number
            } else if key.starts(with: "GNU.sparse.".utf8) {
                throw failure("files are expected, found a sparse file")
            }
            rest = rest.dropFirst(length)
        }
    }
}
