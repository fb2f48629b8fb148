// The text of the post beside a decision is scrolled to the words meant; the page itself stays.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".beside-text");
  const words = document.getElementById("words-meant");
  if (!box || !words) return;
  const above = words.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += above - box.clientHeight / 3;
});
