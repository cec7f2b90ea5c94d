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

  for (const form of document.querySelectorAll("form.md-ask")) {
    const status = form.querySelector("[role=status]");
    const options = [...form.querySelectorAll("input")].map((input) => {
      const feedback = document.getElementById(input.getAttribute("aria-details"));
      return { input, feedback, right: feedback.hasAttribute("data-right") };
    });
    const name = `${form.dataset.page}#${form.id}`;

    const show = () => {
      const chosen = options.filter(({ input }) => input.checked);
      for (const { input, feedback } of options) feedback.hidden = !input.checked;
      const missed = options.some(({ input, right }) => right && !input.checked);
      const wrong = chosen.some(({ right }) => !right);
      if (wrong) status.textContent = "Not yet. Read the note under your choice, then try again.";
      else if (missed) status.textContent = "Right so far; at least one more is true.";
      else status.textContent = "Right.";
      if (!keeps) status.textContent += " Your browser does not keep answers.";
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = options.filter(({ input }) => input.checked).map(({ input }) => input.value);
      if (!chosen.length) {
        status.textContent = "Choose an answer first.";
        return;
      }
      answers[name] = chosen;
      save();
      show();
    });
    form.addEventListener("reset", () => {
      for (const { feedback } of options) feedback.hidden = true;
      status.textContent = "";
      delete answers[name];
      save();
    });

    const before = answers[name];
    if (!Array.isArray(before)) continue;
    for (const { input } of options) input.checked = before.includes(input.value);
    if (options.some(({ input }) => input.checked)) show();
  }
})();
