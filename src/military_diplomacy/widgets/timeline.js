// One lane a kind, one button an event. Arrow keys walk through the events shown; chips, actor and span filter them.

const SHAPES = [
  { tag: "circle", cx: 7, cy: 7, r: 5 },
  { tag: "path", d: "M7 1 13 7 7 13 1 7Z" },
  { tag: "path", d: "M7 1.5 13 12.5H1Z" },
  { tag: "rect", x: 2, y: 2, width: 10, height: 10 },
  { tag: "path", d: "M7 12.5 1 1.5H13Z" },
  { tag: "path", d: "M2 4 4 2 7 5 10 2 12 4 9 7 12 10 10 12 7 9 4 12 2 10 5 7Z" },
];
const MARK_PX = 24;
const TICK_PX = 64; // least room for a tick with its month and year
const EDGE = 4; // per cent of the width kept free at each end, so that no mark is cut off
const CLOSEST = 2; // months
const TICKS = [1, 2, 3, 6, 12]; // months between ticks; from there on whole years

const mark = (lane) => {
  const { tag, ...shape } = SHAPES[lane];
  const colour = `var(--md-c${lane + 1})`;
  const style = `fill:${colour};stroke:${colour};stroke-width:1.5`;
  return s("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, s(tag, { ...shape, style }));
};

const DAY = 864e5; // milliseconds
const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
const words = (iso, parts) => new Date(iso).toLocaleDateString("en-GB", { timeZone: "UTC", year: "numeric", month: "long", ...parts });
// Months are counted from the year 0.
const monthOf = (iso) => 12 * iso.slice(0, 4) + +(iso.slice(5, 7) || 1) - 1;
const firstDay = (month) => Date.UTC(Math.floor(month / 12), month % 12);
const isoOf = (time) => new Date(time).toISOString().slice(0, 10);

/** Rows of texts as CSV (RFC 4180); the mark in front tells spreadsheets that it is UTF-8. */
const csv = (rows) => "\ufeff" + rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join() + "\r\n").join("");

