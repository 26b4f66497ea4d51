/// The wordings of one kind of question.
package struct Wordings: Sendable {
    /// Those of the documentation and the reports; the first is the usual one.
    let usual: [Wording]
    /// Other ways to ask, in training as often as the usual ones together.
    let further: [Wording]
    /// Never trained on; they measure how a question in anybody's words is understood.
    package let heldOut: [Wording]

    /// What training asks with.
    package var trained: [Wording] { usual + further }
}

/// "What is a cat?": an image and the definition.
extension Wordings {
    package static let define = Wordings(
        usual: [
            "What {is} {a}?", "What {is} {a}? Show me {it}, too.", "Tell me what {a} {is}.",
            "Explain what {a} {is}.", "Can you explain to me what {a} {is}?",
        ],
        further: [
            "What's {a}?", "What {is} {bare}?", "What exactly {is} {a}?", "So what {is} {a}?",
            "Please tell me what {a} {is}.", "Tell me about {a}.", "Tell me about {a}, please.",
            "Tell me something about {a}.", "Can you tell me what {a} {is}?",
            "Could you tell me what {a} {is}?", "Could you tell me about {a}?",
            "Would you please explain what {a} {is}?", "Please explain what {a} {is}.",
            "Explain {a} to me.", "Explain {bare}.", "I'd like to know what {a} {is}.",
            "I want to know what {a} {is}.", "I don't know what {a} {is}.",
            "I have no idea what {a} {is}.", "Say what {a} {is}.", "{a}, what {is} that?",
            "What do people call {a}?", "What is meant by {a}?", "What does {bare} mean?",
            "What does the word {bare} mean?", "What do you know about {a}?",
            "What can you say about {a}?", "My daughter asks what {a} {is}.",
            "Look up {a} in the dictionary.", "Look up {bare}.", "Please look up {a} for me.",
            "Can you look up {a}?", "Give me an explanation of {a}.",
            "I need an explanation of {a}.", "Hey, what {is} {a}?", "Hello! What {is} {a}?",
            "What {is} {a}, please?", "And what {is} {a}?", "Now tell me what {a} {is}.",
            "Is there an entry for {a}?", "Show me what {a} {is}.",
            "What sort of thing {is} {a}?", "Let me know what {a} {is}.",
        ],
        heldOut: [
            "Define {a}.", "Give me the definition of {a}.", "What's the meaning of {bare}?",
            "Describe {a}.", "Could you describe {a} to me, please?", "What in the world {is} {a}?",
            "I've never heard of {a}.", "Help me understand what {a} {is}.",
            "I wonder what {a} {is}.", "Teach me about {a}.", "How would you define {a}?",
            "{bare} definition", "I came across {a} in a book. What {is} {it}?",
            "Any idea what {a} might be?",
        ]
    )
}

/// "Draw a cat.": an image.
extension Wordings {
    package static let draw = Wordings(
        usual: [
            "Draw {a}.", "Show me {a}.", "Please draw {a}.", "Can you draw {a}?",
            "Make a picture of {a}.",
        ],
        further: [
            "Draw {bare}.", "Draw me {a}.", "Draw {a} for me.", "Draw {a}, please.",
            "Draw {a} for me, please.", "Could you draw {a}?", "Could you please draw {a}?",
            "Would you draw {a} for me?", "Will you draw {a}?", "I'd like you to draw {a}.",
            "I want you to draw {a}.", "Now draw {a}.", "Go on and draw {a}.",
            "Try to draw {a}.", "You should draw {a}.", "Let's draw {a}.", "Show {a}.",
            "Show me {bare}.", "Show me {a}, please.", "Please show me {a}.",
            "Can you show me {a}?", "Could you show me {a}, please?",
            "Show me a picture of {a}.", "A picture of {a}.", "A picture of {a}, please.",
            "Picture of {bare}.", "Make me a picture of {a}.",
            "Can you make a picture of {a}?", "Please make a picture of {a}.",
            "Draw a picture of {a}.", "I'd like a picture of {a}.", "I need a picture of {a}.",
            "I would love to have a picture of {a}.", "Can I have a picture of {a}?",
            "Can I get {a}?", "Get me a picture of {a}.", "Generate {a}.",
            "Generate a picture of {a}.", "Produce a picture of {a}.", "Design {a} for me.",
            "{a}, please.", "{a}.", "{bare}.", "Display {a}.", "Find me a picture of {a}.",
            "Do you have a picture of {a}?", "Is there a picture of {a}?",
            "My son wants to look at {a}.", "Hello! Please draw {a}.", "Hey, draw {a}.",
            "I want a picture with {a}.",
        ],
        heldOut: [
            "Paint {a}.", "Sketch {a} for me.", "Could you paint {a}, please?",
            "I want to see {a}.", "Let me see {a}.", "Give me an image of {a}.",
            "Create an image of {a}.", "Can you create {a} for me?", "How about a drawing of {a}?",
            "I'm looking for a photo of {a}.", "Could you illustrate {a}?", "Image of {bare}",
            "{bare} drawing please", "What would {a} look like?", "Depict {a}.",
        ]
    )
}

/// "What is this?" with an image: the name and the definition.
extension Wordings {
    package static let name = Wordings(
        usual: [
            "What is this?", "What does this picture show?", "What do you see here?",
            "Can you tell me what this is?",
        ],
        further: [
            "What's this?", "What's that?", "What is that?", "What is it?", "What's this called?",
            "What is this thing?", "What do you see?", "What do you see in this picture?",
            "What can you see here?", "Tell me what this is.", "Please tell me what this is.",
            "Could you tell me what that is?", "Do you know what this is?", "What have I got here?",
            "What is in the picture?", "What's in this picture?", "Name this.",
            "What is the name of this?", "What do you call this?", "Say what this is.",
            "Explain this picture.", "I don't know what this is.", "What am I looking at?",
        ],
        heldOut: [
            "Identify this.", "Can you identify the object?", "Describe this image.",
            "What is shown here?", "What's the thing in this photo?",
            "Who knows what this might be?", "Caption this.", "What does the image depict?",
            "Any idea what that could be?",
            "I found this. What is it?", "Recognize this?", "Which thing is this?",
        ]
    )
}

/// "How do a cat and a dog differ?": two images, and both definitions.
extension Wordings {
    package static let compare = Wordings(
        usual: [
            "How do {a} and {b} differ?", "What is the difference between {a} and {b}?",
            "Compare {a} with {b}.",
        ],
        further: [
            "What's the difference between {a} and {b}?", "Compare {a} and {b}.",
            "Please compare {a} with {b}.", "Can you compare {a} to {b}?",
            "How does {a} differ from {b}?", "How is {a} different from {b}?",
            "Tell me how {a} and {b} differ.", "Tell me the difference between {a} and {b}.",
            "What are {a} and {b}?", "Explain {a} and {b}.", "Tell me about {a} and {b}.",
            "What is {a}, and what is {b}?", "Explain how {a} differs from {b}.",
            "Where is the difference between {a} and {b}?", "Show me how {a} and {b} differ.",
        ],
        heldOut: [
            "What distinguishes {a} from {b}?", "Contrast {a} with {b}.", "{a} versus {b}",
            "Is {a} the same as {b}?", "How can I tell {a} from {b}?",
            "What sets {a} apart from {b}?", "In what way are {a} and {b} unlike?",
            "Describe {a} and {b}.", "Define {a} and {b}.", "What do {a} and {b} have in common?",
            "Help me distinguish {a} and {b}.", "How similar are {a} and {b}?",
        ]
    )

    package static let all = [define, draw, name, compare]
}
