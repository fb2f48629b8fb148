// The dialog of the button “View figure”: finds a post, and puts the token for one of its figures at
// the cursor, in the rich editor (whose button is in figure-node.js) or in HTML as it is written.
"use strict";

(() => {
  const PAUSE = 200; // milliseconds without a key before it is asked

  const { element, press } = desk;

  class Picker {
    constructor(words) {
      this.words = words;
      this.build();
    }

    build() {
      const { words } = this;
      const title = element("h2", words.title);
      title.id = "figure-picker-title";
      this.search = element("input");
      this.search.type = "search";
      this.search.autocomplete = "off";
      this.search.addEventListener("input", () => this.askSoon());
      const label = element("label", words.search);
      label.append(this.search);
      this.said = element("p", "", "quiet");
      this.said.setAttribute("role", "status");
      this.list = element("ul");
      this.dialog = element("dialog", "", "figure-picker");
      this.dialog.setAttribute("aria-labelledby", title.id);
      const close = press(words.close, "figure-button", () => this.dialog.close());
      this.dialog.append(title, label, element("p", words.help, "help"), this.said, this.list, close);
      this.dialog.addEventListener("keydown", (event) => this.key(event));
      this.dialog.addEventListener("close", () => this.closed());
      document.body.append(this.dialog); // not within the form, which Enter would send
    }

    // insert(token) puts it at the cursor; `opener` gets the focus back if nothing is chosen.
    open(opener, insert) {
      this.opener = opener;
      this.insert = insert;
      this.token = null;
      this.search.value = "";
      this.dialog.showModal();
      this.search.focus();
      this.ask();
    }

    closed() {
      clearTimeout(this.waiting);
      this.asked?.abort();
      if (this.token) this.insert(this.token);
      else this.opener.focus();
    }

    key(event) {
      const places = [this.search, ...this.list.querySelectorAll("button")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = places.indexOf(document.activeElement);
      if (event.key === "Escape") {
        event.preventDefault(); // it would empty the search box first
        this.dialog.close();
      } else if (step && at >= 0) {
        event.preventDefault();
        places[at + step]?.focus();
      } else if (event.key === "Enter" && !at) {
        this.ask();
      }
    }

    askSoon() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
      clearTimeout(this.waiting);
      this.asked?.abort(); // of two answers the later one counts, whichever comes first
      const asked = (this.asked = new AbortController());
      try {
        const address = `${this.words.url}?q=${encodeURIComponent(this.search.value)}`;
        const answer = await fetch(address, { signal: asked.signal });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        this.show(await answer.json());
      } catch {
        if (!asked.signal.aborted) this.show({ said: this.words.failed, posts: [] });
      }
    }

    show({ said, posts }) {
      this.said.textContent = said;
      this.list.replaceChildren(...posts.map((post, at) => this.item(post, at)));
    }

    item({ title, date, figures }, at) {
      const made = element("li");
      const name = element("b", title);
      name.id = `figure-picker-${at}`;
      made.append(name, " ", element("span", date, "quiet"));
      const choices = element("div", "", "figure-choices");
      for (const { words, token } of figures) {
        const choice = press(words, "figure-button", () => this.choose(token));
        choice.setAttribute("aria-describedby", name.id);
        choices.append(choice);
      }
      made.append(choices);
      return made;
    }

    choose(token) {
      this.token = token;
      this.dialog.close();
    }
  }

  let picker;
  const open = (textarea, opener, insert) => {
    picker = picker || new Picker(JSON.parse(textarea.dataset.viewFigure));
    picker.open(opener, insert);
  };

  // What is selected stays: the token comes behind it.
  const insertRich = (editor) => (token) => {
    const text = { type: "text", text: token };
    editor.chain().focus().insertContentAt(editor.state.selection.to, text).run();
  };

  const insertSource = (textarea) => (token) => {
    const end = textarea.selectionEnd;
    textarea.focus();
    textarea.setSelectionRange(end, end);
    // The one way that Ctrl+Z takes back; should it go one day, the other will do.
    if (!document.execCommand("insertText", false, token)) {
      textarea.setRangeText(token, end, end, "end");
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  document.addEventListener("view-figure:wanted", ({ target, detail: { editor, button } }) => {
    const textarea = target.closest(".prose-editor").querySelector("textarea");
    open(textarea, button, insertRich(editor));
  });

  // Without figure-node.js the editor would drop every <data>: then rather HTML as it is written.
  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    if (!editor.schema.nodes.viewFigure) editor.destroy();
  });

  for (const textarea of document.querySelectorAll("textarea.html-source[data-view-figure]")) {
    const { button } = JSON.parse(textarea.dataset.viewFigure);
    const opener = press(button, "figure-button", () => {
      open(textarea, opener, insertSource(textarea));
    });
    opener.setAttribute("aria-haspopup", "dialog");
    const box = element("div", "", "source-box");
    textarea.before(box);
    box.append(opener, textarea);
  }
})();
