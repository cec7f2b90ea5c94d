// What the page itself does: colour scheme, search field, menus, tooltips, place in the contents, copying of code. It
// stands in for the theme's scripts and Bootstrap, of which it uses the markup and the styles.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const later = (act) => {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(act, 300);
    };
  };
  const onMac = /^(Mac|iPhone)/.test(navigator.platform);

  // Storage may be switched off; the page then forgets, and all else works.
  const remembered = (storage, key, value) => {
    try {
      if (value === undefined) return window[storage].getItem(key);
      window[storage].setItem(key, value);
    } catch {}
    return null;
  };

  // Colour scheme: as the system has it, then the other one, then the system's own, chosen.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const setMode = (mode) => {
    const system = dark.matches ? "dark" : "light";
    const theme = mode === "auto" ? system : mode;
    Object.assign(root.dataset, { mode, theme });
    remembered("localStorage", "mode", mode);
    remembered("localStorage", "theme", theme);
  };
  const modes = ["auto", "dark", "light"];
  setMode(modes.includes(root.dataset.mode) ? root.dataset.mode : "auto");
  dark.addEventListener("change", () => setMode(root.dataset.mode));
  for (const button of all(".theme-switch-button")) {
    button.addEventListener("click", () => {
      const order = dark.matches ? ["auto", "light", "dark"] : modes;
      setMode(order[(order.indexOf(root.dataset.mode) + 1) % 3]);
    });
  }

  // Dialogs close on Escape (Sphinx's script would take the key) and on a click beside them.
  for (const dialog of all("dialog")) {
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      dialog.close();
    });
    dialog.addEventListener("click", ({ target, clientX, clientY }) => {
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      if (target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom)) dialog.close();
    });
  }

  // Search
  const search = byId("pst-search-dialog");
  const toggleSearch = () => (search.open ? search.close() : search.showModal());
  if (search) {
    for (const button of all(".search-button__button")) button.addEventListener("click", toggleSearch);
    addEventListener("keydown", (event) => {
      const modified = onMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
      if (!modified || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      toggleSearch();
    });
    if (onMac) for (const key of all("kbd.kbd-shortcut__modifier")) key.textContent = "⌘";
  }

  // Sidebars: on a narrow screen their content moves into a dialog and back; on a wide one the contents fold away.
  const move = (from, to) => {
    to.append(...from.childNodes);
    to.classList.add(...from.classList);
    from.className = "";
  };
  for (const side of ["primary", "secondary"]) {
    const button = document.querySelector(`.${side}-toggle`);
    const sidebar = byId(`pst-${side}-sidebar`);
    const dialog = byId(`pst-${side}-sidebar-modal`);
    if (!button || !sidebar || !dialog) continue;
    button.addEventListener("click", () => {
      if (side === "primary" && matchMedia("(min-width: 992px)").matches) {
        sidebar.classList.toggle("pst-sidebar-hidden");
        return;
      }
      move(sidebar, dialog);
      dialog.showModal();
    });
    dialog.addEventListener("click", ({ target }) => target.closest('a[href^="#"]') && dialog.close());
    dialog.addEventListener("close", () => {
      move(dialog, sidebar);
      button.focus({ preventScroll: true });
    });
  }
  const sidebar = document.querySelector(".bd-sidebar");
  if (sidebar) {
    const place = remembered("sessionStorage", "sidebar-scroll-top");
    const here = all(".bd-docs-nav .active").pop();
    // With the next frame, which lays the page out anyway; asked for at once, the page would be laid out twice.
    requestAnimationFrame(() => {
      if (place) sidebar.scrollTop = +place;
      else if (here?.getBoundingClientRect().y > innerHeight / 2) here.scrollIntoView({ block: "center" });
    });
    addEventListener("pagehide", () => remembered("sessionStorage", "sidebar-scroll-top", sidebar.scrollTop));
  }

  // The contents of the page: marks the section that is read, and makes room for notes in the margin.
  const links = all("#pst-page-toc-nav a");
  const headings = new Map(links.map((link) => [byId(decodeURIComponent(link.hash.slice(1)))?.querySelector("h1, h2, h3, h4, h5, h6"), link]));
  headings.delete(undefined);
  const mark = (chosen) => {
    for (const link of links) {
      link.classList.toggle("active", link === chosen);
      if (link === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const entry of all("#pst-page-toc-nav .toc-entry")) entry.classList.toggle("active", entry.contains(chosen));
  };
  let jumpedAt = -1e4; // scrolling to a chosen section passes others
  const markAddress = (hash) => {
    const chosen = links.find((link) => link.hash && link.hash === hash);
    if (!chosen) return;
    jumpedAt = performance.now();
    mark(chosen);
  };
  markAddress(location.hash);
  addEventListener("hashchange", () => markAddress(location.hash));
  addEventListener("click", ({ target }) => {
    const link = target.closest?.("a");
    if (link?.hash === location.hash && link.origin === location.origin) markAddress(link.hash);
  });
  const reading = new IntersectionObserver((entries) => {
    const entry = entries.filter((each) => each.isIntersecting).pop();
    if (entry && performance.now() > jumpedAt + 1000) mark(headings.get(entry.target));
  }, { rootMargin: "0px 0px -70% 0px" });
  for (const heading of headings.keys()) reading.observe(heading);

  const contents = document.querySelector("div.bd-sidebar-secondary");
  if (contents) {
    const notes = new Set();
    const beside = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) notes[isIntersecting ? "add" : "delete"](target);
      contents.classList.toggle("hide", notes.size > 0);
    });
    for (const note of all(".marginnote, .sidenote, .margin, .tag_margin, .margin-caption, .full-width, .tag_full-width, .sidebar")) beside.observe(note);
  }

  // The top of the page
  const top = document.querySelector(".sbt-scroll-pixel-helper");
  if (top) new IntersectionObserver(([entry]) => document.body.classList.toggle("scrolled", entry.boundingClientRect.y < 0)).observe(top);
  const back = byId("pst-back-to-top");
  if (back) {
    let before = 0; // not yet asked for: that would lay the page out
    addEventListener("scroll", () => {
      back.style.display = scrollY < before && scrollY > 80 ? "block" : "none"; // shown while the reader goes up
      before = scrollY;
    }, { passive: true });
    back.addEventListener("click", () => scrollTo({ top: 0 }));
  }

  // Menus
  for (const menu of all(".dropdown")) {
    const button = menu.querySelector('[data-bs-toggle="dropdown"]');
    const list = menu.querySelector(".dropdown-menu");
    if (!button || !list) continue;
    const show = (open) => {
      for (const part of [button, list]) part.classList.toggle("show", open);
      button.setAttribute("aria-expanded", open);
    };
    const isOpen = () => list.classList.contains("show");
    button.addEventListener("click", () => show(!isOpen()));
    addEventListener("click", ({ target }) => menu.contains(target) || show(false));
    menu.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !menu.contains(relatedTarget) && show(false));
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen()) {
        event.stopPropagation();
        show(false);
        button.focus();
        return;
      }
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      show(true);
      const items = all(".dropdown-item", list);
      const at = items.indexOf(document.activeElement);
      items[at < 0 ? (by > 0 ? 0 : items.length - 1) : (at + by + items.length) % items.length].focus();
    });
  }

  window.toggleFullScreen = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());

  // Tooltips, for the mouse and the keyboard; Escape takes them away.
  for (const tipped of all('[data-bs-toggle="tooltip"]')) {
    const text = tipped.title || tipped.dataset.bsTitle;
    if (!text) continue;
    tipped.dataset.tip = text;
    tipped.removeAttribute("title");
    if (tipped.textContent.trim()) tipped.setAttribute("aria-description", text);
    else if (!tipped.hasAttribute("aria-label")) tipped.setAttribute("aria-label", text);
    for (const sign of ["pointerenter", "focus"]) tipped.addEventListener(sign, () => root.classList.remove("md-no-tips"));
  }
  addEventListener("keydown", ({ key }) => key === "Escape" && root.classList.add("md-no-tips"), true);

  // Code
  for (const code of all("div.highlight pre")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "md-copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      button.textContent = (await copied(code.textContent.replace(/\n$/, ""))) ? "Copied" : "Copying failed";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    code.after(button);
  }
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // No clipboard on an address without https: the old way.
      const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
      field.style.cssText = "position:fixed;opacity:0";
      document.body.append(field);
      field.select();
      const worked = document.execCommand("copy");
      field.remove();
      return worked;
    }
  };

  // A fold hides nothing on paper.
  const folds = () => all("details.admonition, details.sd-dropdown, details.md-key");
  addEventListener("beforeprint", () => {
    for (const fold of folds()) {
      fold.dataset.was = fold.open;
      fold.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of folds()) fold.open = fold.dataset.was === "true";
  });

  // What scrolls sideways can be reached and scrolled with the keyboard.
  const main = byId("main-content");
  const tabStops = () => {
    for (const box of all("pre, .cell_output > .output, .pst-scrollable-table-container")) {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  const soon = later(tabStops);
  addEventListener("load", () => requestAnimationFrame(() => setTimeout(tabStops))); // after the page is laid out and painted
  addEventListener("resize", soon);
  new MutationObserver(soon).observe(main, { subtree: true, childList: true });
  addEventListener("toggle", soon, true); // a fold that opens shows what may scroll
})();
