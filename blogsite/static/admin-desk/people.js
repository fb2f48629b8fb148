// Offers, below the editor of a post, people known from other posts whose names stand in its text: one
// press adds a row for them among the people that the post is about.
"use strict";

(() => {
  const PAUSE = 800; // milliseconds without a key before it is asked

  const { element, press } = desk;

  class Offers {
    constructor(group, form, words) {
      Object.assign(this, { group, form, words });
      this.refused = new Set();
      this.known = [];
      this.box = element("div", "", "people-offers");
      this.box.setAttribute("role", "status");
      form.querySelector(".field-text").append(this.box);
      const mark = element("input"); // the page after saving need not say it once more
      Object.assign(mark, { type: "hidden", name: "people_offered", value: "1" });
      form.append(mark);
    }

    get text() {
      const rich = this.form.querySelector(".field-text .ProseMirror[contenteditable]");
      const source = this.form.querySelector("[name=text]");
      const title = this.form.querySelector("[name=title]");
      // A word may go on in another element, a paragraph doesn't.
      const html = rich ? rich.innerHTML : source.value;
      const page = new DOMParser().parseFromString(html.replace(/<(?=\/?(p|div|h\d|li|td|th|br|blockquote|figcaption|pre)\b)/gi, " <"), "text/html");
      return `${title.value}\n${page.body.textContent}`;
    }

    askSoon() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
      const text = this.text;
      if (text === this.asked) return;
      this.asked = text;
      this.asking?.abort();
      const asking = (this.asking = new AbortController());
      const body = new FormData();
      body.append("text", text);
      body.append("csrfmiddlewaretoken", this.form.querySelector("[name=csrfmiddlewaretoken]").value);
      try {
        const answer = await fetch(this.words.url, { method: "POST", body, signal: asking.signal });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        this.known = (await answer.json()).people;
        this.show();
      } catch {
        if (!asking.signal.aborted) this.asked = null; // it is an offer: what fails is asked later
      }
    }

    get chosen() {
      const selects = this.group.querySelectorAll("select[name^='rights-'][name$='-subject']");
      return new Set([...selects].map((select) => select.value));
    }

    show() {
      const chosen = this.chosen;
      const offered = this.known.filter(({ id }) => !chosen.has(String(id)) && !this.refused.has(id));
      const now = offered.map(({ id }) => id).join();
      if (now === this.shown) return; // said once is enough
      this.shown = now;
      this.box.replaceChildren(...offered.map((person) => this.line(person)));
    }

    line(person) {
      const made = element("p");
      const said = element("span");
      said.append(element("b", person.name), `: ${person.words}.`);
      const add = press(this.words.add, "button", () => this.add(person));
      add.setAttribute("aria-label", `${this.words.add}: ${person.name}`);
      const not = press(this.words.not, "picked-out", () => {
        this.refused.add(person.id);
        this.show();
      });
      not.setAttribute("aria-label", `${this.words.not}: ${person.name}`);
      made.append(said, " ", add, " ", not);
      return made;
    }

    add(person) {
      this.group.querySelector(".add-row a").click();
      const rows = this.group.querySelectorAll(".inline-related:not(.empty-form)");
      const select = rows[rows.length - 1].querySelector("select[name$='-subject']");
      select.add(new Option(person.name, person.id, true, true));
      django.jQuery(select).trigger("change");
      select.dispatchEvent(new Event("change", { bubbles: true }));
      this.show();
      rows[rows.length - 1].querySelector("input[name$='-shown_name']")?.focus();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("post_form");
    const group = document.getElementById("rights-group");
    const words = document.querySelector("[data-people]");
    if (!form || !words || !group?.querySelector("#rights-empty")) return; // to be looked at alone
    const offers = new Offers(group, form, JSON.parse(words.dataset.people));
    form.addEventListener("input", () => offers.askSoon());
    form.querySelector(".field-text").addEventListener("keyup", () => offers.askSoon());
    django.jQuery(group).on("change", "select", () => offers.show());
    group.addEventListener("click", () => setTimeout(() => offers.show()));
    offers.ask();
  });
})();
