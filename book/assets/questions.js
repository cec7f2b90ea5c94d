// Question sets: check an answer, read why, find the answer again after a reload. Answers stay in this browser.
(() => {
  "use strict";
  const KEY = "military-diplomacy:answers";
  let answers = {};
  let keeps = true;
  try {
    answers = JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    keeps = false; // storage is switched off or unreadable: the questions still work, and say so
  }
  const save = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(answers));
    } catch {
      keeps = false;
    }
  };

  /* Each kind reads the reader's answer from its form (undefined: nothing to check yet), writes one back, and judges one:
     the notes to show, and in a word how it stands. */

  function choice(form) {
    const options = [...form.querySelectorAll("input")].map((input) => {
      const note = document.getElementById(input.getAttribute("aria-details"));
      return { input, note, right: note.hasAttribute("data-right") };
    });
    return {
      empty: "Choose an answer first.",
      read: () => {
        const chosen = options.filter(({ input }) => input.checked).map(({ input }) => input.value);
        return chosen.length ? chosen : undefined;
      },
      write: (values) => options.forEach(({ input }) => { input.checked = values.includes(input.value); }),
      judge: () => {
        const chosen = options.filter(({ input }) => input.checked);
        const wrong = chosen.some(({ right }) => !right);
        const missed = options.some(({ input, right }) => right && !input.checked);
        const word = wrong ? "Not yet. Read the note under your choice, then try again." : missed ? "Right so far; at least one more is true." : "Right.";
        return { notes: chosen.map(({ note }) => note), word };
      },
    };
  }

  function order(form, status) {
    const list = form.querySelector(".md-order");
    const first = [...list.children];
    const right = list.dataset.order.split(" ");
    const ids = () => [...list.children].map((item) => item.dataset.id);
    list.addEventListener("click", ({ target }) => {
      const by = +target.dataset?.by;
      const item = target.closest("li");
      if (!by) return;
      const beside = by < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (by < 0) beside?.before(item);
      else beside?.after(item);
      target.focus(); // a moved element loses it
      status.textContent = `Now ${ids().indexOf(item.dataset.id) + 1} of ${right.length}.`;
    });
    form.addEventListener("reset", () => list.replaceChildren(...first));
    return {
      read: ids,
      write: (values) => values.forEach((id) => list.append(first.find((item) => item.dataset.id === id) ?? "")),
      judge: (values) => {
        if (values.join() === right.join()) return { notes: [form.querySelector("[data-right]")], word: "Right." };
        const made = [...form.querySelectorAll("[data-before]")].find(
          ({ dataset }) => values.indexOf(dataset.before) < values.indexOf(dataset.after),
        );
        const at = values.filter((id, place) => id === right[place]).length;
        return { notes: [made ?? form.querySelector("[data-otherwise]")], word: `Not yet. ${at} of ${right.length} stand where they belong.` };
      },
    };
  }

  function estimate(form) {
    const range = form.querySelector(".md-range");
    const [low, high] = range.querySelectorAll("input");
    const { truth, widest } = range.dataset;
    return {
      empty: "Give both ends of your range first, the lower one first.",
      read: () => (low.value && high.value && +low.value <= +high.value ? [+low.value, +high.value] : undefined),
      write: ([from, to]) => { [low.value, high.value] = [from, to]; },
      judge: ([from, to]) => {
        const when = truth > to ? "below" : truth < from ? "above" : to - from > widest ? "wide" : "right";
        const words = { below: "Too low.", above: "Too high.", wide: "It lies in your range, which is too wide to bet on.", right: "It lies in your range." };
        return { notes: [form.querySelector(`[data-when="${when}"]`)], word: words[when] };
      },
    };
  }

  const kinds = { choice, order, estimate };
  for (const form of document.querySelectorAll("form.md-ask")) {
    const status = form.querySelector("[role=status]");
    const notes = [...form.querySelectorAll(".md-feedback")];
    const question = kinds[form.dataset.kind](form, status);
    const name = `${form.dataset.page}#${form.id}`;
    const show = (answer) => {
      const verdict = question.judge(answer);
      for (const note of notes) note.hidden = !verdict.notes.includes(note);
      status.textContent = keeps ? verdict.word : `${verdict.word} Your browser does not keep answers.`;
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const answer = question.read();
      if (!answer) {
        for (const note of notes) note.hidden = true; // of an earlier answer
        status.textContent = question.empty;
        return;
      }
      answers[name] = answer;
      save();
      show(answer);
    });
    form.addEventListener("reset", () => {
      for (const note of notes) note.hidden = true;
      status.textContent = "";
      delete answers[name];
      save();
    });
    if (!Array.isArray(answers[name])) continue;
    question.write(answers[name]);
    const kept = question.read();
    if (kept) show(kept);
  }
})();
