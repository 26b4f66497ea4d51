/// How a real LLM is asked about a picture that the user shows.
extension BookWordings {
    /// "What is this?": the name.
    package static let name = Wordings(
        trained: [
            "What is this?", "What does this picture show?", "What do you see here?",
            "Can you tell me what this is?", "What is in this picture?", "What's this?",
            "Please tell me what this is.", "What do you see?", "What can you see in the picture?",
            "Tell me what you see.", "Do you know what this is?", "What is shown here?",
            "What am I looking at?", "What does it show?", "What did I draw?",
            "Can you name this?", "What is the name of this thing?", "What is this called?",
            "What would you call this?", "Say what this is.", "I found this picture. What is it?",
            "What is on the picture?", "What could this be?", "Guess what this is.",
            "What kind of thing is this?", "My daughter drew this. What is it?",
            "Look at this. What is it?", "And what is this?", "What thing is this?",
            "Which thing do you see?",
        ],
        heldOut: [
            "Identify this.", "Name the object in the image.", "What's in this image?",
            "Any idea what that is?", "Could you identify what is depicted?",
            "I wonder what this is.", "Help me, I don't recognize this.",
            "What object is it?", "What has been painted here?", "Recognize this?",
            "What in the world is that?", "Do you recognize what is in this photo?",
        ]
    )

    /// "Describe this picture.": the caption.
    package static let describe = Wordings(
        trained: [
            "Describe this picture.", "Describe what you see.", "What does the picture look like?",
            "Give me a caption for this picture.", "Please describe the picture.",
            "Write a caption.", "Can you describe this?", "What is in the picture, and where?",
            "Tell me about this picture.", "Describe the picture in a few words.",
            "How would you describe this picture?", "What is in it, and what is the background?",
            "Tell me exactly what you see.", "Describe this for a blind person.",
            "Write one line about this picture.", "Say what is where in this picture.",
            "I need a description of this picture.", "Please write a caption for it.",
            "Describe the thing and the background.", "What would you write under this picture?",
            "Please tell me what the picture looks like.", "Describe it, please.",
            "Could you describe this picture for me?", "Give a short description.",
            "Describe what is shown, its size and the background.", "What's the caption?",
            "Put this picture into words.", "Describe this drawing.",
            "Tell me what is shown and how.", "What would be a good caption?",
        ],
        heldOut: [
            "Caption this image.", "Provide a description of the image.", "Summarize this image.",
            "What's depicted here, in detail?", "Turn this image into words.",
            "Give me alt text for this.", "Explain what the image looks like.",
            "Could you give a description?", "How does this image look?",
            "Write alt text for this image.", "Image description, please.",
            "Sum up what is visible.",
        ]
    )

    /// "Is this a cat?": yes or no, and what it is.
    package static let yesOrNo = Wordings(
        trained: [
            "{isthis} {a}?", "{isthis} {a}? Yes or no?", "Do you see {a} here?",
            "Does this picture show {a}?", "{isthis} really {a}?", "Am I right that {this} {a}?",
            "Tell me, {isthis} {a}?", "I think {this} {a}. Is that right?",
            "Is that {a} in the picture?", "Can you see {a} in this picture?",
            "Would you say that {this} {a}?", "Look at this. Is it {a}?",
            "Did I draw {a}?", "My son says that {this} {a}. Is he right?",
            "Is there {a} in this picture?", "Is it {a}?", "Could this be {a}?",
            "Does it look like {a}?", "Please check: {isthis} {a}?",
            "Do you think that {this} {a}?", "I see {a} here. Do you, too?",
            "So {this} {a}?", "Yes or no: {this} {a}.", "Is {a} shown here?",
            "Is what you see {a}?", "Right or wrong: {this} {a}.",
            "I was told that {this} {a}. Is it true?", "Does the picture have {a} in it?",
            "Would you call this {a}?", "{this} {a}, isn't it?",
        ],
        heldOut: [
            "Does this image depict {a}?", "True or false: {this} {a}.", "Might that be {a}?",
            "Can you confirm that {this} {a}?", "I believe {this} {a}. Correct?",
            "Is the object {a}?", "Am I mistaken, or {isthis} {a}?", "Could the image be of {a}?",
            "Has {a} been painted here?", "Would it be correct to say {this} {a}?",
            "Are we looking at {a}?", "Is {a} what the photo shows?",
        ]
    )

    /// "Is this a cat, a dog, a car or a tree?": one of them.
    package static let oneOfFour = Wordings(
        trained: [
            "Is this {options}?", "Which is it: {options}?", "What is this: {options}?",
            "Does the picture show {options}?", "Which of these do you see: {options}?",
            "Choose one: {options}.", "{options}: which one is it?", "Is it {options}?",
            "One of these is in the picture: {options}. Which one?", "Do you see {options}?",
            "Which of the four is it: {options}?", "Pick the right one: {options}.",
            "What do you see: {options}?", "Would you say that this is {options}?",
            "Which one is right: {options}?", "Did I draw {options}?",
            "It is one of these: {options}. Which one?", "Tell me which it is: {options}.",
            "Is there {options} in the picture?", "Which word fits the picture: {options}?",
            "Please choose: {options}?", "What is shown here: {options}?",
            "A quiz: {options}. What does the picture show?", "Am I looking at {options}?",
            "Which thing is this: {options}?", "Here is a test. Is it {options}?",
            "Find the right name: {options}.", "Which name belongs to the picture: {options}?",
            "Look closely. Is it {options}?", "{options}. Which of them is this?",
        ],
        heldOut: [
            "Select the right answer: {options}.", "The image depicts {options}. Which one?",
            "Multiple choice: {options}?", "Which option matches the image: {options}?",
            "Decide: {options}?", "Out of {options}, which is depicted?",
            "Could this be {options}?", "Classify the image: {options}.",
            "What has been painted, {options}?", "I can't decide: {options}?",
            "Your options are {options}.", "Identify it: {options}?",
        ]
    )
}
