# ---
# misconception: a file of answers may be edited by hand, and this one lost its end
# expected: {}
# message:
#   acts-check: "cannot be read as a file of answers"
#   ten-steps-ten: "cannot be read as a file of answers"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "acts": {
#   "2018-09-19": "signed",
