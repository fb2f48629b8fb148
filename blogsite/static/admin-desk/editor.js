/* The rich editor writes a <style> into the page unless it finds its own there already; our policy
   forbids styles in pages. This mark, which is no style element, is what it finds; the rules
   themselves stand in desk.css. */
const mark = document.createElementNS("urn:admin-desk", "style");
mark.setAttribute("data-tiptap-style", "");
document.head.append(mark);
