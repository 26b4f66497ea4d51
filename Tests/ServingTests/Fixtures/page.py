"""A window of a fresh profile that shows the page, with what a user does there."""
import time

# The page reads a stream no further than to an event that this holds of, and waits there.
hold = """
    const fetched = window.fetch;
    window.isHeld = (event) => false;
    window.fetch = async (...asked) => {
        const response = await fetched(...asked);
        if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response;
        let rest = "";
        const events = new TransformStream({
            async transform(text, controller) {
                const pieces = (rest + text).split("\\n\\n");
                rest = pieces.pop();
                for (const piece of pieces) {
                    controller.enqueue(piece + "\\n\\n");
                    const data = piece.slice("data: ".length);
                    if (data.startsWith("{") && window.isHeld(JSON.parse(data))) await new Promise(() => {});
                }
            },
        });
        const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(events)
            .pipeThrough(new TextEncoderStream());
        return new Response(body, response);
    };
"""


class Page:
    def __init__(self, browser, url, shots=None, width=1200, height=860, **options):
        self.shots = shots
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.page.add_init_script(hold)
        self.problems = []
        self.page.on("console", lambda m: m.type == "error" and self.problems.append(m.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(url)
        self.page.wait_for_selector("#examples button")

    def until(self, expression, seconds=60):
        end = time.time() + seconds
        while not self.page.evaluate(expression):
            assert time.time() < end, f"never: {expression}"
            self.page.wait_for_timeout(20)

    def ask(self, text):
        self.page.fill("#question", text)
        self.page.press("#question", "Enter")

    def ask_half(self, text):
        """Asks, and stops reading when half of an image is there."""
        self.page.evaluate("""() => {
            window.isHeld = (event) => {
                const { count, total } = event.choices?.[0]?.delta.image_progress ?? {};
                return 2 * count >= total;
            };
        }""")
        self.ask(text)
        self.until("""(() => {
            const progress = document.querySelector(".turn:last-child progress");
            return progress && progress.max > 1 && 2 * progress.value >= progress.max;
        })()""")

    def finish(self):
        self.until("document.getElementById('send').textContent === 'Ask'")

    def set(self, slot=0, **values):
        """Sets settings, of A or B, in their panel."""
        self.page.click("#open-settings")
        if self.page.locator("#slots").is_visible():
            self.page.click(f"#slots [data-slot='{slot}']")
        for name, value in values.items():
            self.page.fill(f"#set-{name}", str(value))
        self.page.click("#settings .close")
        self.page.mouse.move(0, 0)  # over nothing that would show it

    def shot(self, name):
        """Saves a screenshot for somebody to look at, if that is wanted."""
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png")

    def fits(self):
        return self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def images(self):
        return self.page.locator("#turns img[src^='data:image/png']").count()
