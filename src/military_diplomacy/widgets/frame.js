// The frame that every widget shares. It stands before the widget's own code in one module.

/** An HTML element with properties or attributes, and children. */
const h = (name, set = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(set)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
};

/** An SVG element with attributes, and children. */
const s = (name, set = {}, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(set)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

/** A share as a percentage in words. */
const percent = (share) => `${Math.round(100 * share)}%`;

/** A labelled range input for the number `key` of the model. `text(value)` is what it now says, `hint` what it means. */
function slider(model, key, { label, hint, text = percent, ...range }) {
  const now = h("b");
  const input = h("input", { type: "range", ...range, oninput: () => { model.set(key, +input.value); model.save_changes(); } });
  const show = () => {
    input.value = model.get(key);
    now.textContent = text(model.get(key));
    input.setAttribute("aria-valuetext", now.textContent);
  };
  model.on(`change:${key}`, show);
  show();
  return h("label", { className: "md-slide" }, h("span", {}, `${label}: `, now), input, h("small", { textContent: hint }));
}

/** Draw when the stage is laid out, when its width changes, and when one of the traits `keys` does. Returns what ends it. */
function keepDrawn(model, keys, stage, draw) {
  const changes = keys.map((key) => `change:${key}`).join(" ");
  let drawnAt;
  const fit = () => { if (stage.clientWidth !== drawnAt) { drawnAt = stage.clientWidth; draw(); } };
  const observer = new ResizeObserver(fit);
  model.on(changes, draw);
  observer.observe(stage); // it tells the first width too, once the page is laid out and the stage is shown
  return () => { observer.disconnect(); model.off(changes, draw); };
}

/**
 * Heading, invitation, a place for controls, a read-out that screen readers announce, a stage, and the caption.
 * Where the model has a `predict`, that is asked first, and the reader is told whether the prediction held.
 * With `restore`, names of traits, there is a button that sets them back and asks again.
 * @returns {{controls: HTMLElement, stage: HTMLElement, out: HTMLElement, say: (...paragraphs: (string | Node)[][]) => void}}
 */
function frame(el, model, restore = []) {
  const id = `md-w-${Math.random().toString(36).slice(2)}`;
  const predict = model.get("predict");
  const controls = h("div", { className: "md-controls" });
  const stage = h("div", { className: "md-stage" });
  const out = h("div", { className: "md-say", "aria-live": "polite", "aria-atomic": "true" });
  const verdict = h("p", { className: "md-verdict", tabIndex: -1, hidden: true });
  const prompt = h("p", {}, h("strong", { textContent: "Try this. " }), model.get("prompt"));
  const body = h("div", {}, verdict, prompt, controls, out, stage);
  const parts = [h("h3", { id, textContent: model.get("title") })];
  let ask;
  if (predict?.ask) {
    const skip = h("button", { type: "button", className: "md-btn", textContent: "Skip" });
    ask = h("form", { className: "md-predict" },
      h("fieldset", {}, h("legend", {}, h("strong", { textContent: "Predict first. " }), predict.ask),
        ...predict.options.map((option, value) => h("label", { className: "md-option" },
          h("input", { type: "radio", name: "guess", value, required: true }), h("span", { textContent: option })))),
      h("div", { className: "md-row" }, h("button", { type: "submit", className: "md-btn md-go", textContent: "Show me" }), skip));
    const reveal = (guess) => {
      ask.hidden = true;
      body.hidden = verdict.hidden = false;
      const held = +guess === predict.right;
      verdict.replaceChildren(
        h("strong", { textContent: guess === undefined ? "What happens. " : held ? "As you predicted. " : "Not as you predicted. " }), predict.because);
      verdict.focus();
    };
    ask.onsubmit = (event) => { event.preventDefault(); reveal(ask.elements.guess.value); };
    skip.onclick = () => reveal();
    body.hidden = true;
    parts.push(ask);
  }
  if (restore.length) {
    const first = restore.map((key) => [key, model.get(key)]);
    body.append(h("button", { type: "button", className: "md-btn", textContent: "Start again", onclick: () => {
      for (const [key, value] of first) model.set(key, value);
      model.save_changes();
      if (!ask) return;
      ask.reset();
      body.hidden = true;
      ask.hidden = false;
      ask.querySelector("input").focus();
    } }));
  }
  el.append(h("section", { className: "md-w", "aria-labelledby": id }, ...parts, body, h("p", { className: "md-caption", textContent: model.get("caption") })));
  return { controls, stage, out, say: (...paragraphs) => out.replaceChildren(...paragraphs.map((line) => h("p", {}, ...line))) };
}
