// What was typed into the form of a post is not lost by a wrong click, nor sent twice by a double one.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("post_form");
  if (!form) return;
  let typed = false;
  let sent = false;
  const note = (event) => {
    if (event.isTrusted) typed = true; // and not what the editor does by itself
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed && !sent) event.preventDefault();
  });
  // Kept by the browser and come back to: it can be sent again.
  window.addEventListener("pageshow", () => {
    sent = false;
  });
});
