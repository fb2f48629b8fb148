// Going back from the page that asks before a new post is public leads to the draft that it was
// saved as: the form of a new post would have lost its people, and save it once more.
"use strict";

const KEPT = "new post saved as";

document.addEventListener("DOMContentLoaded", () => {
  const asking = document.querySelector("[data-saved-as]");
  if (asking) {
    const from = document.referrer;
    if (!from || new URL(from).pathname === location.pathname) return; // it asks again
    sessionStorage.setItem(KEPT, JSON.stringify({ from, as: asking.dataset.savedAs }));
    return;
  }
  const [how] = performance.getEntriesByType("navigation");
  if (how && how.type === "back_forward") lead();
  else sessionStorage.removeItem(KEPT); // another new post
});

// Kept by the browser as it was.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) lead();
});

function lead() {
  const saved = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  if (saved && saved.from === location.href) location.replace(saved.as);
}