function render({ model, el }) {
  const events = model.get("events");
  const lanes = Object.entries(model.get("lanes")); // [[kind, label], …]
  const laneOf = Object.fromEntries(lanes.map(([kind], lane) => [kind, lane]));
  const actors = model.get("actors");
  const named = (event, between) => event.actors.map((code) => actors[code]).join(between);
  const traits = ["shown", "actor", "span", "selected"];
  const years = [+events[0].date.slice(0, 4), +events.at(-1).date.slice(0, 4)];
  const whole = [`${years[0]}-01-01`, `${years[1]}-12-31`];
  const bounds = whole.map(monthOf);
  const { controls, stage, say } = frame(el, model, traits);

  const set = (changes) => {
    for (const [key, value] of Object.entries(changes)) model.set(key, value);
    model.save_changes();
  };
  const visible = () => {
    const [first, last] = model.get("span").map(Date.parse);
    const [kinds, actor] = [model.get("shown"), model.get("actor")];
    return events.filter((e) => kinds.includes(e.kind) && (!actor || e.actors.includes(actor)) && Date.parse(e.date) >= first && Date.parse(e.date) <= last);
  };
  const button = (textContent, onclick) => h("button", { type: "button", className: "md-btn", textContent, onclick });
  const row = (label, ...children) => controls.append(h("div", { className: "md-row", role: "group", "aria-label": label }, ...children));

  // Filters
  const chips = lanes.map(([kind, label], lane) => {
    const onclick = () => {
      const shown = model.get("shown");
      set({ shown: shown.includes(kind) ? shown.filter((k) => k !== kind) : [...shown, kind] });
    };
    return h("button", { type: "button", className: "md-chip", onclick }, mark(lane), label);
  });
  const choice = (label, options, choose) => {
    const id = `md-choice-${Math.random().toString(36).slice(2)}`;
    const select = h("select", { id, onchange: () => choose(select.value) }, ...options.map(([value, textContent]) => h("option", { value, textContent })));
    return [select, h("span", { className: "md-choice" }, h("label", { htmlFor: id, textContent: label }), select)];
  };
  const [who, whoChoice] = choice("Who is involved", [["", "anyone"], ...Object.entries(actors)], (actor) => set({ actor }));
  const ends = ["From", "to"].map((label, end) => {
    const options = Array.from({ length: years[1] - years[0] + 1 }, (_, i) => [years[0] + i, years[0] + i]);
    return choice(label, options, (year) => {
      const span = [...model.get("span")];
      span[end] = year + ["-01-01", "-12-31"][end];
      if (span[0] > span[1]) span[1 - end] = year + ["-12-31", "-01-01"][end];
      set({ span });
    });
  });
  row("Kinds of event shown", ...chips);
  row("Who and when", whoChoice, ...ends.map(([, yearChoice]) => yearChoice),
    button("Show all", () => set({ shown: lanes.map(([kind]) => kind), actor: "", span: whole, selected: "" })));

  // The span, in whole months
  const show = (first, length) => {
    first = clamp(first, bounds[0], bounds[1] - length + 1);
    set({ span: [isoOf(firstDay(first)), isoOf(firstDay(first + length) - DAY)] });
  };
  const spanned = () => {
    const [first, last] = model.get("span").map(monthOf);
    return [first, last - first + 1];
  };
  const zoom = (factor) => {
    const [first, length] = spanned();
    const selected = visible().find((e) => e.id === model.get("selected"));
    const middle = selected ? monthOf(selected.date) : first + Math.floor(length / 2);
    const now = clamp(Math.round(length * factor), CLOSEST, bounds[1] - bounds[0] + 1);
    show(middle - Math.floor(now / 2), now);
  };
  const move = (by) => {
    const [first, length] = spanned();
    show(first + by * Math.floor(length / 2), length);
  };
  const [closer, wider, back, on] = [button("Closer", () => zoom(0.5)), button("Wider", () => zoom(2)), button("← Back", () => move(-1)), button("Ahead →", () => move(1))];

  // Marks
  const chart = h("div", { className: "md-timeline", tabIndex: -1, role: "group", "aria-label": "Events in order of time; arrow keys move between them, plus and minus show less or more of the time around" });
  const buttons = new Map(events.map((event) => {
    const node = h("button", { type: "button", className: "md-mark", onclick: () => set({ selected: event.id }) }, mark(laneOf[event.kind]));
    node.setAttribute("aria-label", `${event.when}: ${event.title}`);
    return [event.id, node];
  }));
  const step = (by) => {
    const list = visible();
    const at = list.findIndex((e) => e.id === model.get("selected"));
    const from = at >= 0 ? at : by > 0 ? -1 : list.length;
    const next = list[clamp(from + by, 0, list.length - 1)];
    if (next) set({ selected: next.id });
    return next;
  };
  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own zoom
    const factor = { "+": 0.5, "=": 0.5, "-": 2, "−": 2 }[event.key];
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!by && !factor) return;
    event.preventDefault();
    if (factor) return zoom(factor);
    const next = step(by);
    if (next) buttons.get(next.id).focus();
  });
  const [earlier, later] = [button("← Earlier event", () => step(-1)), button("Later event →", () => step(1))];
  row("Time shown", closer, wider, back, on);
  row("Step through the events shown", earlier, later);

  const download = button("", () => {
    const list = visible();
    if (!list.length) return;
    const rows = list.map((e) => [e.id, e.date, e.kind, e.title, e.summary, named(e, "; "),
      e.sources.map(({ label, url }) => (url ? `${label} <${url}>` : label)).join("; "), e.as_of]);
    const file = new Blob([csv([["id", "date", "kind", "title", "summary", "actors", "sources", "as_of"], ...rows])], { type: "text/csv" });
    const href = URL.createObjectURL(file);
    h("a", { href, download: `events-${model.get("span").join("-to-")}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1e4);
  });
  stage.append(chart, download);

  return keepDrawn(model, traits, chart, () => {
    const span = model.get("span");
    const [start, end] = span.map(Date.parse);
    const [month, length] = spanned();
    const percent = (time) => EDGE + ((100 - 2 * EDGE) * (time - start)) / (end - start);
    const width = chart.clientWidth || 560;
    const list = visible();
    const selected = list.find((e) => e.id === model.get("selected"));
    const stop = selected ?? list[0]; // the one tab stop among the marks
    const focused = chart.contains(document.activeElement);

    const rows = lanes.filter(([kind]) => model.get("shown").includes(kind)).map(([kind, label]) => {
      const lane = h("div", { className: "md-lane" }, h("span", { "aria-hidden": "true", textContent: label }));
      const rowEnds = []; // right end of the last mark in each row of the lane: marks that would touch go one row up
      for (const event of list.filter((e) => e.kind === kind)) {
        const at = percent(Date.parse(event.date));
        const x = (at / 100) * width;
        let line = rowEnds.findIndex((right) => right <= x);
        if (line < 0) line = rowEnds.length;
        rowEnds[line] = x + MARK_PX;
        const node = buttons.get(event.id);
        node.style.left = `${at}%`;
        node.style.bottom = `${line * MARK_PX}px`;
        node.tabIndex = event === stop ? 0 : -1;
        node.setAttribute("aria-pressed", event === selected);
        lane.append(node);
      }
      lane.style.height = `${20 + MARK_PX * Math.max(1, rowEnds.length)}px`;
      return lane;
    });
    const room = Math.max(2, Math.floor(width / TICK_PX));
    const every = TICKS.find((months) => length / months <= room) ?? 12 * Math.ceil(length / 12 / room);
    const axis = h("div", { className: "md-axis", "aria-hidden": "true" });
    const from = every > 12 ? month : Math.ceil(month / every) * every;
    for (let at = from; at < month + length; at += every) {
      const year = at === from || at % 12 === 0;
      const textContent = words(firstDay(at), { month: every < 12 ? "short" : undefined, year: year || every >= 12 ? "numeric" : undefined });
      const left = percent(firstDay(at));
      if ((1 - left / 100) * width > 8 * textContent.length) axis.append(h("span", { textContent, style: `left:${left}%` }));
    }
    chart.replaceChildren(...rows, axis);
    if (focused) (buttons.get(stop?.id) ?? chart).focus();

    chips.forEach((chip, lane) => chip.setAttribute("aria-pressed", model.get("shown").includes(lanes[lane][0])));
    who.value = model.get("actor");
    ends.forEach(([select], i) => { select.value = span[i].slice(0, 4); });
    const at = list.indexOf(selected);
    // Not `disabled`: the button that ends the walk would drop the keyboard's focus.
    const idle = [[earlier, !list.length || at === 0], [later, !list.length || at === list.length - 1], [download, !list.length],
      [closer, length <= CLOSEST], [wider, length > bounds[1] - bounds[0]], [back, month <= bounds[0]], [on, month + length > bounds[1]]];
    for (const [node, off] of idle) node.setAttribute("aria-disabled", off);
    download.textContent = `Download what is shown (${list.length}, CSV)`;
    const time = span.map((iso) => words(iso)).join(" to ");
    if (!selected) {
      const next = list.length ? "Choose one to read it." : "Switch a kind on, let anyone be involved, or go wider.";
      say([`${list.length} of ${events.length} events shown, ${time}. ${next}`]);
      return;
    }
    const links = selected.sources.flatMap(({ label, url }, i) => [i ? "; " : "", url ? h("a", { href: url, textContent: label }) : label]);
    say(
      [h("strong", { textContent: selected.when }), ` · ${lanes[laneOf[selected.kind]][1]} · ${named(selected, ", ")}`],
      [h("strong", { textContent: `${selected.title}. ` }), selected.summary],
      ["Source: ", ...links, `; as of ${words(selected.as_of, { day: "numeric" })}.`],
      [h("small", { textContent: `Event ${at + 1} of the ${list.length} shown, ${time}` })],
    );
  });
}

export default { render };
