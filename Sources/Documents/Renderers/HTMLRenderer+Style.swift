extension HTMLRenderer {
    /// The style sheet of the page.
    static let style = """
        :root {
          --paper: #f6f4ef; --card: #fffefb; --ink: #23211d; --quiet: #7a756b; --line: #e4dfd4;
          --accent: #9a4f2c; --shadow: 0 1px 2px rgb(60 50 30 / .05), 0 8px 24px rgb(60 50 30 / .06);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #171614; --card: #201f1c; --ink: #e9e5dc; --quiet: #989287; --line: #35322d;
            --accent: #e0a07c; --shadow: none;
          }
        }
        * { box-sizing: border-box; margin: 0; }
        body {
          background: var(--paper); color: var(--ink); padding: clamp(1.5rem, 5vw, 4.5rem);
          font: 1.0625rem/1.55 Charter, "Bitstream Charter", "Iowan Old Style", Georgia,
            "Noto Serif", serif;
          -webkit-font-smoothing: antialiased; text-rendering: optimizeLegibility;
        }
        header { max-width: 76rem; margin: 0 auto clamp(1.75rem, 4vw, 3.25rem); }
        h1 { font-size: clamp(1.8rem, 4vw, 2.6rem); font-weight: 500; line-height: 1.15;
          letter-spacing: -.015em; text-wrap: balance; }
        .lead { color: var(--quiet); max-width: 38rem; margin-top: .7rem; text-wrap: pretty;
          white-space: pre-line; }
        main { max-width: 76rem; margin: 0 auto; columns: 21rem; column-gap: 1.5rem; }
        main.rows { columns: auto; }
        .answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr));
          border-top: 1px solid var(--line); gap: 1px; background: var(--line); }
        .answers section { border: 0; background: var(--card); }
        .answers h2 { text-transform: none; letter-spacing: .02em; font-size: .8rem; }
        main.single { max-width: 44rem; margin-left: max(0px, calc((100% - 76rem) / 2));
          columns: auto; }
        article {
          break-inside: avoid; display: inline-block; vertical-align: top; width: 100%;
          margin-bottom: 1.5rem;
          background: var(--card); border: 1px solid var(--line); border-radius: 14px;
          box-shadow: var(--shadow); overflow: hidden;
        }
        section { padding: 1.35rem 1.6rem 1.5rem; }
        section + section { border-top: 1px solid var(--line); }
        h2 { font: 600 .7rem/1 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
          letter-spacing: .09em; text-transform: uppercase; color: var(--quiet);
          margin-bottom: .7rem; }
        .assistant h2 { color: var(--accent); }
        .user p { font-style: italic; font-size: 1.125rem; }
        .system { color: var(--quiet); font-size: .94rem; }
        p { white-space: pre-wrap; overflow-wrap: anywhere; hyphens: auto; text-wrap: pretty; }
        p + p { margin-top: .7rem; }
        .images { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
        .images:first-child { margin-top: 0; }
        .images:last-child { margin-bottom: .1rem; }
        img { display: block; max-width: 100%; height: auto; border-radius: 8px;
          box-shadow: 0 0 0 1px var(--line); background: #fff; }
        .images:has(img + img) img { max-width: calc(50% - .375rem); }
        img.crisp { image-rendering: pixelated; }
        @media print {
          body { padding: 0; background: none; }
          article { box-shadow: none; }
        }
        """
}
