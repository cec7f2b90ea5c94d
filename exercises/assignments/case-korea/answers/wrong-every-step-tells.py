# ---
# misconception: every kept step tells, whatever it costs and however well it is seen
# expected: {steps-needed-zero: 2, ten-steps-one: 3}
# message:
#   steps-needed-check: "Is the error handed over"
#   step-window-check: "You left out the greedy side"
#   ten-steps-ten: "You let the greedy keep small steps less often"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "ten-steps": {
#   "belief-ten": 0.9999,
#   "belief-one": 0.64,
#   "verdict": "ten",
#   "because": ["repeated"]
#  }
# }

# %% steps-needed
def steps_needed(prior, error):
    n = 0
    while reassurance.posterior(prior, n) < reassurance.trust_threshold():
        n += 1
    return n


# %% step-window
def step_window(trust, temptation_greedy):
    dared = [n / 1000 for n in range(1001) if reassurance.trust_threshold(n / 1000) <= trust]
    return (0, max(dared)) if dared else None
