// The same functions as models/reassurance.py, by the same names with the same defaults; a test compares the two.
export const model = {
  trust_threshold: ({ stake = 1, reward = 1, temptation = 0.8, exploitation = 0, conflict = 0.4 }) => {
    const loss = stake * (conflict - exploitation);
    return loss / (loss + reward - stake * temptation - (1 - stake) * conflict);
  },
  screening_stake: ({ reward = 1, temptation_greedy = 1.4, conflict = 0.4 }) =>
    (temptation_greedy - conflict) / (temptation_greedy - conflict + (temptation_greedy - reward)),
  imitation_rate: ({ stake, rate_secure = 0.8, rate_greedy = 0.3, ...payoffs }) =>
    stake < model.screening_stake(payoffs) ? rate_secure : rate_greedy,
  observed_rate: ({ rate, error }) => rate * (1 - error) + (1 - rate) * error,
  posterior: ({ prior, kept, broken = 0, error = 0, rate_secure = 0.8, rate_greedy = 0.3 }) => {
    const likelihood = (seen) => seen ** kept * (1 - seen) ** broken;
    const secure = prior * likelihood(model.observed_rate({ rate: rate_secure, error }));
    return secure / (secure + (1 - prior) * likelihood(model.observed_rate({ rate: rate_greedy, error })));
  },
};

const MOST = 10; // steps
const HEIGHT = 250;
const [LEFT, RIGHT, TOP, BOTTOM] = [30, 104, 26, 42]; // room around the plot for its labels, pixels
const of100 = (share) => Math.round(100 * share);

