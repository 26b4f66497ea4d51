import Foundation
import Synchronization

/// SIGINT or SIGTERM: a request to stop.
///
/// The first signal asks the run to save and stop; a second one ends the process at once.
package enum StopSignals {
    private static let received = Atomic<Int>(0)

    /// Starts to listen.
    package static func listen() {
        // Initializes it before the handler can run.
        _ = received.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                if StopSignals.received.add(1, ordering: .relaxed).newValue > 1 {
                    _exit(75)  // EX_TEMPFAIL
                }
            }
        }
    }

    package static var isStopWanted: Bool { received.load(ordering: .relaxed) > 0 }
}
