# ---
# misconception: a suspension is an end, a soldier's word is a government's, and a belief is a stake
# expected: {acts-check: 4, step-window-none: 2}
# message:
#   step-window-check: "The trust is a belief and no stake"
#   ten-steps-ten: "not a percentage"
#   ten-steps-one: "not a percentage"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "acts": {
#   "KE-2018-09-19-cma": "signed",
#   "KE-2018-11-01-halt": "effect",
#   "KE-2018-11-20-guardposts": "carried out",
#   "KE-2023-11-22-partial": "suspended",
#   "KE-2023-11-23-renounce": "renounced",
#   "KE-2023-11-24-gps": "undone",
#   "KE-2024-01-08-bufferzones": "suspended",
#   "KE-2024-06-04-full": "terminated",
#   "seoul": ["KE-2023-11-22-partial", "KE-2024-06-04-full"]
#  },
#  "ten-steps": {
#   "belief-ten": 30.0,
#   "belief-one": 53.3,
#   "verdict": "same",
#   "because": ["sum"]
#  }
# }

# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    return (low, trust) if trust > 0.5 else None
