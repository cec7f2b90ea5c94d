"""What make runs: assignments, the sample class, the learner's bundle, checks of the evidence, screenshots."""

SAMPLE = "sample-"  # the students of the sample class are called so, and nobody else may be
