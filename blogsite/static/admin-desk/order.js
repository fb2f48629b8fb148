// Putting things into an order: by dragging a handle, or by the buttons “Up” and “Down” beside it.
// desk.orderable(list, {items, place, words, moved}) gives a function that looks at the list again.
"use strict";

window.desk = window.desk || {};

// items() lists what is ordered, all children of `list`; place(item) is where an item's buttons go;
// words are {up, down, drag, moved}, with {place} and {count} in the last; moved() hears of changes.
desk.orderable = (list, { items, place, words, moved }) => {
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  list.after(said);

  const say = (item) => {
    const all = items();
    said.textContent = words.moved
      .replace("{place}", all.indexOf(item) + 1)
      .replace("{count}", all.length);
  };

  // It is the neighbour that is moved: what has the focus, or is dragged, stays in the page.
  const step = (item, by) => {
    const all = items();
    const neighbour = all[all.indexOf(item) + by];
    if (!neighbour) return false;
    if (by < 0) item.after(neighbour);
    else item.before(neighbour);
    look();
    moved();
    return true;
  };

  const drag = (item, handle, start) => {
    if (start.button) return;
    start.preventDefault();
    item.classList.add("dragged");
    const follow = (event) => {
      const all = items();
      const at = all.indexOf(item);
      const middle = (one) => {
        const box = one.getBoundingClientRect();
        return box.top + box.height / 2;
      };
      if (at > 0 && event.clientY < middle(all[at - 1])) step(item, -1);
      else if (at < all.length - 1 && event.clientY > middle(all[at + 1])) step(item, 1);
      if (event.clientY < 60) window.scrollBy(0, -15);
      else if (event.clientY > window.innerHeight - 60) window.scrollBy(0, 15);
    };
    const stop = () => {
      item.classList.remove("dragged");
      for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, stop);
      document.removeEventListener("pointermove", follow);
      say(item);
    };
    document.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, stop);
  };

  const button = (className, label, sign) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = sign || label;
    if (sign) made.setAttribute("aria-label", label);
    return made;
  };

  const equip = (item) => {
    const controls = document.createElement("span");
    controls.className = "order-controls";
    const handle = button("order-drag", words.drag, "⠿");
    handle.title = words.drag;
    handle.tabIndex = -1; // by keyboard there are the other two
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (event) => drag(item, handle, event));
    controls.append(handle);
    for (const [name, label, by] of [["order-up", words.up, -1], ["order-down", words.down, 1]]) {
      const made = button(name, label);
      made.addEventListener("click", () => {
        if (made.getAttribute("aria-disabled") !== "true" && step(item, by)) {
          made.scrollIntoView({ block: "nearest" });
          say(item);
        }
      });
      controls.append(made);
    }
    place(item).append(controls);
  };

  const look = () => {
    const all = items();
    all.forEach((item, at) => {
      if (!place(item).querySelector(":scope > .order-controls")) equip(item);
      const controls = place(item).querySelector(":scope > .order-controls");
      controls.hidden = all.length < 2;
      // Not really disabled: the focus would be lost at either end.
      controls.querySelector(".order-up").setAttribute("aria-disabled", at === 0);
      controls.querySelector(".order-down").setAttribute("aria-disabled", at === all.length - 1);
    });
  };
  look();
  return look;
};
