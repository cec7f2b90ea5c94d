// What a reader has read, kept in this browser: marks in the sidebar, the card that leads on, and a file to take along.
(() => {
  "use strict";
  const PREFIX = "military-diplomacy:"; // every key of the course; the file holds all of them
  const KEY = `${PREFIX}progress`;
  const SAID = `${PREFIX}said`;
  const SEEN_AFTER = 1000; // milliseconds that a section is in view before it counts as seen
  const chapters = window.mdChapters; // pages with a chapter file, from the book's build
  const article = document.querySelector("article.bd-article");
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href).href;
  const pageOf = (address) => new URL(address, location.href).href.split(/[#?]/)[0].replace(root, "");
  const here = pageOf(location.href);
  const links = [...document.querySelectorAll(".bd-links a.reference")].filter(({ href }) => chapters.includes(pageOf(href)));
  let progress = { pages: {} }; // of each page begun: "all", or the ids of the sections seen
  let keeps = true;
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
    if (kept.pages && typeof kept.pages === "object") progress.pages = kept.pages;
    if (links.some(({ href }) => pageOf(href) === kept.last?.page)) progress.last = kept.last; // a page of this book, no other address
  } catch {
    keeps = false; // storage is switched off or unreadable: the page works, and the card says so
  }
  const save = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(progress));
    } catch {
      keeps = false;
    }
  };

  function mark() {
    for (const link of links) {
      const page = progress.pages[pageOf(link.href)];
      const state = page === "all" ? "all" : page ? "some" : "none";
      link.parentElement.dataset.read = state;
      if (state === "none") continue;
      const note = link.querySelector(".visually-hidden") ?? link.appendChild(document.createElement("span"));
      note.className = "visually-hidden";
      note.textContent = state === "all" ? ", read" : ", begun";
    }
    const read = links.filter(({ href }) => progress.pages[pageOf(href)] === "all").length;
    const words = `${read} of ${links.length} ${links.length === 1 ? "chapter" : "chapters"} read`;
    const list = document.querySelector(".bd-links");
    if (list && links.length) {
      const line = document.querySelector(".md-done") ?? list.insertBefore(document.createElement("p"), list.firstChild);
      line.className = "md-done";
      line.textContent = words;
    }
    return { read, words };
  }

  function watch() {
    if (progress.pages[here] !== "all" && !Array.isArray(progress.pages[here])) progress.pages[here] = [];
    const title = article.querySelector("h1").firstChild.textContent.trim();
    progress.last = progress.last?.page === here ? { ...progress.last, title } : { page: here, title };
    save();
    const headings = [...article.querySelectorAll("section[id] > h2")];
    addEventListener("pagehide", () => {
      const seen = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).at(-1);
      if (!seen) return;
      progress.last.section = seen.firstChild.textContent.trim();
      progress.last.hash = seen.parentElement.id;
      save();
    });
    // A chapter is read when each of its sections was in view for a while, today or earlier; who jumps to the end has not read it.
    // What only refers (graded work, terms, reading, references) may be passed over.
    const refers = ".md-card, .md-terms, .md-reading, div.citation";
    const sections = headings.map(({ parentElement }) => parentElement).filter((section) => !section.querySelector(refers));
    const timers = new Map();
    const see = ({ id }) => {
      if (progress.pages[here] === "all") return;
      const seen = new Set(progress.pages[here]).add(id);
      progress.pages[here] = sections.every((section) => seen.has(section.id)) ? "all" : [...seen];
      if (progress.pages[here] === "all") watching.disconnect();
      save();
      mark();
    };
    const watching = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        clearTimeout(timers.get(target));
        if (isIntersecting) timers.set(target, setTimeout(see, SEEN_AFTER, target));
      }
    });
    if (progress.pages[here] !== "all") sections.forEach((section) => watching.observe(section));
  }

  function fill(card, { read, words }) {
    const find = (part) => card.querySelector(`[data-${part}]`);
    if (!keeps) {
      find("where").append(" Your browser does not keep your place.");
      return;
    }
    const last = progress.last;
    if (!last) return;
    card.querySelector("h2").textContent = last.title;
    find("where").textContent = last.section ? `You stopped at “${last.section}”.` : "You have begun this chapter.";
    const link = find("go").querySelector("a");
    link.href = new URL(`${last.page}${last.hash ? `#${last.hash}` : ""}`, root);
    link.textContent = "Continue reading";
    find("progress").hidden = false;
    find("progress").querySelector("progress").value = read;
    find("count").textContent = `${words}. Kept in this browser only.`;
  }

  function keep(box) {
    const status = box.querySelector("[role=status]");
    const mine = () => Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith(PREFIX)));
    const file = box.querySelector("input");
    const erase = () => Object.keys(mine()).forEach((key) => localStorage.removeItem(key));
    box.hidden = !keeps;
    // The page is loaded anew to show what changed; what was done is said after that, where the reader was.
    const reload = (words) => {
      sessionStorage.setItem(SAID, words);
      location.reload();
    };
    const said = keeps && sessionStorage.getItem(SAID);
    if (said) {
      sessionStorage.removeItem(SAID);
      box.open = true;
      box.querySelector("summary").focus();
      setTimeout(() => { status.textContent = said; }, 500); // screen readers say what changes once the page stands
    }
    box.querySelector("[data-do=save]").onclick = () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(mine(), null, 1)], { type: "application/json" }));
      link.download = "military-diplomacy-progress.json";
      link.click();
      URL.revokeObjectURL(link.href);
      status.textContent = `Saved as ${link.download}.`;
    };
    box.querySelector("[data-do=erase]").onclick = () => {
      if (!confirm("Erase what you have read and answered from this browser? Save it as a file first if you want it back.")) return;
      erase();
      reload("Erased. This browser holds nothing of the course any more.");
    };
    file.onchange = async () => {
      try {
        const found = JSON.parse(await file.files[0].text());
        const keys = Object.keys(found ?? {});
        const ours = keys.length && keys.every((key) => key.startsWith(PREFIX) && typeof found[key] === "string");
        if (!ours) throw new Error("it holds other things");
        Object.values(found).forEach((text) => JSON.parse(text));
        if (Object.keys(mine()).length && !confirm("Replace what this browser holds by what the file holds?")) return;
        erase();
        for (const key of keys) localStorage.setItem(key, found[key]);
        reload(`Opened ${file.files[0].name}. What you have read and answered is now as in the file.`);
      } catch (error) {
        status.textContent = `${file.files[0].name} is no progress of this course: ${error.message}. Choose a file that “Save as a file” made, named military-diplomacy-progress.json. Nothing was changed.`;
      }
      file.value = "";
    };
  }

  if (article && links.some(({ href }) => pageOf(href) === here)) watch();
  const state = mark();
  const card = document.querySelector(".md-continue");
  if (card) fill(card, state);
  const box = document.querySelector(".md-progress");
  if (box) keep(box);
})();
