// One lane a kind, one button an event. Arrow keys walk through the events shown; chips and years filter them.

const SHAPES = [
  { tag: "circle", cx: 7, cy: 7, r: 5 },
  { tag: "path", d: "M7 1 13 7 7 13 1 7Z" },
  { tag: "path", d: "M7 1.5 13 12.5H1Z" },
  { tag: "rect", x: 2, y: 2, width: 10, height: 10 },
  { tag: "path", d: "M7 12.5 1 1.5H13Z" },
  { tag: "path", d: "M2 4 4 2 7 5 10 2 12 4 9 7 12 10 10 12 7 9 4 12 2 10 5 7Z" },
];
const MARK_PX = 24;
const EDGE = 4; // per cent of the width kept free at each end, so that no mark is cut off

const mark = (lane) => {
  const { tag, ...shape } = SHAPES[lane];
  const colour = `var(--md-c${lane + 1})`;
  const style = `fill:${colour};stroke:${colour};stroke-width:1.5`;
  return s("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, s(tag, { ...shape, style }));
};

const dayOfEpoch = (iso) => Date.parse(`${iso}T00:00Z`) / 864e5;

function render({ model, el }) {
  const events = model.get("events");
  const lanes = Object.entries(model.get("lanes")); // [[kind, label], …]
  const laneOf = Object.fromEntries(lanes.map(([kind], lane) => [kind, lane]));
  const span = [+events[0].date.slice(0, 4), +events.at(-1).date.slice(0, 4)];
  const { controls, stage, say } = frame(el, model);

  const set = (changes) => {
    for (const [key, value] of Object.entries(changes)) model.set(key, value);
    model.save_changes();
  };
  const visible = () => {
    const [first, last] = model.get("years");
    return events.filter((e) => model.get("shown").includes(e.kind) && +e.date.slice(0, 4) >= first && +e.date.slice(0, 4) <= last);
  };

  // Filters
  const chips = lanes.map(([kind, label], lane) => {
    const onclick = () => {
      const shown = model.get("shown");
      set({ shown: shown.includes(kind) ? shown.filter((k) => k !== kind) : [...shown, kind] });
    };
    return h("button", { type: "button", className: "md-chip", onclick }, mark(lane), label);
  });
  const yearChoice = (end, label) => {
    const id = `md-year-${Math.random().toString(36).slice(2)}`;
    const select = h("select", { id, onchange: () => {
      const years = [...model.get("years")];
      years[end] = +select.value;
      if (years[0] > years[1]) years[1 - end] = years[end];
      set({ years });
    } });
    for (let year = span[0]; year <= span[1]; year++) select.append(h("option", { textContent: year }));
    return { select, label: h("label", { htmlFor: id, textContent: label }) };
  };
  const ends = [yearChoice(0, "From"), yearChoice(1, "to")];
  const everything = h("button", { type: "button", className: "md-btn", textContent: "Show all",
    onclick: () => set({ shown: lanes.map(([kind]) => kind), years: span, selected: "" }) });
  controls.append(
    h("div", { className: "md-row", role: "group", "aria-label": "Kinds of event shown" }, ...chips),
    h("div", { className: "md-row", role: "group", "aria-label": "Years shown" }, ...ends.flatMap(({ label, select }) => [label, select]), everything),
  );

  // Marks
  const chart = h("div", { className: "md-timeline", role: "group", "aria-label": "Events in order of time; the arrow keys move between them" });
  const buttons = new Map(events.map((event) => {
    const button = h("button", { type: "button", className: "md-mark", onclick: () => set({ selected: event.id }) }, mark(laneOf[event.kind]));
    button.setAttribute("aria-label", `${event.when}: ${event.title}`);
    return [event.id, button];
  }));
  const step = (by) => {
    const list = visible();
    const at = list.findIndex((e) => e.id === model.get("selected"));
    const from = at >= 0 ? at : by > 0 ? -1 : list.length;
    const next = list[Math.min(list.length - 1, Math.max(0, from + by))];
    if (next) set({ selected: next.id });
    return next;
  };
  chart.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = step(by);
    if (next) buttons.get(next.id).focus();
  });
  const earlier = h("button", { type: "button", className: "md-btn", textContent: "← Earlier event", onclick: () => step(-1) });
  const later = h("button", { type: "button", className: "md-btn", textContent: "Later event →", onclick: () => step(1) });
  controls.append(h("div", { className: "md-row", role: "group", "aria-label": "Step through the events shown" }, earlier, later));
  stage.append(chart);

  function draw() {
    const [first, last] = model.get("years");
    const [start, end] = [dayOfEpoch(`${first}-01-01`), dayOfEpoch(`${last}-12-31`)];
    const percent = (day) => EDGE + ((100 - 2 * EDGE) * (day - start)) / (end - start);
    const width = chart.clientWidth || 560;
    const list = visible();
    const selected = list.find((e) => e.id === model.get("selected"));
    const stop = selected ?? list[0]; // the one tab stop among the marks
    const focused = chart.contains(document.activeElement);

    const rows = lanes.filter(([kind]) => model.get("shown").includes(kind)).map(([kind, label]) => {
      const lane = h("div", { className: "md-lane" }, h("span", { "aria-hidden": "true", textContent: label }));
      const rowEnds = []; // right end of the last mark in each row of the lane: marks that would touch go one row up
      for (const event of list.filter((e) => e.kind === kind)) {
        const x = (percent(dayOfEpoch(event.date)) / 100) * width;
        let row = rowEnds.findIndex((right) => right <= x);
        if (row < 0) row = rowEnds.length;
        rowEnds[row] = x + MARK_PX;
        const button = buttons.get(event.id);
        button.style.left = `${percent(dayOfEpoch(event.date))}%`;
        button.style.bottom = `${row * MARK_PX}px`;
        button.tabIndex = event === stop ? 0 : -1;
        button.setAttribute("aria-pressed", event === selected);
        lane.append(button);
      }
      lane.style.height = `${20 + MARK_PX * Math.max(1, rowEnds.length)}px`;
      return lane;
    });
    const every = Math.ceil((last - first + 1) / Math.max(2, Math.floor(width / 60)));
    const axis = h("div", { className: "md-axis", "aria-hidden": "true" });
    for (let year = first; year <= last; year += every) {
      const tick = h("span", { textContent: year });
      tick.style.left = `${percent(dayOfEpoch(`${year}-01-01`))}%`;
      axis.append(tick);
    }
    chart.replaceChildren(...rows, axis);
    if (focused && stop) buttons.get(stop.id).focus();

    chips.forEach((chip, lane) => chip.setAttribute("aria-pressed", model.get("shown").includes(lanes[lane][0])));
    ends.forEach(({ select }, end_) => { select.value = model.get("years")[end_]; });
    const at = list.indexOf(selected);
    // Not `disabled`: the button that ends the walk would drop the keyboard's focus.
    earlier.setAttribute("aria-disabled", !list.length || at === 0);
    later.setAttribute("aria-disabled", !list.length || at === list.length - 1);
    if (!selected) {
      const next = list.length ? "Choose one to read it." : "Switch a kind on, or choose more years.";
      say([`${list.length} of ${events.length} events shown, ${first} to ${last}. ${next}`]);
      return;
    }
    const links = selected.sources.flatMap(({ label, url }, i) => [i ? "; " : "", url ? h("a", { href: url, textContent: label }) : label]);
    say(
      [h("strong", { textContent: selected.when }), ` · ${lanes[laneOf[selected.kind]][1]} · ${at + 1} of ${list.length} shown`],
      [h("strong", { textContent: `${selected.title}. ` }), selected.summary],
      ["Source: ", ...links],
    );
  }

  const changes = "change:shown change:years change:selected";
  let waiting = false; // several traits that change together are drawn once
  const redraw = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; draw(); });
  };
  model.on(changes, redraw);
  draw();
  let drawnAt = chart.clientWidth;
  const observer = new ResizeObserver(() => {
    if (chart.clientWidth !== drawnAt) { drawnAt = chart.clientWidth; draw(); }
  });
  observer.observe(chart);
  return () => { observer.disconnect(); model.off(changes, redraw); };
}

export default { render };
