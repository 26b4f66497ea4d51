package import Basics
import Foundation

/// How many documents that cannot be read are passed over before reading ends.
package enum BadDocumentLimit: Sendable, Equatable, CustomStringConvertible {
    case count(Int)
    /// A share of all documents, from 0 to 1.
    case share(Double)

    /// None: the first one ends the reading.
    package static let none = count(0)

    /// The limit that a number means: a count from 1 on, a share below; `nil` for other numbers.
    package init?(_ number: Double) {
        if number > 0, number < 1 {
            self = .share(number)
        } else if let count = Int(exactly: number), count >= 0 {
            self = .count(count)
        } else {
            return nil
        }
    }

    /// A number that is no limit.
    package struct Invalid: UserError, Equatable {
        package let number: Double

        package init(number: Double) {
            self.number = number
        }

        package var kind: ErrorKind { .invalidSetting }
        package var description: String {
            "the limit of bad documents is \(number); a count or a share below 1 is expected"
        }
    }

    /// As in messages: `5`, `0.1 %`.
    package var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .share(let share): String(format: "%g %%", share * 100)
        }
    }
}
