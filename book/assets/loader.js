// Brings the page's widgets and charts to life, over http and from file://, and asks nothing of any other host.
//
// Widgets: the book's build writes the state of every anywidget into the page as JSON; each is mounted from its class's
// module, with the part of the anywidget model that works without a kernel; their styles are in the book's stylesheet. Charts: a picture stands in the page; Vega's runtime
// is fetched and draws the live chart when the reader first does something and the chart is near.
(() => {
  "use strict";
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const assets = new URL(".", document.currentScript.src);

  /** What a widget's code sees of its model: traits and their changes, kept in this page alone. */
  class Model {
    #state;
    #listeners = new Map();
    constructor(state, models) {
      this.#state = state;
      this.widget_manager = { get_model: async (id) => models.get(id.replace("IPY_MODEL_", "")) };
    }
    get(key) {
      return this.#state[key];
    }
    set(key, value) {
      if (this.#state[key] === value) return;
      this.#state[key] = value;
      this.#fire(`change:${key}`, value);
      this.#fire("change");
    }
    save_changes() {}
    send() {}
    on(events, callback) {
      for (const event of events.split(" ")) {
        if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
        this.#listeners.get(event).add(callback);
      }
    }
    off(events, callback) {
      if (!events) return this.#listeners.clear();
      for (const event of events.split(" ")) {
        if (callback) this.#listeners.get(event)?.delete(callback);
        else this.#listeners.delete(event);
      }
    }
    #fire(event, ...values) {
      for (const callback of [...(this.#listeners.get(event) ?? [])]) callback(this, ...values);
    }
  }

  const importText = async (text) => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    try {
      return await import(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  };

  const complain = (place, what, error) => {
    console.error(error);
    const note = document.createElement("p");
    note.className = "md-failed";
    note.textContent = `${what} could not start in this browser. Its content stands below it as a table.`;
    place.replaceChildren(note);
  };

  /** The widgets' code and models; texts that stand in a widget's table are read from there (widget_state.py). */
  function readState(source) {
    const { modules, state } = JSON.parse(source.textContent);
    const models = new Map();
    for (const [id, each] of Object.entries(state)) {
      const table = document.querySelector(`.md-alternative[data-model="${id}"]`);
      const texts = [];
      const links = [...(table?.querySelectorAll("a[href]") ?? [])].map((link) => link.getAttribute("href"));
      if (table) {
        const walk = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) texts.push(walk.currentNode.data.trim());
      }
      const shown = texts.filter(Boolean);
      const whole = (value) => {
        if (value === null || typeof value !== "object") return value;
        if ("$" in value) return shown[value.$[0]].slice(0, shown[value.$[0]].length - value.$[1]);
        if ("@" in value) return links[value["@"]];
        return Array.isArray(value) ? value.map(whole) : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, whole(part)]));
      };
      models.set(id, new Model(whole(each.state), models));
    }
    return { modules, models };
  }

  /** When the page has been painted once more: a reader can read and scroll between the widgets' starts. */
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

  async function mountWidgets() {
    const source = document.querySelector(STATE);
    if (!source) return;
    for (const table of document.querySelectorAll(".md-alternative[data-model]")) table.open = false; // before it costs time
    await painted();
    let found;
    try {
      found = readState(source);
    } catch (error) {
      found = { error }; // said beside every widget
    }
    const loaded = new Map();
    for (const view of document.querySelectorAll(VIEW)) {
      const id = JSON.parse(view.textContent).model_id;
      const el = document.createElement("div");
      await painted();
      const table = document.querySelector(`.md-alternative[data-model="${id}"]`);
      (table ?? view).before(el);
      try {
        if (found.error) throw found.error;
        const model = found.models.get(id);
        const code = found.modules[model?.get("_esm")];
        if (!code) throw new Error(`widget ${id} is no anywidget: it needs a running kernel`);
        if (!loaded.has(code)) loaded.set(code, importText(code));
        let widget = (await loaded.get(code)).default;
        if (typeof widget === "function") widget = await widget();
        await widget.initialize?.({ model });
        await widget.render({ model, el });
      } catch (error) {
        if (table) table.open = true;
        complain(el, "The widget", error);
      }
    }
  }

  let runtime; // Vega, once
  const vega = () =>
    (runtime ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("vega.js", assets);
      script.onload = () => resolve(window.vega);
      script.onerror = () => reject(new Error(`${script.src} did not load`));
      document.head.append(script);
    }));

  async function drawChart(chart) {
    const stage = chart.querySelector(".md-chart-stage");
    const controls = [...chart.querySelectorAll("[data-signal]")];
    try {
      const { View, parse } = await vega();
      const spec = JSON.parse(chart.querySelector('script[type="application/vnd.vega+json"]').textContent);
      const live = document.createElement("div");
      const view = new View(parse(spec), { renderer: "svg", container: live, hover: true });
      const send = (control) => view.signal(control.dataset.signal, control.type === "range" ? +control.value : control.value);
      for (const control of controls) {
        send(control); // the reader may have set it before the chart was live
        control.addEventListener("input", () => send(control).runAsync());
      }
      const fit = () => view.width(Math.max(280, stage.clientWidth)).runAsync();
      await fit();
      stage.replaceChildren(live);
      new ResizeObserver(fit).observe(stage);
      chart.dataset.live = "";
    } catch (error) {
      complain(stage, "The chart", error);
    }
  }

  function watchCharts() {
    const charts = document.querySelectorAll(".md-chart");
    if (!charts.length) return;
    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          drawChart(target);
        }
      },
      { rootMargin: "400px" },
    );
    const signs = ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"];
    const begin = () => {
      for (const sign of signs) removeEventListener(sign, begin);
      for (const chart of charts) near.observe(chart);
    };
    for (const sign of signs) addEventListener(sign, begin, { passive: true });
  }

  watchCharts();
  mountWidgets();
})();
