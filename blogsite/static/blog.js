// Everything here is a comfort: the pages work without it.
"use strict";

// Count one view, once the page is really seen: not when it was loaded ahead, prerendered or is in
// a tab that nobody looks at.
function countView() {
  const post = document.querySelector("[data-count]");
  if (!post) return;
  const send = () => fetch(post.dataset.count, { method: "POST", keepalive: true, credentials: "same-origin" }).catch(() => {});
  const whenSeen = () => {
    if (document.visibilityState === "visible") return send();
    document.addEventListener("visibilitychange", function seen() {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", seen);
      send();
    });
  };
  if (document.prerendering) document.addEventListener("prerenderingchange", whenSeen, { once: true });
  else whenSeen();
}

// A submission that is sent twice (double click, lost connection, reload) is stored once.
function nameSubmissions() {
  for (const field of document.querySelectorAll("form.writing [name=submission]")) {
    if (!field.value) {
      field.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    }
  }
}

// Answer in place: the form moves below the comment it answers.
function answerInPlace() {
  const section = document.getElementById("write");
  if (!section) return;
  const form = section.querySelector("form");
  const title = document.getElementById("write-title");
  const ownTitle = title.textContent;
  const home = document.createComment("the form's own place");
  section.before(home);
  const back = document.createElement("button");
  back.type = "button";
  back.className = "quiet";
  back.textContent = section.dataset.back;
  back.hidden = true;
  back.addEventListener("click", () => {
    form.elements.to.value = "";
    title.textContent = ownTitle;
    back.hidden = true;
    home.after(section);
    form.elements.text.focus();
  });
  title.after(back);
  for (const link of document.querySelectorAll("a[data-answer]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      form.elements.to.value = link.dataset.answer;
      title.textContent = link.textContent;
      back.hidden = false;
      link.after(section);
      (form.elements.name || form.elements.text).focus();
    });
  }
}

countView();
nameSubmissions();
answerInPlace();
