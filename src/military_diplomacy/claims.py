"""The ledger: every claim of the source article in our words, rated, with reason and evidence."""

from dataclasses import dataclass
from functools import cache

from . import tables

# From the best to the worst; the number is what the meter on a page shows, out of four.
RATINGS = {"supported": 4, "supported with qualification": 3, "contested": 2, "inaccurate": 1}


@dataclass(frozen=True)
class Claim:
    """One claim: `text` in our words, `heading` of its section in the article, `evidence` as keys of works and names of tables."""

    id: str
    heading: str
    text: str
    rating: str
    reason: str
    evidence: tuple[str, ...]
    chapter: str

    @property
    def level(self) -> int:
        """The rating as a number, 1 (inaccurate) to 4 (supported)."""
        return RATINGS[self.rating]


@cache
def load() -> dict[str, Claim]:
    """Return every claim of the ledger by its id, in the ledger's order."""
    headings = tables.load("sections").set_index("id")["heading"]
    return {
        row.id: Claim(
            id=row.id,
            heading=headings[row.section],
            text=row.claim,
            rating=row.rating,
            reason=row.reason,
            evidence=tuple(row.evidence.split(";")),
            chapter=row.chapter,
        )
        for row in tables.load("claims").itertuples()
    }


def find(claim_id: str) -> Claim:
    """Return one claim.

    Raises:
        KeyError: the ledger has no such claim; the message names those of the same section.
    """
    ledger = load()
    if claim_id not in ledger:
        section = claim_id.split("-")[0]
        near = [key for key in ledger if key.startswith(f"{section}-")] or ["none of that section"]
        raise KeyError(f"claims.csv holds no claim {claim_id!r}; there are: {', '.join(near)}")
    return ledger[claim_id]


def of_chapter(chapter: str) -> list[Claim]:
    """Return the claims that belong to `chapter`, in the ledger's order; empty for a page that is no chapter of the ledger."""
    return [claim for claim in load().values() if claim.chapter == chapter]
