// The entry of a cited work beside its citation, on hover and on focus; Escape closes it, the pointer may enter it.
(() => {
  "use strict";
  let open; // { link, box }
  let timer;
  const close = () => {
    clearTimeout(timer);
    open?.box.remove();
    open?.link.removeAttribute("aria-describedby");
    open = undefined;
  };
  const closeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(close, 250);
  };
  const show = (link, entry) => {
    if (open?.link === link) return;
    close();
    const box = document.createElement("div");
    Object.assign(box, { className: "md-peek", id: "md-peek" });
    box.setAttribute("role", "tooltip");
    const text = document.createElement("p");
    text.textContent = (entry.querySelector("p") ?? entry).textContent.trim();
    box.append(text);
    document.body.append(box);
    const at = link.getBoundingClientRect();
    const above = at.top > box.offsetHeight + 90;
    box.style.left = `${scrollX + Math.max(12, Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 12))}px`;
    box.style.top = `${scrollY + (above ? at.top - box.offsetHeight - 8 : at.bottom + 8)}px`;
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", closeSoon);
    link.setAttribute("aria-describedby", "md-peek");
    open = { link, box };
  };
  for (const link of document.querySelectorAll("article a.reference.internal[href^='#']")) {
    const entry = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!entry?.matches("div.citation")) continue;
    link.addEventListener("pointerenter", ({ pointerType }) => {
      clearTimeout(timer);
      if (pointerType === "mouse") timer = setTimeout(show, 150, link, entry);
    });
    link.addEventListener("pointerleave", closeSoon);
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link, entry));
    link.addEventListener("blur", closeSoon);
  }
  addEventListener("keydown", ({ key }) => key === "Escape" && close());
})();
