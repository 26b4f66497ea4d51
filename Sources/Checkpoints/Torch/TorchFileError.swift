package import Basics

/// Why a file of `torch.save` is not read.
package struct TorchFileError: UserError, Equatable {
    /// What is wrong with the file.
    package enum Problem: Error, Equatable {
        /// The file is a bare pickle, as written before PyTorch 1.6.
        case legacy
        /// The ZIP archive is damaged, or not of `torch.save`.
        case archive(String)
        /// The pickle names a class or function that weights do not need.
        case forbidden(name: String)
        /// The pickle is damaged or not of `torch.save`; the offset is in `data.pkl`.
        case pickle(offset: Int, String)
        case tensor(name: String, String)
        /// There is no dictionary of tensors.
        case noWeights
    }

    package let path: String
    package let problem: Problem

    package init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var kind: ErrorKind { .malformedInput }

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
