import Basics
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes the blocks that many threads make to their files, each of which appears when its last
/// block is written.
///
/// The system lets one thread at a time write to a file, and the others burn their cores while they
/// wait. So a thread leaves its block here: if none is writing, it writes what is there, otherwise
/// it goes on making. Memory is bounded: who finds no free buffer waits for the writing thread.
final class BlockWriter: @unchecked Sendable {
    // Unchecked: `files` are used by the thread alone that has set `isWriting`, and a buffer by the
    // thread that has taken it out of the state.

    private let shards: [ShardGeometry]
    private let folder: String
    private let state: Mutex<State>
    /// Counts the buffers that may still be taken.
    private let free: DispatchSemaphore
    private var files: [Int: OpenFile] = [:]

    private struct State: @unchecked Sendable {
        var buffers: [WorkingMemory<UInt8>]
        var queue: [Block] = []
        var isWriting = false
        /// Why nothing is written any more.
        var failure: (any Error)?
    }

    /// What is to be written.
    private struct Block {
        let shard: Int
        let range: Range<Int>
        let buffer: WorkingMemory<UInt8>
        /// Whether no bit is set: whole weights of new layers begin at zero.
        let isZero: Bool
    }

    /// A file and how many of its blocks are not yet written.
    private final class OpenFile {
        private var file: AtomicFile?
        private var blockCount: Int

        init(_ shard: ShardGeometry, in folder: String) throws(FileError) {
            let file = try AtomicFile(folder + "/" + shard.file)
            // Blocks of zeros are not written.
            try file.resize(to: shard.byteCount)
            self.file = consume file
            blockCount = shard.blockCount
        }

        /// Writes a block; true says that it was the last, and the file is there.
        func write(_ block: Block) throws(FileError) -> Bool {
            if !block.isZero {
                let bytes = UnsafeRawBufferPointer(block.buffer.room(for: block.range.count))
                try file?.write(bytes, at: block.range.lowerBound)
            }
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
        // It may end with less than it began with, after an error; so it begins with none.
        free = DispatchSemaphore(value: 0)
        for _ in 0..<count { free.signal() }
    }

    /// Makes a block, and writes it or leaves it to the thread that writes.
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
        if isWriter { try writeQueue() }
    }

    /// Gives up the files that are not complete, when no thread writes any more.
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

    /// Writes until nothing is left.
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

    /// What has been made meanwhile; `nil` ends the writing.
    private func nextBlocks() -> [Block]? {
        state.withLock { state in
            defer { state.queue = [] }
            state.isWriting = !state.queue.isEmpty
            return state.isWriting ? state.queue : nil
        }
    }

    private func write(_ block: Block) throws {
        let file = try files[block.shard] ?? OpenFile(shards[block.shard], in: folder)
        files[block.shard] = try file.write(block) ? nil : file
    }
}

extension UnsafeRawBufferPointer {
    /// Whether no bit is set.
    fileprivate var isZero: Bool {
        guard let start = baseAddress, count > 1 else { return allSatisfy { $0 == 0 } }
        // Each byte equals its successor, and the first is zero.
        return self[0] == 0 && memcmp(start, start + 1, count - 1) == 0
    }
}
