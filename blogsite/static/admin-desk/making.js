// Where an amendment is made: the words meant are selected in the editor, and what is wanted can be
// put in their place. Without this script the link does so, in a form that begins anew.
"use strict";

(() => {
  const gap = /\s/;

  // The text that `pieces` ([text, where it begins, whether it is one thing]) make, spaces in a row
  // as one, and where each sign of it stands.
  const read = (pieces) => {
    const text = [];
    const places = [];
    for (const [words, at, whole] of pieces) {
      [...words].reduce((from, sign) => {
        const space = gap.test(sign);
        if (!space || (text.length && text.at(-1) !== " ")) {
          text.push(space ? " " : sign);
          places.push(whole ? [at, at + 1] : [from, from + sign.length]);
        }
        return from + sign.length;
      }, at);
    }
    return { text, places };
  };

  // Where `words` stand: [[from, to]].
  const find = (pieces, words) => {
    const { text, places } = read(pieces);
    const sought = [...words.trim().replace(/\s+/g, " ")];
    const found = [];
    for (let at = 0; sought.length && at + sought.length <= text.length; at += 1) {
      if (sought.every((sign, index) => text[at + index] === sign)) {
        found.push([places[at][0], places[at + sought.length - 1][1]]);
        at += sought.length - 1;
      }
    }
    return found;
  };

  const rich = (editor, { quoted, wanted }) => {
    const places = () => {
      const pieces = [];
      editor.state.doc.descendants((node, at) => {
        if (node.isText) pieces.push([node.text, at]);
        else if (node.type.name === "viewFigure") pieces.push([node.attrs.words, at, true]);
        else if (node.isBlock || node.type.name === "hardBreak") pieces.push([" ", at]);
      });
      return find(pieces, quoted);
    };
    return {
      places,
      select([from, to]) {
        editor.chain().focus().setTextSelection({ from, to }).scrollIntoView().run();
      },
      put([from, to]) {
        let put = wanted.trim();
        const next = editor.state.doc.textBetween(to, Math.min(to + 1, editor.state.doc.content.size));
        if (next === ".") put = put.replace(/\.$/, "");
        const lines = put.split("\n").flatMap((line, number) => [
          ...(number ? [{ type: "hardBreak" }] : []),
          ...(line ? [{ type: "text", text: line }] : []),
        ]);
        editor.chain().focus().insertContentAt({ from, to }, lines).run();
        const end = editor.state.selection.to;
        editor.chain().setTextSelection({ from, to: end }).scrollIntoView().run();
      },
    };
  };

  // In HTML as it is written nothing is replaced here: there may be tags within the words.
  const source = (textarea, { quotedHtml }) => ({
    places() {
      const at = textarea.value.indexOf(quotedHtml);
      return quotedHtml && at >= 0 ? [[at, at + quotedHtml.length]] : [];
    },
    select([from, to]) {
      textarea.focus();
      textarea.setSelectionRange(from, to);
      const lines = textarea.value.slice(0, from).length / Math.max(textarea.value.length, 1);
      textarea.scrollTop = lines * textarea.scrollHeight - textarea.clientHeight / 2;
    },
  });

  const attach = (panel, editing) => {
    const said = panel.querySelector(".put-said");
    const first = editing.places()[0];
    if (first && !document.querySelector(".errornote")) editing.select(first);
    panel.querySelector(".to-words")?.addEventListener("click", (event) => {
      event.preventDefault();
      const [place] = editing.places();
      if (place) editing.select(place);
    });
    if (!editing.put) return;
    panel.querySelector(".put-in-place")?.addEventListener("click", (event) => {
      event.preventDefault();
      const places = editing.places();
      if (places.length === 1) editing.put(places[0]);
      said.textContent = places.length === 1 ? panel.dataset.put : panel.dataset.gone;
    });
  };

  const panel = document.getElementById("wanted-words");
  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    attach(panel, rich(editor, panel.dataset));
  });
  document.addEventListener("DOMContentLoaded", () => {
    // Not before: figures.js takes the field into a box.
    const textarea = document.querySelector("textarea.html-source");
    if (textarea) attach(panel, source(textarea, panel.dataset));
  });
})();
