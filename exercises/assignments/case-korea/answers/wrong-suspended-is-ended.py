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
#   "2018-09-19": "signed",
#   "2018-11-01": "effect",
#   "2018-11-20": "carried out",
#   "2023-11-22": "suspended",
#   "2023-11-23": "renounced",
#   "2023-11-24": "undone",
#   "2024-01-08": "suspended",
#   "2024-06-04": "terminated",
#   "seoul": ["2023-11-22", "2024-06-04"]
#  },
#  "ten-steps": {
#   "belief-ten": 40.0,
#   "belief-one": 64.0,
#   "verdict": "same",
#   "because": ["sum"]
#  }
# }

# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    return (low, trust) if trust > 0.5 else None
