/// How a real LLM is asked for pictures; the names in braces are those of ``BookWriter``.
package enum BookWordings {
    /// "What is a cat?": a sentence and the picture.
    package static let explain = Wordings(
        trained: [
            "What {is} {a}?", "What {is} {a}? Show me {it}, too.", "Tell me what {a} {is}.",
            "Explain what {a} {is}.", "Can you explain to me what {a} {is}?",
            "Explain {a} and show me a picture.", "What {is} {a}? I'd like to see {it}.",
            "Please tell me what {a} {is}.", "Do you know what {a} {is}?",
            "What exactly {is} {a}?", "Could you tell me what {a} {is}?",
            "I'd like to know what {a} {is}.", "My son asked me what {a} {is}.",
            "What do people mean by {bare}?", "What does the word {bare} mean?",
            "Give me a short explanation of {a}.", "Tell me something about {a}, with a picture.",
            "Describe {a} and draw {it}.", "In one sentence, what {is} {a}?",
            "What {is} {a}? One sentence is enough.", "How would you explain {a} to a child?",
            "Quick question: what {is} {a}?", "Remind me what {a} {is}.",
            "I have forgotten what {a} {is}.", "What kind of thing {is} {a}?",
            "Explain with a picture: {bare}", "What's {a}?", "So what {is} {a}?",
            "I'm learning English. What {is} {a}?", "Show and explain {a}.",
            "What {is} {a}, and what {is} {it} for?", "For my homework: what {is} {a}?",
        ],
        heldOut: [
            "Define {a}.", "Give me the definition of {a}.", "What's the meaning of {bare}?",
            "Describe {a}.", "Could you describe {a} to me, please?", "What in the world {is} {a}?",
            "I've never heard of {a}.", "Help me understand what {a} {is}.",
            "I wonder what {a} {is}.", "Teach me about {a}.", "How would you define {a}?",
            "I came across {a} in a book. What {is} {it}?", "Any idea what {a} might be?",
        ]
    )

    /// "Draw a cat.": the picture at once.
    package static let draw = Wordings(
        trained: [
            "Draw {a}.", "Show me {a}.", "Please draw {a}.", "Can you draw {a}?",
            "Make a picture of {a}.", "Draw {a} for me.", "Draw me {a}, please.",
            "Show me what {a} looks like.", "Show me a picture of {a}.",
            "Please show me {a}.", "I need a picture of {a}.", "Could you draw {a}?",
            "Could you show me {a}?", "I'd like a drawing of {a}.", "Now draw {a}.",
            "Let's draw {a}.", "Give me a picture of {a}.", "A picture of {a}, please.",
            "Draw: {a}", "Can you make a drawing of {a}?", "Would you draw {a} for my daughter?",
            "Show us {a}.", "I'd like to look at {a}.", "Can I see {a}?",
            "Do you have a picture of {a}?", "Make a drawing of {a} for my card.",
            "Picture of {bare}", "Will you draw {a}?", "Just draw {a}, no words.",
            "Please make me a picture with {a}.", "Add a picture of {a}.",
            "Draw something: {a}.",
        ],
        heldOut: [
            "Paint {a}.", "Sketch {a} for me.", "Could you paint {a}, please?",
            "I want to see {a}.", "Let me see {a}.", "Give me an image of {a}.",
            "Create an image of {a}.", "Can you create {a} for me?", "How about a drawing of {a}?",
            "I'm looking for a photo of {a}.", "Could you illustrate {a}?", "Image of {bare}",
            "{bare} drawing please", "Depict {a}.",
        ]
    )

    /// A definition or keywords without the name: the name, and the picture.
    package static let riddle = Wordings(
        trained: [
            "Draw this: {clue}.", "Show me this: {clue}.", "Guess what it is and draw it: {clue}.",
            "What is this? {clue}. Draw it, too.", "I am thinking of {clue}. Draw it.",
            "Can you draw what I mean? {clue}.", "I forgot the word for {clue}. Show me one.",
            "What do you call {clue}? Show me.", "Please draw {clue}.",
            "There is a word for {clue}. Draw that thing.", "Name it and draw it: {clue}.",
            "Riddle: {clue}. What is it? Show me.", "Solve this riddle with a picture: {clue}.",
            "It is {clue}. What is it? Draw it.", "Draw the thing that is {clue}.",
            "I need a picture of {clue}.", "My crossword says: {clue}. What is it? Show me.",
            "Which thing is {clue}? Draw it.", "Show me {clue}.", "What is {clue} called? Draw it.",
            "Description: {clue}. Make the picture.", "Please guess: {clue}. Show it to me.",
            "Find the word and draw it: {clue}.", "Can you show me {clue}?",
            "The dictionary says: {clue}. Draw that.",
            "Help me, what is it called? {clue}. Draw it.",
            "A quiz question: {clue}. Answer with a picture.", "Make a picture of {clue}.",
            "Somebody told me about {clue}. How does it look?", "Draw what this describes: {clue}.",
        ],
        heldOut: [
            "Paint me {clue}.", "Could you sketch {clue}?", "I want to see {clue}.",
            "What am I describing? {clue}. Let me see it.", "Illustrate this: {clue}.",
            "Give me an image of {clue}.", "{clue} – what could that be? Paint it.",
            "Create an image that fits: {clue}.", "Which word fits? {clue}. Depict it.",
            "I can't remember its name: {clue}. Let me see one.",
            "Turn this description into an image: {clue}.",
            "You get one hint: {clue}. Sketch the answer.",
        ]
    )

    /// "Draw a cat, a dog and a cow.": several pictures in one answer.
    package static let several = Wordings(
        trained: [
            "Draw {a}.", "Show me {a}.", "Please draw {a}.", "Can you draw {a}?",
            "I need pictures of {a}.", "Show me pictures of {a}.", "Make pictures of {a}.",
            "Draw these for me: {a}.", "I'd like to see {a}, one after the other.",
            "Could you show me {a}?", "Draw {a}, please.", "First one, then the next: {a}.",
            "Please show me {a}.", "One picture each: {a}.", "I want pictures: {a}.",
            "Show us {a}.", "Let's draw {a}.", "Pictures of {a}, please.", "Now draw {a}.",
            "Do you have pictures of {a}?", "Draw one picture of each: {a}.",
            "Give me pictures of {a}.", "For my cards I need {a}.", "Would you draw {a}?",
            "My list: {a}. Draw everything.", "Make a drawing of each: {a}.",
            "Can I see {a}?", "Draw everything on this list: {a}.", "Just draw {a}.",
            "Add pictures of {a}.",
        ],
        heldOut: [
            "Paint {a}.", "Sketch {a} for me.", "Could you paint {a}, please?", "Let me see {a}.",
            "Give me images of {a}.", "Create images of {a}.", "How about drawings of {a}?",
            "I'm looking for photos of {a}.", "Could you illustrate {a}?", "Depict {a}.",
            "Images: {a}", "Make me a series: {a}.",
        ]
    )
}
