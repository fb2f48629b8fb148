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

// A submission that is sent twice (double click, lost connection, reload, back) is stored once. Its name
// is kept with the page in the browser's history, with a sum of the words it stood for: on the way back a
// browser fills in what was typed, and may forget a hidden field. Other words get another name.
function nameSubmissions() {
  for (const field of document.querySelectorAll("form.writing [name=submission]")) {
    field.value ||= history.state?.submission || newName();
    field.form.addEventListener("submit", () => {
      const words = Array.from(field.form.querySelectorAll("textarea"), (area) => area.value).join("\n");
      const sum = Array.from(words).reduce((all, letter) => (all * 31 + letter.codePointAt(0)) % 2 ** 40, words.length);
      const sent = history.state;
      if (sent?.submission === field.value && sent.sum !== sum) field.value = newName();
      history.replaceState({ submission: field.value, sum }, "");
    });
  }
}

function newName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Answer in place: the form moves below the comment it answers.
function answerInPlace() {
  const section = document.getElementById("write");
  const title = document.getElementById("write-title");
  if (!section || !title) return; // the form's own page, or a letterbox
  const form = section.querySelector("form");
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
    form.dispatchEvent(new Event("input"));
    form.elements.text.focus();
  });
  title.after(back);
  const open = (link) => {
    form.elements.to.value = link.dataset.answer;
    title.textContent = link.textContent;
    back.hidden = false;
    [...link.parentElement.querySelectorAll(":scope > a.answer")].at(-1).after(section); // below what else can be done
  };
  for (const link of document.querySelectorAll("a[data-answer]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link);
      form.dispatchEvent(new Event("input")); // whom a draft answers is kept with it
      (form.elements.name || form.elements.text).focus();
    });
    if (link.dataset.answer === form.elements.to.value) open(link); // of a draft that was kept
  }
  if (form.elements.to.value && back.hidden) { // it answers what stands on another page
    title.textContent = section.dataset.answering.replace("%s", form.elements.to.value);
    back.hidden = false;
  }
}

// A long thread has several pages: a number in the address leads to the one on which the comment is.
// Says whether this page is being left for another.
function findComment() {
  const last = document.querySelector("[data-last]")?.dataset.last;
  const number = location.hash.match(/^#c(\d+)$/)?.[1];
  if (!last || !number || Number(number) > Number(last) || document.getElementById(`c${number}`)) return false;
  location.replace(`${location.pathname}?comment=${number}#c${number}`);
  return true;
}

// What is being written is kept on this device until the server has acknowledged it, a week at most.
const WEEK = 7 * 24 * 60 * 60 * 1000;
const FIELDS = ["text", "name", "to", "submission"];

function kept(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    return draft && Date.now() - draft.at < WEEK ? draft : null;
  } catch {
    return null; // no storage, or somebody else's
  }
}

function keep(key, draft) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
    else localStorage.removeItem(key);
  } catch {
    // Storage is full or forbidden: the words are in the form all the same.
  }
}

// A draft goes when a page says that its submission has arrived, or when it is too old.
function forgetDrafts() {
  const arrived = document.querySelector("[data-acknowledged]")?.dataset.acknowledged;
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith("draft "));
  } catch {
    return; // no storage
  }
  for (const key of keys) {
    const draft = kept(key);
    if (!draft || (arrived && draft.submission === arrived) || stands(draft)) keep(key, null);
  }
}

// Whether a draft that was sent stands at the place to which the page was opened, or is what its writer's
// own page says has arrived.
function stands(draft) {
  const posted = new URLSearchParams(location.search).get("posted");
  const place = /^\d+$/.test(posted) ? `#yours-${posted}` : location.hash;
  if (!draft.sent || !/^#(c|yours-)\d+$/.test(place)) return false;
  const bare = (words) => words.replace(/<[^>]*>/g, "").replace(/\s+/g, "");
  const there = document.querySelector(`${place} .text`);
  return Boolean(there) && bare(there.textContent).startsWith(bare(draft.text).slice(0, 100));
}

function keepDraft() {
  const section = document.getElementById("write");
  const form = section?.querySelector("form.writing");
  if (!form?.elements.to) return;
  const path = new URL(form.action).pathname;
  if (!path.startsWith("/comments/on/")) return; // the address of a secret page is written nowhere
  // The form's own page may be about another comment than the one under the post.
  const asked = document.getElementById("write-title") ? "" : form.elements.to.value;
  const key = `draft ${path}${asked && ` ${asked}`}`;
  const note = (more) => {
    const draft = { ...more };
    for (const name of FIELDS) draft[name] = form.elements[name]?.value ?? "";
    keep(key, draft.text.trim() ? draft : null);
  };
  const draft = kept(key);
  const { text, to } = form.elements;
  if (draft && !text.value && (!to.value || to.value === draft.to)) {
    for (const name of FIELDS) if (form.elements[name]) form.elements[name].value = draft[name] ?? "";
    const told = document.createElement("p");
    told.className = "hint kept-draft";
    told.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = section.dataset.throw;
    button.addEventListener("click", () => {
      keep(key, null);
      text.value = form.elements.to.value = form.elements.submission.value = "";
      nameSubmissions();
      told.remove();
      text.focus();
    });
    told.append(section.dataset.kept, " ", button);
    form.before(told);
  }
  // A browser that filled the form in by itself, on the way back, may have forgotten the name of the
  // submission; sent once more, the same words would be there twice.
  if (draft && text.value && text.value === draft.text) form.elements.submission.value = draft.submission;
  form.addEventListener("input", () => note());
  form.addEventListener("submit", (event) => note({ sent: event.submitter?.name !== "preview" }));
}

// Near the end, how many characters are left.
function countCharacters() {
  for (const area of document.querySelectorAll("textarea[data-most]")) {
    const told = document.createElement("p");
    told.className = "hint";
    told.setAttribute("role", "status");
    area.after(told);
    const count = () => {
      const left = area.dataset.most - [...area.value].length;
      const words = left < 0 ? area.dataset.over : area.dataset.left;
      told.textContent = left < 500 ? words.replace("%s", Math.abs(left)) : "";
    };
    area.addEventListener("input", count);
    count();
  }
}

// After a form was sent: to what was wrong with it, or to how it will look.
function focusWhatIsNew() {
  document.querySelector("form.writing .errors, .preview")?.focus();
}

// For how many seconds somebody was typing, so that what no person can have typed is read first by
// the author. Nothing is said where words were pasted, or stood there before.
function timeTyping() {
  const form = document.querySelector("#write form.writing");
  const took = form?.elements.took;
  if (!took) return;
  const { text } = form.elements;
  let began = 0;
  let length = text.value.length;
  let isTyped = !length;
  text.addEventListener("input", () => {
    began ||= Date.now();
    if (text.value.length - length > 40) isTyped = false;
    length = text.value.length;
  });
  form.addEventListener("submit", () => {
    took.value = isTyped && began ? Math.ceil((Date.now() - began) / 1000) : "";
  });
}

if (!findComment()) countView(); // one reading is one view
window.addEventListener("hashchange", findComment);
forgetDrafts();
nameSubmissions();
keepDraft();
answerInPlace();
timeTyping();
countCharacters();
focusWhatIsNew();