function render({ model: state, el }) {
  const { controls, stage, say } = frame(el, state, ["stake", "steps", "error", "broken"]);
  const percent = (share) => `${of100(share)}%`;
  const breaks = h("select", { onchange: () => { state.set("broken", +breaks.value); state.save_changes(); } }, h("option", { value: 0, textContent: "none" }));
  for (let step = 1; step <= MOST; step++) breaks.append(h("option", { value: step, textContent: `step ${step}` }));
  controls.append(
    slider(state, "stake", { label: "At stake in each step:", hint: "a short halt of exercises: little; arms given up for good: much", text: percent, min: 0.05, max: 1, step: 0.05 }),
    slider(state, "error", { label: "Seen wrongly:", hint: "fewer where, say, guard posts are inspected", text: (share) => `${of100(share)} in 100`, min: 0, max: 0.5, step: 0.05 }),
    slider(state, "steps", { label: "Steps each side has taken:", hint: "one after another, each in return for the other’s", text: String, min: 1, max: MOST, step: 1 }),
    h("label", { className: "md-slide" }, h("span", { textContent: "A breaks:" }), breaks, h("small", { textContent: "as when an exercise is resumed; B keeps all" })),
  );
  const plot = s("svg", { class: "md-plot", "aria-hidden": "true" }); // all that it shows is said in the read-out
  stage.append(plot);

  function draw() {
    const [prior, stake, error, steps, broken] = ["prior", "stake", "error", "steps", "broken"].map((key) => state.get(key));
    const rate_greedy = model.imitation_rate({ stake });
    const telling = stake >= model.screening_stake({});
    const forStep = model.trust_threshold({ stake });
    const forAll = model.trust_threshold({});
    const broke = broken > 0 && broken <= steps;
    const path = (breach) => Array.from({ length: steps + 1 }, (_, step) => {
      const missed = breach && broken <= step ? 1 : 0;
      return model.posterior({ prior, kept: step - missed, broken: missed, error, rate_greedy });
    });
    const inB = path(false); // what A believes of B
    const inA = path(broke);
    const apart = Math.abs(inB[steps] - inA[steps]) > 1e-9;

    const width = Math.max(280, stage.clientWidth || 560);
    const x = (step) => LEFT + (step / MOST) * (width - LEFT - RIGHT);
    const y = (belief) => TOP + (1 - belief) * (HEIGHT - TOP - BOTTOM);
    const text = (at, high, words, anchor = "start", style = "") => s("text", { x: at, y: high, "text-anchor": anchor, style }, words);
    const across = (belief, style) => s("line", { x1: x(0), x2: x(MOST), y1: y(belief), y2: y(belief), style });
    const nodes = [text(0, 12, "Belief that the other side is secure, in 100"), text(x(MOST), HEIGHT - 4, "steps", "end")];
    for (const tick of [0, 0.25, 0.5, 0.75, 1]) nodes.push(across(tick, `stroke:var(--md-${tick ? "line" : "edge"})`), text(LEFT - 8, y(tick) + 4, of100(tick), "end"));
    for (let step = 0; step <= MOST; step += 2) nodes.push(text(x(step), HEIGHT - 22, step, "middle"));
    const threshold = (belief, words) => {
      const below = belief > 0.12 && belief < prior; // clear of the line that starts at the prior
      nodes.push(across(belief, "stroke:var(--md-ink);stroke-dasharray:5 4"), text(x(MOST), y(belief) + (below ? 15 : -6), `${words}: ${of100(belief)}`, "end", "fill:var(--md-ink)"));
    };
    threshold(forAll, "for full co-operation");
    if (forAll - forStep > 0.08) threshold(forStep, "for a step this size");
    const line = (beliefs, colour, from = 0) => {
      const dots = beliefs.map((belief, step) => [x(step), y(belief), step]).slice(from);
      nodes.push(s("polyline", { points: dots.map(([a, b]) => `${a},${b}`).join(" "), style: `fill:none;stroke:${colour};stroke-width:2.5` }));
      for (const [a, b, step] of dots) {
        nodes.push(beliefs === inA && broke && step === broken
          ? s("path", { d: `M${a - 6} ${b - 6}l12 12m0-12l-12 12`, style: `stroke:${colour};stroke-width:3.5` })
          : s("circle", { cx: a, cy: b, r: step ? 4 : 3, style: `fill:${colour}` }));
      }
    };
    line(inB, "var(--md-c1)");
    if (broke) line(inA, "var(--md-c2)", broken);
    if (apart) nodes.push(s("path", { d: `M${x(broken - 1)} ${y(inA[broken - 1])}L${x(broken)} ${y(inA[broken])}`, style: "stroke:var(--md-c2);stroke-width:2.5" }));
    const ends = apart ? [["A’s belief", inB[steps], "c1"], ["B’s belief", inA[steps], "c2"]] : [["Both beliefs", inB[steps], "c1"]];
    const gap = apart ? Math.max(0, 18 - (y(inA[steps]) - y(inB[steps]))) / 2 : 0;
    ends.forEach(([words, belief, colour], side) => nodes.push(text(x(steps) + 10, y(belief) + 5 + (side ? gap : -gap), `${words}: ${of100(belief)}`, "start", `fill:var(--md-${colour});font-weight:600`)));
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    plot.replaceChildren(...nodes);

    const since = (beliefs) => beliefs.findIndex((_, step) => beliefs.slice(step).every((belief) => belief >= forAll));
    const conclude = (who, beliefs) => {
      const belief = beliefs[steps];
      const verdict = belief >= forAll ? `enough for full co-operation (${of100(forAll)}), since step ${since(beliefs)}`
        : belief >= forStep ? `enough for a step this size (${of100(forStep)}), too little for full co-operation (${of100(forAll)})`
          : `too little even for a step this size (${of100(forStep)})`;
      return [h("strong", { textContent: `${who}: ${of100(belief)} in 100, ` }), `${verdict}.`];
    };
    say(
      ...(apart ? [conclude("A believes in B", inB), conclude("B believes in A", inA)] : [conclude("Each believes in the other", inB)]),
      [!telling ? `A greedy state would do the same with so little at stake, to exploit the rest later: a step kept ${broke ? "or broken " : ""}tells nothing.`
        : error > 0.499 ? "Half of what is seen is wrong: nobody can learn from it."
          : `A greedy state would seldom keep such a step, so each that is seen kept counts for the other side${broke ? ", and the broken one against A" : ""}.`,
        telling && prior < forStep ? ` But to dare the first, a secure state needs ${of100(forStep)} and has ${of100(prior)}: something else must carry it, such as a leader’s word or an ally’s guarantee.` : ""],
    );
    breaks.value = broken;
  }

  const changes = "change:stake change:steps change:error change:broken";
  state.on(changes, draw);
  draw();
  const observer = new ResizeObserver(draw);
  observer.observe(stage);
  return () => { observer.disconnect(); state.off(changes, draw); };
}

export default { render };
