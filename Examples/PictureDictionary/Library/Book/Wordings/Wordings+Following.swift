/// How a second turn asks about the picture of the first answer.
extension BookWordings {
    /// "What color is the background?": its name; only a report asks.
    package static let backgroundColor = Wordings(
        trained: [],
        heldOut: [
            "Name the background color.", "What shade is the backdrop?",
            "What's the backdrop's color?",
            "Identify the color of the background.", "What color surrounds it?",
        ]
    )

    /// "Now draw it on blue.": the same drawing.
    package static let otherBackground = Wordings(
        trained: [
            "Now draw {it} on {color}.", "Now on a {color} background.", "And on {color}?",
            "Can you make the background {color}?", "Please draw {it} on a {color} background.",
            "The same on {color}, please.", "Put {it} on a {color} background.",
            "I'd like {it} on {color}.", "Make the background {color}.",
            "Can I have {it} on {color}?", "Draw {it} again, on {color}.",
            "Show me {it} on a {color} background.", "Once more, but on {color}.",
            "Change the background to {color}.",
        ],
        heldOut: [
            "Try a {color} backdrop.", "Could the background be {color} instead?",
            "Paint {it} on {color}.", "How about {color} behind {it}?",
            "I'd prefer a {color} background.",
        ]
    )

    /// "And a small one?": the same drawing.
    package static let smaller = Wordings(
        trained: [
            "And a small one?", "Now a small one.", "Can you draw {it} small?",
            "Draw {it} again, but small.", "Please make {it} smaller.", "Smaller, please.",
            "Now draw {it} small.", "The same, but smaller.", "Can you make {it} small?",
            "I'd like {it} smaller.", "Make {it} small.", "Show me {it} small.",
            "Once more, but small.", "Can I have {it} smaller?",
        ],
        heldOut: [
            "Shrink {it}.", "Could you paint {it} smaller?", "A tiny version, please.",
            "Reduce the size.", "How about a smaller version?",
        ]
    )

    /// "Where would I find one?", after an image of a thing: what the LLM says.
    package static let askAfter = Wordings(
        trained: [
            "Tell me more about {it}.", "Where would I find {a}?", "What {is} {they} good for?",
            "How big {is} {they}?", "What {is} {a} made of?", "What should I know about {it}?",
            "Do you like {it}?", "Why do people like {a}?", "Who needs {it}?",
            "Can you tell me a fact about {it}?", "How much would I pay for {it}?",
            "How old {is} {they}?", "{is} {they} dangerous?", "{is} {a} expensive?",
            "What would happen without {it}?", "How do people use {a}?",
            "What goes well with {it}?", "Give me a reason to like {it}.",
            "And why {is} {they} important?", "What else is there to say about {a}?",
            "Tell me a story about {it}.", "Where do people keep {it}?",
            "How heavy {is} {they}?", "When would I need {it}?", "Who invented {it}?",
            "Write a sentence about {a}.", "Compare {it} with something else.",
            "Thanks. What do experts say about {it}?", "Nice. And what {is} {they} for?",
            "Which question should I ask about {it}?",
        ],
        heldOut: [
            "What makes {it} special?", "Could I live without {it}?",
            "I want to know everything about {it}.", "Where can one buy {it}?",
            "{is} {they} common in Europe?", "What's the history of {it}?",
            "Who would be afraid of {it}?", "How would I take care of {it}?",
            "What color {is} {they} usually?", "Say something nice about {a}.",
            "{is} {they} safe for children?", "What are the parts of {it}?",
        ]
    )

    /// "What did you draw?": the name.
    package static let whatWasDrawn = Wordings(
        trained: [
            "What did you draw?", "What is that?", "What does your picture show?",
            "What is in your picture?", "And what is this?", "What have you drawn?",
            "Tell me what you have drawn.", "What do I see there?", "Which thing is that?",
            "What did you show me?", "What is in the picture?", "Say what it is.",
            "What am I looking at?", "Can you say what that is?",
        ],
        heldOut: [
            "Name what you painted.", "Identify your image.", "What's depicted there?",
            "What did you just create?", "Remind me, what is in this image?",
        ]
    )
}
