import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The wish of the user or the system that a run ends: SIGINT or SIGTERM.
///
/// The first signal asks the run to save and end; a second one ends the process at once.
package enum StopSignals {
    private static let received = Atomic<Int>(0)

    /// Begins to listen; a signal that has come already counts still.
    package static func listen() {
        // Touched here, so that the handler finds it made.
        _ = received.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                if StopSignals.received.add(1, ordering: .relaxed).newValue > 1 {
                    _exit(75)  // EX_TEMPFAIL
                }
            }
        }
    }

    /// Whether a signal has come.
    package static var isStopWanted: Bool { received.load(ordering: .relaxed) > 0 }
}
