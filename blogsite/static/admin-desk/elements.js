// What the desk's scripts make things of a page with.
"use strict";

window.desk = window.desk || {};

desk.element = (name, words, className) => {
  const made = document.createElement(name);
  if (words) made.textContent = words;
  if (className) made.className = className;
  return made;
};

desk.press = (words, className, does) => {
  const made = desk.element("button", words, className);
  made.type = "button";
  made.addEventListener("click", does);
  return made;
};
