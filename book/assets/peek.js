// The entry of a cited work beside its citation: on hover and on focus, where the pointer may enter it; on a tap with its
// links, until a second tap or one elsewhere. Escape closes it.
(() => {
  "use strict";
  let open; // { link, box, tapped }
  let timer;
  const close = () => {
    clearTimeout(timer);
    open?.box.remove();
    open?.link.removeAttribute("aria-describedby");
    open = undefined;
  };
  const closeSoon = () => {
    clearTimeout(timer);
    if (!open?.tapped) timer = setTimeout(close, 250);
  };
  const show = (link, entry, tapped) => {
    if (open?.link === link) return;
    close();
    const box = document.createElement("div");
    Object.assign(box, { className: "md-peek", id: "md-peek" });
    box.setAttribute("role", tapped ? "dialog" : "tooltip");
    const text = document.createElement("p");
    const work = entry.querySelector("p") ?? entry;
    box.append(text);
    document.body.append(box);
    open = { link, box, tapped };
    if (tapped) {
      const list = Object.assign(document.createElement("a"), { href: link.hash, textContent: "In the list" });
      list.addEventListener("click", close);
      text.append(...work.cloneNode(true).childNodes, document.createElement("br"), list);
      box.setAttribute("aria-label", "Cited work");
      box.tabIndex = -1;
      box.focus({ preventScroll: true }); // a screen reader goes on in it
    } else {
      text.textContent = work.textContent.trim();
      link.setAttribute("aria-describedby", "md-peek");
    }
    const at = link.getBoundingClientRect();
    const above = at.top > box.offsetHeight + 90;
    box.style.left = `${scrollX + Math.max(12, Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 12))}px`;
    box.style.top = `${scrollY + (above ? at.top - box.offsetHeight - 8 : at.bottom + 8)}px`;
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", closeSoon);
  };
  for (const link of document.querySelectorAll("article a.reference.internal[href^='#']")) {
    const entry = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!entry?.matches("div.citation")) continue;
    let touched = false; // not every browser's click tells
    link.addEventListener("pointerdown", ({ pointerType }) => { touched = pointerType !== "mouse"; });
    link.addEventListener("click", (event) => {
      if (!touched || !event.detail) return; // a click without `detail` comes from the keyboard
      event.preventDefault();
      if (open?.link === link) close();
      else show(link, entry, true);
    });
    link.addEventListener("pointerenter", ({ pointerType }) => {
      clearTimeout(timer);
      if (pointerType === "mouse") timer = setTimeout(show, 150, link, entry);
    });
    link.addEventListener("pointerleave", closeSoon);
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link, entry));
    link.addEventListener("blur", closeSoon);
  }
  addEventListener("pointerup", ({ target }) => open?.tapped && !open.box.contains(target) && !open.link.contains(target) && close());
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !open) return;
    if (open.tapped) open.link.focus({ preventScroll: true });
    close();
  });
})();
