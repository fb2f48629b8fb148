// A view figure in the rich editor: a frozen <data> is one thing, which can be deleted or moved but
// not written into; and the button in the menu, whose dialog is in figures.js.
import { Node } from "django-prose-editor/editor";

// As it is written: left to itself the editor would read “007” as a number, and write “7”.
const written = (name) => ({
  default: null,
  parseHTML: (element) => element.getAttribute(name),
});

export const ViewFigure = Node.create({
  name: "viewFigure",
  group: "inline",
  inline: true,
  atom: true,

  addOptions() {
    return { button: "" };
  },

  addAttributes() {
    return {
      value: written("value"),
      title: written("title"),
      words: { default: "", parseHTML: (element) => element.textContent, rendered: false },
    };
  },

  parseHTML() {
    return [{ tag: "data" }];
  },

  renderHTML({ HTMLAttributes, node }) {
    return ["data", HTMLAttributes, node.attrs.words];
  },

  renderText({ node }) {
    return node.attrs.words;
  },

  addMenuItems({ menu, buttons }) {
    if (!this.options.button) return;
    const button = buttons.text(this.options.button);
    button.setAttribute("aria-haspopup", "dialog");
    menu.defineItem({
      name: this.name,
      groups: "utility",
      button,
      // In code a token stays what it is.
      enabled: (editor) => !editor.isActive("code") && !editor.isActive("codeBlock"),
      command: (editor) => {
        const wanted = new CustomEvent("view-figure:wanted", {
          bubbles: true,
          detail: { editor, button },
        });
        editor.view.dom.dispatchEvent(wanted);
      },
    });
  },
});
