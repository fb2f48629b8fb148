// The queue by keyboard. Keys are heard only while a comment of the list has the focus, so that they
// are in nobody's way; each presses a button that is there for the mouse, too.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const rows = [...document.querySelectorAll("#result_list tbody tr")].filter((row) => row.querySelector(".decide"));
  const PLACE = "place in the queue";
  if (!rows.length) return;

  const go = (index) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  let isSent = false; // one decision at a time: the next page is on its way
  const press = (row, key) => {
    if (!isSent) row.querySelector(`button[data-key="${key}"]`)?.click();
  };

  document.addEventListener("submit", (event) => {
    if (isSent && event.target.matches("#changelist-form, form.undo")) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });

  rows.forEach((row, index) => {
    row.tabIndex = 0;
    row.setAttribute("aria-keyshortcuts", "j k p t s r a x o u");
    row.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target.matches("select")) {
        if (event.key === "Enter" && event.target.value) {
          event.preventDefault();
          press(row, "d");
        } else if (event.key === "Escape") row.focus();
        return;
      }
      if (event.target.matches("input:not([type=checkbox]), textarea")) return;
      const does = {
        j: () => go(index + 1),
        k: () => go(index - 1),
        p: () => press(row, "p"),
        t: () => press(row, "t"),
        s: () => press(row, "s"),
        a: () => press(row, "a"),
        r: () => row.querySelector("select[data-key=r]")?.focus(),
        x: () => row.querySelector("input.action-select")?.click(),
        o: () => row.querySelector("a.said-by")?.click(),
        u: () => isSent || document.querySelector("form.undo button")?.click(),
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
    // After a decision the list is there anew: go on where one was.
    row.addEventListener("click", (event) => {
      if (event.target.closest("button[name=_decide]")) sessionStorage.setItem(PLACE, index);
    });
  });

  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  go(place ? Number(place) : 0);
});
