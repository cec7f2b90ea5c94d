"""What make runs: assignments, the sample class, the learner's bundle, checks of the evidence, screenshots."""
