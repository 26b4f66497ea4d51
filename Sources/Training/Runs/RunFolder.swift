import Basics
import Foundation

/// The folder of one training run: its log, and a folder for each saved step that is kept.
///
/// `step-00001200/` appears whole or not at all, is a model folder that everything else can load,
/// and holds what the run needs to go on. A run locks its folder as long as it works there.
package final class RunFolder {
    /// The path.
    package let path: String
    /// How many saved steps are kept.
    package let keptCount: Int
    private let lock: FolderLock

    /// Opens a run's folder, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - keptCount: how many saved steps are kept, at least 2, so that one is left should the
    ///     newest be damaged.
    /// - Throws: ``TrainingError/locked(folder:)`` if another run has it.
    package init(_ path: String, keptCount: Int = 2) throws {
        precondition(keptCount >= 2, "one saved step is no safety")
        try makeFolder(path)
        guard let lock = try FolderLock(path) else { throw TrainingError.locked(folder: path) }
        self.lock = lock
        self.path = path
        self.keptCount = keptCount
    }

    /// Refuses a folder that holds saved steps, before a run that would begin anew reads its data.
    package static func refuseSteps(in path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard !names.contains(where: { $0.hasPrefix("step-") }) else {
            throw TrainingError.exists(folder: path)
        }
    }

    /// The path of the log: JSON Lines.
    package var logPath: String { path + "/log.jsonl" }

    /// The folder of a saved step.
    package func folder(ofStep step: Int) -> String {
        let digits = String(step)
        return path + "/step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// The steps that have a folder, the newest first; whether it is whole is not looked at.
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

    /// Removes all saved steps but the newest ones, and what saves that were killed have left.
    func prune() throws {
        for step in try savedSteps().dropFirst(keptCount) { remove(folder(ofStep: step)) }
        // The lock is ours, so no other process is writing them.
        for name in try FileManager.default.contentsOfDirectory(atPath: path)
        where name.hasPrefix("step-") && name.contains(".tmp-") {
            remove(path + "/" + name)
        }
    }

    /// Gives a damaged step a name under which nobody takes it for a saved one.
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
        // A folder that cannot be removed costs space and nothing else.
        try? FileManager.default.removeItem(atPath: folder)
    }
}
