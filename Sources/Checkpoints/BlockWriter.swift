import Basics
import Dispatch
import Synchronization

/// Writes blocks that many threads make, and takes the digests of the files; a file appears when its
/// last block is written.
///
/// The system lets one thread at a time write to a file, and the others spin while they wait. So a
/// thread queues its block here: if no thread is writing, it writes the queue, otherwise it makes
/// the next block. Memory is bounded: without a free buffer a thread waits for the writing one. A
/// thread that has written then digests what no other does.
final class BlockWriter: @unchecked Sendable {
    // Unchecked: only the thread that has set `isWriting` uses `files`, and only the thread that has
    // taken a buffer out of the state uses it.

    private let shards: [ShardGeometry]
    private let folder: String
    private let state: Mutex<State>
    /// The number of free buffers.
    private let free: DispatchSemaphore
    private var files: [Int: OpenFile] = [:]
    private let digests = Mutex(Digests())

    private struct Digests {
        /// Those of files that are not digested to their end, by shard.
        var unfinished: [Int: FollowingDigest] = [:]
        /// Those that are, by the file's name.
        var finished: [String: String] = [:]
    }

    private struct State: @unchecked Sendable {
        var buffers: [WorkingMemory<UInt8>]
        var queue: [Block] = []
        var isWriting = false
        /// The error that ended the writing.
        var failure: (any Error)?
    }

    private struct Block {
        let shard: Int
        let range: Range<Int>
        let buffer: WorkingMemory<UInt8>
        /// Whether all bits are zero, as in weights that are initialized with zero.
        let isZero: Bool
    }

    /// A file and how many of its blocks are not yet written.
    private final class OpenFile {
        private var file: AtomicFile?
        private var blockCount: Int
        let digest: FollowingDigest

        init(_ shard: ShardGeometry, in folder: String) throws(FileError) {
            let file = try AtomicFile(folder + "/" + shard.file)
            // The file is zero from the start, so blocks of zeros are not written.
            try file.resize(to: shard.byteCount)
            digest = FollowingDigest(of: try file.reader(), blockSize: ShardGeometry.blockSize)
            self.file = consume file
            blockCount = shard.blockCount
        }

        /// Writes a block; returns whether it was the last, so that the file is complete.
        func write(_ block: Block) throws(FileError) -> Bool {
            if !block.isZero {
                let bytes = UnsafeRawBufferPointer(block.buffer.room(for: block.range.count))
                try file?.write(bytes, at: block.range.lowerBound)
            }
            digest.hasWritten(block.range)
            blockCount -= 1
            guard blockCount == 0 else { return false }
            try file.take()?.commit(toDisk: false)
            return true
        }
    }

    init(_ shards: [ShardGeometry], in folder: String) {
        self.shards = shards
        self.folder = folder
        let count = 4 + 2 * coreCount
        state = Mutex(State(buffers: (0..<count).map { _ in WorkingMemory() }))
        // A semaphore must not end below its initial value, as after an error: so that is zero.
        free = DispatchSemaphore(value: 0)
        for _ in 0..<count { free.signal() }
    }

    /// Makes a block, and writes it or queues it for the writing thread.
    ///
    /// - Throws: what `make` throws, and why this or an earlier block could not be written.
    func write(
        _ range: Range<Int>,
        of shard: Int,
        _ make: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws {
        let buffer = try takeBuffer()
        let bytes = UnsafeMutableRawBufferPointer(buffer.room(for: range.count))
        do {
            try make(bytes)
        } catch {
            giveBack([buffer])
            throw error
        }
        let isZero = UnsafeRawBufferPointer(bytes).isZero
        let isWriter = state.withLock { state in
            state.queue.append(Block(shard: shard, range: range, buffer: buffer, isZero: isZero))
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isWriter else { return }
        try writeQueue()
        try advanceDigests()
    }

    /// Digests what is written and no other thread digests.
    private func advanceDigests() throws(FileError) {
        for (shard, digest) in digests.withLock({ $0.unfinished }) {
            try digest.advance()
            guard let hex = digest.taken() else { continue }
            digests.withLock { digests in
                digests.unfinished[shard] = nil
                digests.finished[shards[shard].file] = hex
            }
        }
    }

    /// The digest of each file by its name, once all blocks are written and no thread is at work.
    func finishedDigests() throws(FileError) -> [String: String] {
        try advanceDigests()
        return digests.withLock { digests in
            precondition(digests.unfinished.isEmpty, "a file is not complete")
            return digests.finished
        }
    }

    /// Removes incomplete files, once no thread is writing.
    func abandon() { files.removeAll() }

    private func takeBuffer() throws -> WorkingMemory<UInt8> {
        free.wait()
        return try state.withLock { state in
            if let failure = state.failure {
                free.signal()
                throw failure
            }
            guard let buffer = state.buffers.popLast() else {
                preconditionFailure("a buffer was promised")
            }
            return buffer
        }
    }

    private func giveBack(_ buffers: [WorkingMemory<UInt8>]) {
        state.withLock { $0.buffers += buffers }
        for _ in buffers { free.signal() }
    }

    /// Writes until the queue is empty.
    private func writeQueue() throws {
        while let blocks = nextBlocks() {
            defer { giveBack(blocks.map(\.buffer)) }
            do {
                for block in blocks { try write(block) }
            } catch {
                state.withLock { $0.failure = error }
                throw error
            }
        }
    }

    /// The blocks queued meanwhile; `nil` ends the writing.
    private func nextBlocks() -> [Block]? {
        state.withLock { state in
            defer { state.queue = [] }
            state.isWriting = !state.queue.isEmpty
            return state.isWriting ? state.queue : nil
        }
    }

    private func write(_ block: Block) throws {
        let file = try files[block.shard] ?? open(block.shard)
        files[block.shard] = try file.write(block) ? nil : file
    }

    private func open(_ shard: Int) throws(FileError) -> OpenFile {
        let file = try OpenFile(shards[shard], in: folder)
        digests.withLock { $0.unfinished[shard] = file.digest }
        return file
    }
}
