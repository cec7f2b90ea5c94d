# ---
# about: the release, handed in as it came
# expected: {counts-by-kind-check: 0, counts-by-kind-all: 0, days-since-agreement-check: 0, days-since-agreement-none: 0, days-since-agreement-all: 0}
# rubric: {memo: {dates: 0, argument: 0, limits: 0}}
# ---
