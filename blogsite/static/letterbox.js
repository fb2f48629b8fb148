// The letterbox's comforts: the page works without them.
"use strict";

// What is written is saved on the server as a draft, some seconds after typing has stopped, and at once
// when the page goes out of sight. Nothing is written on this device.
const PAUSE = 4000;
const AGAIN = 20_000;
const MOST_KEPT_ALIVE = 60_000; // bytes that a browser sends for a page that is going away

function saveByItself() {
  const around = document.querySelector("[data-saves]");
  const form = around?.querySelector("form.writing");
  if (!form) return;
  const when = document.createElement("p"); // not read out: it changes all the time
  when.className = "hint";
  const told = document.createElement("p");
  told.className = "hint";
  told.setAttribute("role", "status");
  form.append(when, told);
  let timer = 0;
  let going = null;
  let isOver = false; // it was sent, or the draft of another device is newer
  let isTyped = false;

  const say = (words) => {
    if (told.textContent !== words) told.textContent = words;
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  async function save() {
    clearTimeout(timer);
    if (isOver || !isTyped || going) return going && later(PAUSE);
    isTyped = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("draft", "quiet");
    going = new AbortController();
    try {
      const keepalive = document.visibilityState === "hidden" && body.toString().length < MOST_KEPT_ALIVE;
      const answer = await fetch(form.action, { method: "POST", body, keepalive, credentials: "same-origin", signal: going.signal });
      if (answer.status === 404) throw new Error("there is no letterbox any more");
      const { seen, told: words } = await answer.json();
      when.textContent = "";
      if (answer.ok) {
        form.elements.seen.value = seen;
        when.textContent = words;
        say(around.dataset.byItself);
      } else {
        if (answer.status === 409) isOver = true;
        say(words);
      }
    } catch {
      if (isOver) return;
      isTyped = true;
      say(around.dataset.failed);
      later(AGAIN);
    } finally {
      going = null;
    }
  }
  form.addEventListener("input", () => {
    isTyped = true;
    later(PAUSE);
  });
  form.addEventListener("change", () => {
    isTyped = true;
    later(PAUSE);
  });
  // What is on its way must not come after what is sent.
  form.addEventListener("submit", () => {
    isOver = true;
    clearTimeout(timer);
    going?.abort();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isOver = false; // gone back to
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
}

// Words selected in the post go into the form. The selection is remembered: a touch on a button may end it.
function useSelection() {
  const post = document.querySelector("[data-words]");
  const field = document.querySelector("form.writing [name=words]");
  if (!post || !field) return;
  const bar = document.createElement("p");
  bar.className = "take";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = post.dataset.words;
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  bar.append(button, " ", told);
  bar.hidden = true;
  post.append(bar);
  let selected = "";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection.toString().trim();
    const text = selection.anchorNode?.parentElement?.closest("[data-text]");
    if (!words || !text || !text.contains(selection.focusNode)) return;
    selected = words;
    told.textContent = "";
    bar.hidden = false;
  });
  button.addEventListener("click", () => {
    field.focus();
    field.select();
    // So that the browser's own "undo" brings back what stood there.
    if (!document.execCommand("insertText", false, selected)) {
      field.value = selected;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    told.textContent = post.dataset.taken;
  });
}

// Enter in a field of one line would send everything, half of it yet to be written.
function sendByButtonAlone() {
  for (const field of document.querySelectorAll("form.writing input[type=text]")) {
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}

saveByItself();
useSelection();
sendByButtonAlone();
document.querySelector(".other-draft")?.focus();
