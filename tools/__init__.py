"""What make runs: assignments, the sample class, the learner's bundle, checks of the evidence, screenshots."""

SAMPLE = "sample-"  # the students of the sample class are called so, and nobody else may be


def counted(count: int, one: str, many: str) -> str:
    """Return a number with what was counted, in the singular or the plural."""
    return f"{count} {one if count == 1 else many}"
