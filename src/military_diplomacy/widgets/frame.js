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

/**
 * Heading, invitation, a place for controls, a read-out that screen readers announce, a stage, and the caption.
 * @returns {{controls: HTMLElement, stage: HTMLElement, say: (...paragraphs: (string | Node)[][]) => void}}
 */
function frame(el, model) {
  const id = `md-w-${Math.random().toString(36).slice(2)}`;
  const controls = h("div", { className: "md-controls" });
  const stage = h("div", { className: "md-stage" });
  const out = h("div", { className: "md-say", "aria-live": "polite", "aria-atomic": "true" });
  el.append(
    h("section", { className: "md-w", "aria-labelledby": id },
      h("h3", { id, textContent: model.get("title") }),
      h("p", {}, h("strong", { textContent: "Try this. " }), model.get("prompt")),
      controls, out, stage,
      h("p", { className: "md-caption", textContent: model.get("caption") })),
  );
  return { controls, stage, say: (...paragraphs) => out.replaceChildren(...paragraphs.map((parts) => h("p", {}, ...parts))) };
}
