import Basics
import Foundation

/// The folder of a training run: its log, and the newest saved steps.
///
/// `step-00001200/` appears only when it is complete. It is a model folder, with what resuming the
/// run needs. A run locks its folder while it works there.
package final class RunFolder {
    package let path: String
    private let lock: FolderLock

    /// How many saved steps are kept: one more than needed, should the newest be damaged.
    private static let keptCount = 2

    /// Opens a run's folder, which is made if it does not exist.
    ///
    /// - Throws: ``TrainingError/locked(folder:)`` if another run works there.
    package init(_ path: String) throws {
        try makeFolder(path)
        guard let lock = try FolderLock(path) else { throw TrainingError.locked(folder: path) }
        self.lock = lock
        self.path = path
    }

    /// Refuses a folder that has saved steps, before a new run reads its data.
    package static func refuseSteps(in path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard !names.contains(where: { $0.hasPrefix("step-") }) else {
            throw TrainingError.exists(folder: path)
        }
    }

    /// The log, as JSON Lines.
    package var logPath: String { path + "/log.jsonl" }

    package func folder(ofStep step: Int) -> String {
        let digits = String(step)
        return path + "/step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// The steps that have a folder, the newest first; some may be damaged.
    package func savedSteps() throws -> [Int] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw FileError.reading(path: path, reason: "the folder cannot be listed")
        }
        let steps = names.compactMap { name -> Int? in
            guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), step >= 0 else {
                return nil
            }
            return folder(ofStep: step) == path + "/" + name ? step : nil
        }
        return steps.sorted(by: >)
    }

    /// Removes all but the newest saved steps, and incomplete ones of runs that were killed.
    func prune() throws {
        for step in try savedSteps().dropFirst(Self.keptCount) { remove(folder(ofStep: step)) }
        // No other process writes them, as we have the lock.
        for name in try FileManager.default.contentsOfDirectory(atPath: path)
        where name.hasPrefix("step-") && name.contains(".tmp-") {
            remove(path + "/" + name)
        }
    }

    /// Renames a damaged step so that it no longer counts as saved.
    func setAside(_ step: Int) throws {
        let target = path + "/damaged-" + String(step)
        remove(target)
        do {
            try FileManager.default.moveItem(atPath: folder(ofStep: step), toPath: target)
        } catch {
            throw FileError.writing(path: target, reason: error.localizedDescription)
        }
    }

    private func remove(_ folder: String) {
        // A folder that cannot be removed only takes space.
        try? FileManager.default.removeItem(atPath: folder)
    }
}
