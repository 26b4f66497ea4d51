internal import CCrypto

/// The SHA-256 digest of bytes (FIPS 180-4), by OpenSSL, which uses the processor's instructions
/// for it.
public enum SHA256 {
    /// The digest of `bytes` as 64 hexadecimal digits.
    public static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        hex(of: bytes) { _ in }
    }

    /// The digest of a file as 64 hexadecimal digits; its content is not kept in memory.
    public static func hex(of file: MappedFile) -> String {
        withExtendedLifetime(file) { hex(of: file.bytes, MappedFile.releasePages) }
    }

    /// Passes over `bytes` some megabytes at a time, and tells `done` of each part.
    private static func hex(
        of bytes: UnsafeRawBufferPointer,
        _ done: (UnsafeRawBufferPointer) -> Void
    ) -> String {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("OpenSSL offers no SHA-256")
        }
        let partCount = 8 << 20
        for start in stride(from: 0, to: bytes.count, by: partCount) {
            let end = min(start + partCount, bytes.count)
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            EVP_DigestUpdate(context, part.baseAddress, part.count)
            done(part)
        }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
