// What a reader has read, kept in this browser: marks in the sidebar, the card that leads on, and a file to take along.
(() => {
  "use strict";
  const PREFIX = "military-diplomacy:"; // every key of the course; the file holds all of them
  const KEY = `${PREFIX}progress`;
  const article = document.querySelector("article.bd-article");
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href).href;
  const pageOf = (address) => new URL(address, location.href).href.split(/[#?]/)[0].replace(root, "");
  const here = pageOf(location.href);
  const links = [...document.querySelectorAll(".bd-links li.toctree-l1 > a.reference")].filter(
    ({ href }) => href && !/\/index\.html$/.test(pageOf(href)) && !/^https?:/.test(pageOf(href)),
  );
  let progress = { pages: {} };
  let keeps = true;
  try {
    progress = { ...progress, ...JSON.parse(localStorage.getItem(KEY)) };
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
      const state = progress.pages[pageOf(link.href)] ?? "none";
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
    progress.pages[here] ??= "some";
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
    const end = document.querySelector(".prev-next-area") ?? headings.at(-1);
    new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting) || scrollY < 400) return;
      progress.pages[here] = "all";
      save();
      mark();
    }).observe(end);
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
      location.reload();
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
        location.reload();
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
