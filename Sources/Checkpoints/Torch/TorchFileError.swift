package import Basics

/// Why a file of `torch.save` is not read.
package struct TorchFileError: UserError, Equatable {
    /// What is wrong.
    package enum Problem: Error, Equatable {
        /// The file is a bare pickle, as PyTorch wrote before version 1.6.
        case legacy
        /// The ZIP archive is damaged, or not one that PyTorch writes.
        case archive(String)
        /// The pickle names a class or function that no weights need.
        case forbidden(name: String)
        /// The pickle is damaged, or does what no weights need; the offset is in `data.pkl`.
        case pickle(offset: Int, String)
        /// A tensor lies beyond its bytes or cannot be read.
        case tensor(name: String, String)
        /// There is no dictionary of tensors.
        case noWeights
    }

    /// The file.
    package let path: String
    /// What is wrong with it.
    package let problem: Problem

    /// Names a file and its problem.
    package init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var kind: ErrorKind { .malformedInput }

    /// What was found, what was expected and what to do.
    package var description: String { "\(path): \(problem.text)" }
}

extension TorchFileError.Problem {
    fileprivate var text: String {
        switch self {
        case .legacy:
            "this is the format of PyTorch before 1.6, a bare pickle; where you trust it, load it "
                + "and save it again with a newer torch"
        case .archive(let problem): "the archive cannot be read: \(problem)"
        case .forbidden(let name):
            "refused: the pickle asks for `\(name.brief(120))`; only tensors, numbers, text, lists "
                + "and dictionaries are read; where you trust the file, save its weights alone, "
                + "or as safetensors"
        case .pickle(let offset, let problem): "the pickle at byte \(offset): \(problem)"
        case .tensor(let name, let problem): "the tensor \(name.quoted()): \(problem)"
        case .noWeights:
            "a dictionary of tensors is expected, by itself or as \"state_dict\" of another one"
        }
    }
}
