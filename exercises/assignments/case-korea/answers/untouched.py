# ---
# about: the release, handed in as it came
# expected: {}
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---
