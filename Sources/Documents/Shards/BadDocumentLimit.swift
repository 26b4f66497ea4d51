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

    /// Throws if there may not be another bad document after `count`.
    func pass(over error: ShardError, after count: Int) throws {
        if self == .none { throw error }
        if case .count(let allowed) = self, count == allowed {
            throw BadDocumentsError(count: count + 1, last: error, limit: self)
        }
    }

    /// Throws if the limit is a share, and more of all documents are bad.
    func check(bad: Int, of total: Int) throws(BadDocumentsError) {
        if case .share(let share) = self, Double(bad) > share * Double(total) {
            throw BadDocumentsError(count: bad, total: total, limit: self)
        }
    }
}

/// More documents are bad than may be.
package struct BadDocumentsError: UserError {
    package let description: String
    package var kind: ErrorKind { .malformedInput }

    fileprivate init(count: Int, total: Int, limit: BadDocumentLimit) {
        let share = (Double(count) / Double(total) * 100).decimals(2)
        description =
            "\(count) of \(total) documents are bad (\(share) %), more than the \(limit.description) "
            + "that are allowed; each is named above"
    }

    fileprivate init(count: Int, last: ShardError, limit: BadDocumentLimit) {
        description =
            "\(last); this is bad document \(count), and \(limit.description) are allowed"
    }
}
