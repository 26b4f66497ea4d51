import Fusing

extension Fusion {
    /// How far a fusion is.
    public struct Progress: Sendable, Equatable {
        /// The bytes of weights written so far, and those verified so far.
        public let byteCount: Int
        /// The ``byteCount`` of the complete work.
        public let total: Int
        /// What is odd about the weights read so far, a sentence for each parent.
        public let warnings: [String]
    }

    /// The progress of a fusion that is being written; the latest state where several have passed.
    public struct Run: AsyncSequence, Sendable {
        let plan: FusionPlan
        let output: String
        let verifying: Bool

        /// Begins to write.
        public func makeAsyncIterator() -> Iterator {
            Iterator(
                work: BackgroundWork(consequence: "nothing was written") { [self] report in
                    try plan.run(to: output, verifying: verifying) {
                        try report(
                            Progress(
                                byteCount: $0.byteCount,
                                total: $0.total,
                                warnings: $0.warnings
                            )
                        )
                    }
                }
            )
        }

        /// One writing of a fused folder.
        public struct Iterator: AsyncIteratorProtocol {
            let work: BackgroundWork<Progress>

            /// The next progress; `nil` when the folder is complete.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(JamError) -> Progress? {
                try await work.next()
            }
        }
    }
}
