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
            "Change the background to {color}.", "Please make the background {color}.",
            "Could you put {it} on {color}?", "Could you draw {it} on {color}?",
            "Would you draw {it} on {color}?", "Nice, but make the background {color}.",
            "Nice. Now on {color}, please.", "I want {it} on a {color} background.",
            "I need {it} on {color}.", "Give me {it} on {color}.",
            "Do it again with a {color} background.", "Let me have {it} on {color}.",
            "Use a {color} background.", "With a {color} background, please.",
            "The background should be {color}.",
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
            "Once more, but small.", "Can I have {it} smaller?", "Would you make {it} small?",
            "I want a small one.", "I need a small one.", "Nice, but smaller, please.",
            "Nice. Now make {it} small.", "Give me a small one.", "Do it again, but smaller.",
            "That is too large. Draw a small one.", "That is too big.",
            "Let me have a smaller one.", "A small one, please.", "It should be small.",
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
            "Tell me a story about {it}.", "Where do people keep {it}?", "How heavy {is} {they}?",
            "When would I need {it}?", "Who invented {it}?", "Write a sentence about {a}.",
            "Compare {it} with something else.", "Thanks. What do experts say about {it}?",
            "Nice. And what {is} {they} for?", "Which question should I ask about {it}?",
            "What {is} {they} worth?", "How long can one keep {it}?", "Can I carry {it} in a bag?",
            "Would you want {a}?", "How do I choose {a}?",
            "Could you explain {it} in simple words?", "Would my grandmother like {it}?",
            "Which countries are famous for {it}?", "How do I spell that?",
            "What rhymes with {it}?", "Is there a proverb about {it}?", "Name a book about {it}.",
            "Name a song about {it}.", "What do you know about {it}?", "Can {they} get wet?",
            "Can {they} break?", "How long can {they} last?", "How do I clean {it}?",
            "How do I explain {it} to my class?", "How do scientists study {it}?",
            "Could {they} be used in a kitchen?", "Could I borrow {it} from a friend?",
            "Should I be careful with {it}?", "Should everybody have {a}?",
            "Would {they} fit into a car?", "Would you recommend {it} to a beginner?",
            "What could I write about {it}?", "What is another word for that?",
            "What can {they} cost?", "What would you do with {it}?",
            "What {is} {they} called in French?", "Who uses {it} most?", "Who would buy {it}?",
            "Why would anybody want {it}?", "Why {is} {they} called that?",
            "When do people talk about {it}?", "Since when do we have {it}?",
            "Tell me two things about {it}.", "Tell me who made the first one.",
            "Tell my son something about {it}.", "Explain how people make {it}.",
            "Explain why we have {it}.", "List three uses of {it}.",
            "List some words that go with {it}.", "Write two lines about {it}.",
            "Write a short poem about {it}.", "Write an advertisement for {it}.",
            "Make a sentence with that word.", "Make a joke about {it}.",
            "Give me a number that has to do with {it}.", "Give me some advice about {it}.",
            "Ask me a question about {it}.", "Help me write a letter about {it}.",
            "Suggest a name for {it}.", "Recommend a film about {it}.",
            "Summarize what we know about {it}.", "Good. What else can you tell me about {it}?",
            "Great. Now say something about {it}.", "Thank you. Who likes {it}?",
            "Fine, and what can {they} do?", "OK, and where would that be useful?",
            "Lovely. What would I use {it} for?", "And is that common?",
            "And how many of them are there?", "And then what happens with {it}?",
            "Is that all you know about {it}?", "{is} {they} hard to find?",
            "Is it true that {they} can be bad for you?", "{is} {they} alive?",
            "{is} {they} older than people?", "{is} {they} found at home?", "{is} {they} popular?",
            "Do many people own {it}?", "Do I need a license for {it}?", "Can {they} make noise?",
            "Does it matter where I put {it}?", "I have never used {it}. Is that difficult?",
            "I like {it}. Do you?", "I know little about {it}. Tell me the most important thing.",
            "I have to give a talk about {it}. What do I say?",
            "My teacher asked about {it}. What should I answer?",
            "My neighbor has {a}. Should I be jealous?", "In which season do people need {it}?",
            "At what age do people learn about {it}?",
        ],
        heldOut: [
            "What makes {it} special?", "Could I live without {it}?",
            "I want to know everything about {it}.", "Where can one buy {it}?",
            "{is} {they} common in Europe?", "What's the history of {it}?",
            "Who would be afraid of {it}?", "How would I take care of {it}?",
            "What color {is} {they} usually?", "Say something nice about {a}.",
            "{is} {they} safe for children?", "What are the parts of {it}?",
            "What do doctors think of {it}?", "Can {they} be recycled?",
            "Would a farmer need {it}?", "How did {they} get that name?",
            "Please tell me if {they} can hurt someone.", "Could you give me a summary about {it}?",
            "Which famous person liked {it}?", "{is} {they} the same as in the past?",
            "I'd like to learn something new about {it}.",
            "Did people have {it} in the Middle Ages?", "Mention one disadvantage of {it}.",
            "How would you use that word in a letter?",
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
