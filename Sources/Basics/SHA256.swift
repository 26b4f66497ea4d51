internal import CCrypto

/// The SHA-256 digest of bytes (FIPS 180-4), by OpenSSL, which uses the processor's instructions
/// for it.
package enum SHA256 {
    /// The digest as 64 hexadecimal digits.
    package static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        let digest = Digest()
        digest.add(bytes)
        return digest.hex()
    }

    /// The first 64 bits of the digest of the concatenated parts: enough to detect damage.
    package static func check(of parts: UnsafeRawBufferPointer...) -> UInt64 {
        let digest = Digest()
        for part in parts { digest.add(part) }
        return digest.end().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The digest of a file as 64 hexadecimal digits, read in small parts.
    package static func hex(of file: MappedFile) throws(FileError) -> String {
        let digest = Digest()
        try file.forEachPart { _, part in digest.add(part) }
        return digest.hex()
    }
}

extension SHA256 {
    /// The digest of bytes that are added one after another.
    package final class Digest: @unchecked Sendable {
        // Unchecked: whoever adds does so on one thread at a time.

        private let context = EVP_MD_CTX_new()

        package init() {
            guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
                fatalError("OpenSSL offers no SHA-256")
            }
        }

        deinit { EVP_MD_CTX_free(context) }

        package func add(_ bytes: UnsafeRawBufferPointer) {
            EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }

        fileprivate func end() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: 32)
            EVP_DigestFinal_ex(context, &digest, nil)
            return digest
        }

        /// The digest as 64 hexadecimal digits; nothing can be added afterwards.
        package func hex() -> String {
            end().map { byte in
                let digits = String(byte, radix: 16)
                return byte < 16 ? "0" + digits : digits
            }.joined()
        }
    }
}
