import Basics
import Synchronization

/// The SHA-256 digest of a file that is being written in blocks, in about their order.
///
/// It follows the blocks that are written without a gap, and so reads what is still in the system's
/// cache. One thread at a time takes it.
final class FollowingDigest: @unchecked Sendable {
    // Unchecked: only the thread that has set `isBusy` uses `digest` and `buffer`.

    private let file: MappedFile
    private let blockSize: Int
    private let digest = SHA256.Digest()
    private let buffer = WorkingMemory<UInt8>()
    private let state: Mutex<State>

    private struct State {
        var isWritten: [Bool]
        /// The number of blocks that were digested, or are being digested.
        var count = 0
        var isBusy = false
        /// Whether the digest was given away.
        var isTaken = false
    }

    init(of file: MappedFile, blockSize: Int) {
        self.file = file
        self.blockSize = blockSize
        let blockCount = (file.bytes.count + blockSize - 1) / blockSize
        state = Mutex(State(isWritten: Array(repeating: false, count: blockCount)))
    }

    /// Notes that a block is in the file.
    func hasWritten(_ range: Range<Int>) {
        state.withLock { $0.isWritten[range.lowerBound / blockSize] = true }
    }

    /// Digests what is written without a gap, unless another thread does.
    func advance() throws(FileError) {
        guard
            state.withLock({ state in
                defer { state.isBusy = true }
                return !state.isBusy
            })
        else { return }
        while let block = nextBlock() {
            let start = block * blockSize
            let room = buffer.room(for: min(blockSize, file.bytes.count - start))
            let bytes = UnsafeMutableRawBufferPointer(room)
            try file.read(at: start, into: bytes)
            digest.add(UnsafeRawBufferPointer(bytes))
        }
    }

    /// The next block to digest; `nil`, and then no thread is busy, if it is not written.
    private func nextBlock() -> Int? {
        state.withLock { state in
            guard state.count < state.isWritten.count, state.isWritten[state.count] else {
                state.isBusy = false
                return nil
            }
            defer { state.count += 1 }
            return state.count
        }
    }

    /// The digest of the whole file as hexadecimal digits, for the first who asks once all of it is
    /// digested.
    func taken() -> String? {
        let isMine = state.withLock { state in
            guard !state.isBusy, !state.isTaken, state.count == state.isWritten.count else {
                return false
            }
            state.isTaken = true
            return true
        }
        return isMine ? digest.hex() : nil
    }
}
