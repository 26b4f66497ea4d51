package import Basics

/// Why a frame does not hold in a vocabulary or for an image tokenizer.
package enum ImageFrameError: UserError, Equatable {
    /// The vocabulary has no such token.
    case noToken(String)
    /// The token is text or an image code, or ends documents.
    case notSpecial(String)
    /// The token that begins an image has another meaning, too.
    case ambiguous(String)

    package var kind: ErrorKind { .invalidConfiguration }

    package var description: String {
        switch self {
        case .noToken(let spelling):
            "the frame of images has the token \(spelling.quoted()), which the vocabulary lacks; "
                + "give the frame of this model in \(ImageFrame.fileName)"
        case .notSpecial(let spelling):
            "the frame of images has the token \(spelling.quoted()), which is text, an image code or "
                + "the end of a document; an added token is expected"
        case .ambiguous(let spelling):
            "the token \(spelling.quoted()) begins an image and has another meaning in the frame of "
                + "images; a token that does nothing else is expected first in opening"
        }
    }
}
