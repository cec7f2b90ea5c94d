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
    const logChance = (rate) => {
      const seen = model.observed_rate({ rate, error });
      return (kept && kept * Math.log(seen)) + (broken && broken * Math.log(1 - seen));
    };
    const kinds = [[prior, logChance(rate_secure)], [1 - prior, logChance(rate_greedy)]];
    const likeliest = Math.max(...kinds.filter(([share]) => share).map(([, chance]) => chance));
    const [secure, greedy] = kinds.map(([share, chance]) => share && share * Math.exp(chance - likeliest));
    return secure / (secure + greedy);
  },
};

const MOST = 10; // steps
const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [226, 30, 106, 10, 36]; // pixels: the plot, and the room for its labels
const in100 = (belief) => Math.min(99, Math.max(1, Math.round(100 * belief))); // no evidence makes certain

function render({ model: state, el }) {
  const controlled = ["stake", "error", "steps", "broken"];
  const { controls, stage, out, say } = frame(el, state, controlled);
  stage.after(out); // a phone shows the plot below the sliders that move it
  const breaks = h("select", { onchange: () => { state.set("broken", +breaks.value); state.save_changes(); } });
  for (let step = 0; step <= MOST; step++) breaks.append(h("option", { value: step, textContent: step ? `step ${step}` : "none" }));
  controls.append(
    slider(state, "stake", { label: "At stake", hint: "in each step, such as an exercise halted", min: 0.05, max: 1, step: 0.05 }),
    slider(state, "error", { label: "Seen wrongly", hint: "less where guard posts are inspected", min: 0, max: 0.5, step: 0.05 }),
    slider(state, "steps", { label: "Steps", hint: "taken by each side in turn", text: String, min: 1, max: MOST, step: 1 }),
    h("label", { className: "md-slide" }, "A breaks", breaks, h("small", { textContent: "as by resuming an exercise" })),
  );
  const plot = s("svg", { class: "md-plot", "aria-hidden": "true" }); // all that it shows is said in the read-out
  stage.append(h("small", { textContent: "Belief that the other is secure, in 100. Dashed: what it takes to dare a step." }), plot);

  return keepDrawn(state, controlled, stage, () => {
    const [stake, error, steps, broken] = controlled.map((key) => state.get(key));
    const prior = state.get("prior");
    const rate_greedy = model.imitation_rate({ stake });
    const forStep = model.trust_threshold({ stake });
    const forAll = model.trust_threshold({});
    const broke = broken > 0 && broken <= steps;
    const beliefs = (breach) => Array.from({ length: steps + 1 }, (_, step) => {
      const missed = +(breach && broken <= step);
      return model.posterior({ prior, kept: step - missed, broken: missed, error, rate_greedy });
    });
    const inB = beliefs(false); // what A believes of B
    const inA = beliefs(broke);
    const apart = Math.abs(inB[steps] - inA[steps]) > 1e-9;

    const width = Math.max(240, stage.clientWidth);
    const x = (step) => LEFT + (step / MOST) * (width - LEFT - RIGHT);
    const y = (belief) => TOP + (1 - belief) * (HEIGHT - TOP - BOTTOM);
    const text = (words, at, height, more = "") => `<text x="${at}" y="${height}" ${more}>${words}</text>`;
    const across = (name, belief, from = 0) => `<path class="${name}" d="M${x(from)} ${y(belief)}H${x(MOST)}"/>`;
    const line = (name, side, from) =>
      `<polyline class="${name}" points="${side.map((belief, step) => `${x(step)},${y(belief)}`).slice(from).join(" ")}"/>` +
      across(`${name} md-rest`, side[steps], steps) +
      side.map((belief, step) => side === inA && broke && step === broken
        ? `<path class="${name} md-cross" d="M${x(step) - 6} ${y(belief) - 6}l12 12m0-12l-12 12"/>`
        : `<circle class="${name}" cx="${x(step)}" cy="${y(belief)}" r="4"/>`).slice(from).join("");
    const labels = [["md-needed", "all at stake", forAll], ["md-a", apart ? "A’s belief" : "Both beliefs", inB[steps]]];
    if (stake < 1) labels.push(["md-needed", "at this stake", forStep]);
    if (apart) labels.push(["md-b", "B’s belief", inA[steps]]);
    let last = 0; // labels that would touch go down
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    plot.innerHTML = [0, 25, 50, 75, 100].map((tick) => across(tick ? "md-grid" : "md-base", tick / 100) + text(tick, LEFT - 8, y(tick / 100) + 4, 'text-anchor="end"')).join("") +
      [0, 5, 10].map((step) => text(step, x(step), HEIGHT - 20, 'text-anchor="middle"')).join("") +
      text("steps", x(MOST / 2), HEIGHT - 4, 'text-anchor="middle"') +
      across("md-needed", forAll) + across("md-needed", forStep) +
      line("md-a", apart ? inB : inA, 0) + (apart ? line("md-b", inA, broken - 1) : "") +
      labels.sort((one, other) => other[2] - one[2]).map(([name, words, belief]) => {
        last = Math.max(y(belief) + 4, last + 16);
        return text(`${words}: ${in100(belief)}`, x(MOST) + 9, last, `class="${name}"`);
      }).join("");

    const conclude = (who, side) => {
      const since = side.findIndex((_, step) => side.slice(step).every((belief) => belief >= forAll));
      return [h("strong", { textContent: `${who}: ${in100(side[steps])} in 100, ` }),
        side === inA && broke ? `after falling from ${in100(side[broken - 1])} to ${in100(side[broken])} at step ${broken}; ` : "",
        since >= 0 ? `enough for full co-operation (${in100(forAll)}) since step ${since}.`
          : side[steps] >= forStep ? `enough for such a step (${in100(forStep)}), too little for full co-operation (${in100(forAll)}).`
            : `too little even for such a step (${in100(forStep)}).`];
    };
    const telling = stake >= model.screening_stake({});
    say(
      ...(apart ? [conclude("A’s belief in B", inB), conclude("B’s belief in A", inA)] : [conclude("Each one’s belief in the other", inB)]),
      [!telling ? `With so little at stake a greedy state does as a secure one would, to exploit the rest later: a step kept ${broke ? "or broken " : ""}tells nothing.`
        : error >= 0.5 ? "Half of what is seen is wrong: it tells nothing."
          : `The greedy seldom keep such steps: each one seen kept speaks for its taker${broke ? ", the broken one against A" : ""}.`,
        telling && prior < forStep ? ` But to dare the first takes a belief of ${in100(forStep)}, and each begins with ${in100(prior)}: something else must carry it, such as an ally’s guarantee.` : ""],
    );
    breaks.value = broken;
  });
}

export default { render };
