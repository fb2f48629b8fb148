// The reprints within a post's form: their order, and the comments that each brings along. What is
// sent are the fields that are there without this script: a number for the order, ids for the comments.
"use strict";

(() => {
  const { element, press } = desk;

  // A comment as one line: number, who, first words.
  const line = (comment) => {
    const made = element("span");
    made.append(element("b", `${comment.number} ${comment.name}`), " ");
    made.append(element("span", comment.words, "said"));
    return made;
  };

  class Picker {
    constructor(row) {
      this.row = row;
      this.box = row.querySelector(".comment-picker");
      this.field = this.box.querySelector("input[type=hidden]");
      this.source = row.querySelector("select[name$='-source']");
      this.words = this.box.dataset;
      this.known = null; // {id: comment}, once they are there
      this.build();
      this.loaded = this.ids.length ? this.load() : null;
      this.of = this.source.value;
      // The picker of sources tells of its changes through jQuery alone; Django's own script does so
      // too when the page is opened, though nothing has changed.
      django.jQuery(this.source).on("change", () => {
        if (this.source.value !== this.of) this.anew();
      });
    }

    get ids() {
      return this.field.value.split(",").filter(Boolean);
    }

    set ids(ids) {
      this.field.value = ids.join(",");
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    build() {
      this.box.querySelector(".without-script").remove();
      this.none = element("p", this.words.none, "quiet");
      this.list = element("ol", "", "picked");
      this.opener = press(this.words.choose, "button", () => this.toggle());
      this.opener.setAttribute("aria-expanded", "false");
      this.fault = element("p", "", "errornote");
      this.fault.setAttribute("role", "alert");
      this.fault.hidden = true;
      this.panel = element("div", "", "picker-panel");
      this.panel.hidden = true;
      this.search = element("input");
      this.search.type = "search";
      this.search.placeholder = this.words.search;
      this.search.setAttribute("aria-label", this.words.search);
      this.search.addEventListener("input", (event) => {
        event.stopPropagation(); // looking is not writing
        this.narrow();
      });
      this.search.addEventListener("keydown", (event) => {
        if (event.key === "Enter") event.preventDefault(); // it would send the whole form
      });
      this.choices = element("div", "", "comment-choices");
      this.nothing = element("p", this.words.nothing, "quiet");
      this.nothing.setAttribute("role", "status");
      this.panel.append(this.search, this.choices, this.nothing);
      this.box.append(this.none, this.list, this.opener, this.fault, this.panel);
      this.look = desk.orderable(this.list, {
        items: () => [...this.list.children],
        place: (item) => item,
        words: this.words,
        moved: () => {
          this.ids = [...this.list.children].map((item) => item.dataset.id);
        },
      });
      this.show();
    }

    // Another source: nothing of what was chosen fits any more.
    anew() {
      this.of = this.source.value;
      this.known = null;
      this.open(false);
      if (this.ids.length) this.ids = [];
      this.show();
      this.loaded = this.source.value ? this.load() : null;
    }

    async load() {
      const source = this.source.value;
      this.fault.hidden = true;
      try {
        const address = this.words.url.replace("/0/", `/${source}/`);
        const answer = await fetch(`${address}?chosen=${this.field.value}`);
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        const told = await answer.json();
        if (source !== this.source.value) return; // meanwhile it is another one
        this.known = new Map(told.comments.map((comment) => [String(comment.id), comment]));
        this.offer(told.revisions);
        this.fill();
        this.show();
      } catch {
        this.loaded = null;
        this.complain(this.words.failed);
      }
    }

    complain(words) {
      this.fault.textContent = words;
      this.fault.hidden = false;
    }

    // A row that was just added can show a revision of its source only now.
    offer(revisions) {
      const select = this.row.querySelector("select[name$='-revision']");
      if (!select || this.source.disabled) return;
      const chosen = select.value;
      select.replaceChildren(select.options[0]);
      for (const { id, words } of revisions) select.add(new Option(words, id));
      select.value = chosen;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }

    fill() {
      this.choices.replaceChildren();
      for (const [id, comment] of this.known) {
        const label = element("label");
        const box = element("input");
        box.type = "checkbox";
        box.value = id;
        box.addEventListener("change", () => this.choose(id, box.checked));
        label.append(box, " ", line(comment));
        const item = element("div");
        item.append(label);
        this.choices.append(item);
      }
      this.narrow();
    }

    async toggle() {
      if (!this.source.value) return this.complain(this.words.first);
      if (!this.known) await (this.loaded = this.loaded || this.load());
      if (!this.known) return undefined;
      this.open(this.panel.hidden);
      if (!this.panel.hidden) this.search.focus();
      return undefined;
    }

    open(wanted) {
      this.panel.hidden = !wanted;
      this.opener.setAttribute("aria-expanded", wanted);
      this.opener.textContent = wanted ? this.words.close : this.words.choose;
    }

    narrow() {
      const asked = this.search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const item of this.choices.children) {
        const words = item.textContent.toLocaleLowerCase();
        item.hidden = !asked.every((word) => words.includes(word));
        found += !item.hidden;
      }
      this.nothing.hidden = found > 0;
      this.nothing.textContent = this.choices.children.length ? this.words.nothing : this.words.empty;
    }

    // A new one goes to its place by number, as long as nobody has ordered them otherwise.
    choose(id, wanted) {
      const ids = this.ids.filter((one) => one !== id);
      const number = (one) => this.known.get(one)?.number ?? 0;
      const inOrder = ids.every((one, at) => !at || number(ids[at - 1]) < number(one));
      if (wanted) {
        const place = inOrder ? ids.findIndex((one) => number(one) > number(id)) : -1;
        ids.splice(place < 0 ? ids.length : place, 0, id);
      }
      this.ids = ids;
      this.show();
    }

    show() {
      const ids = this.ids;
      const before = new Map([...this.list.children].map((item) => [item.dataset.id, item]));
      const shown = this.known ? ids : []; // until they are there, nobody knows what they say
      this.list.replaceChildren(...shown.map((id) => before.get(id) || this.item(id)));
      this.list.hidden = !shown.length;
      this.none.hidden = ids.length > 0;
      this.look();
      for (const box of this.choices.querySelectorAll("input")) box.checked = ids.includes(box.value);
    }

    item(id) {
      const made = element("li");
      made.dataset.id = id;
      const comment = this.known.get(id) || { number: "?", name: "", words: "" };
      const out = press(this.words.remove, "picked-out", () => {
        this.choose(id, false);
        this.opener.focus();
      });
      out.setAttribute("aria-label", `${this.words.remove}: ${comment.number} ${comment.name}`);
      made.append(line(comment), out);
      return made;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const wrapper = document.querySelector(".ordered-rows");
    const group = document.getElementById("reprints-group");
    if (!group || !group.querySelector("#reprints-empty")) return; // to be looked at alone
    const fieldset = group.querySelector("fieldset");
    const template = group.querySelector("#reprints-empty");
    const rows = () => [...fieldset.children].filter(
      (one) => one.matches(".inline-related:not(.empty-form)"),
    );
    const order = (row) => row.querySelector("input[name$='-order']");
    const number = () => rows().forEach((row, at) => {
      if (order(row).value !== String(at + 1)) order(row).value = at + 1;
    });
    // By the number in the name of their fields, which is what Django's own script counts on.
    const index = (row) => Number(order(row).name.match(/-(\d+)-/)[1]);
    const sort = (by) => rows().sort((a, b) => by(a) - by(b)).forEach((row) => template.before(row));

    group.classList.add("is-ordered");
    sort((row) => Number(order(row).value) || 0);
    const look = desk.orderable(fieldset, {
      items: rows,
      place: (row) => row.querySelector(":scope > h3"),
      words: wrapper.dataset,
      moved: () => {
        number();
        order(rows()[0]).dispatchEvent(new Event("change", { bubbles: true }));
      },
    });
    number();
    rows().forEach((row) => new Picker(row));
    document.addEventListener("formset:added", (event) => {
      if (event.detail.formsetName !== "reprints") return;
      number();
      new Picker(event.target);
      look();
    });
    // When a row goes, Django numbers the fields of those that stay as they stand in the page; the
    // ones that are stored already must come first in that.
    group.addEventListener("click", (event) => {
      if (!event.target.closest(".inline-deletelink")) return;
      sort(index);
      setTimeout(() => {
        sort((row) => Number(order(row).value));
        number();
        look();
      });
    }, true);
  });
})();
