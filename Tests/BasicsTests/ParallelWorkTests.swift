import Basics
import Synchronization
import Testing

@Suite struct ParallelWorkTests {
    private struct Stop: Error, Equatable {
        let index: Int
    }

    @Test("Does each piece once", arguments: [0, 1, 1000])
    func doesEachPieceOnce(count: Int) throws {
        let begun = Mutex<[Int]>([])
        var done: [Int] = []
        try inParallel(count) { index in
            begun.withLock { $0.append(index) }
        } done: {
            done.append($0)
        }
        #expect(begun.withLock { $0.sorted() } == Array(0..<count))
        #expect(done.sorted() == Array(0..<count))
    }

    /// Prevents tasks that still run after the error that the caller handles.
    @Test("Ends with the first error") func endsWithTheFirstError() throws {
        let running = Atomic<Int>(0)
        let begun = Atomic<Int>(0)
        #expect(throws: Stop(index: 3)) {
            try inParallel(1000) { index in
                running.add(1, ordering: .sequentiallyConsistent)
                begun.add(1, ordering: .sequentiallyConsistent)
                defer { running.subtract(1, ordering: .sequentiallyConsistent) }
                if index == 3 { throw Stop(index: index) }
                // Long enough that the error is seen before all pieces are over.
                var value = index
                for _ in 0..<1_000_000 { value = value &* 31 &+ 7 }
                #expect(value != 1)
            }
        }
        let (left, started) = (
            running.load(ordering: .sequentiallyConsistent),
            begun.load(ordering: .sequentiallyConsistent)
        )
        #expect(left == 0)
        #expect(started < 1000)
    }

    @Test("Can be interrupted") func canBeInterrupted() throws {
        var count = 0
        #expect(throws: Stop(index: 5)) {
            try inParallel(100_000, { _ in }) { _ in
                count += 1
                if count == 5 { throw Stop(index: 5) }
            }
        }
        #expect(count == 5)
    }

    /// Prevents two threads from working in one buffer.
    @Test("A pool lends an element to one at a time") func aPoolLendsAnElementToOneAtATime() throws
    {
        final class Box: Sendable { let isTaken = Atomic<Bool>(false) }
        let pool = Pool { Box() }
        try inParallel(10_000) { _ in
            pool.lend { box in
                let wasTaken = box.isTaken.exchange(true, ordering: .sequentiallyConsistent)
                #expect(!wasTaken)
                box.isTaken.store(false, ordering: .sequentiallyConsistent)
            }
        }
    }

    @Test("Skipping is drawing without looking", arguments: [0, 1, 12345])
    func skippingIsDrawingWithoutLooking(count: Int) {
        var drawn = SeededGenerator(seed: 7)
        for _ in 0..<count { _ = drawn.next() }
        var skipped = SeededGenerator(seed: 7)
        skipped.skip(count)
        #expect(skipped == drawn)
    }
}
