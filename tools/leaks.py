"""Find lines of solutions, hidden tests and model answers in what learners receive.

    python -m tools.leaks     the built book and the bundle, for all three; the feedback, for hidden tests

A learner's own feedback rightly holds the learner's own solution, which may be the very line of the source.
"""

import contextlib
import gzip
import html
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

from .assignments import EXERCISES, Assignment, names, read_answer, read_files

PUBLISHED = (Path("_build/html"), Path("_build/learner"))
FEEDBACK = EXERCISES / "feedback"
SHORTEST = 16  # characters without spaces: shorter lines (`else:`) stand in any program
OPENED = ("(", "[", "{")  # `return pd.Series(`, which the formatter broke: what it holds stands in the lines below
IMPORT = re.compile(r"\s*(?:import|from)\s")  # what is imported gives nothing away, and stands in many files
BLOCK = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)


def secrets() -> dict[str, str]:
    """Return each line that only staff may see, squeezed, with the place that it comes from.

    These are the solutions and hidden tests between nbgrader's marks, the model text of a cell marked by hand, and every
    answers file; not a line that the release itself holds.
    """
    found = hidden_tests()
    for assignment in map(Assignment, names()):
        texts = [block[2] for cell in assignment.notebook.cells for block in BLOCK.finditer(cell.source)]
        texts += [
            cell.source
            for cell in assignment.notebook.cells
            if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution")
        ]
        found |= _lines(assignment, assignment.text, texts)
        for path in assignment.answers:
            found |= _lines(assignment, path, [*read_answer(path)[1].values(), *read_files(path).values()])
    return found


def hidden_tests() -> dict[str, str]:
    """Return each line of a hidden test, squeezed, with the place that it comes from."""
    found: dict[str, str] = {}
    for assignment in map(Assignment, names()):
        blocks = [block for cell in assignment.notebook.cells for block in BLOCK.finditer(cell.source)]
        found |= _lines(assignment, assignment.text, [block[2] for block in blocks if block[1] == "HIDDEN TESTS"])
    return found


def _lines(assignment: Assignment, place: Path, texts: Iterable[str]) -> dict[str, str]:
    released = squeeze("\n".join(cell.source for cell in nbformat.read(assignment.release, as_version=4).cells))
    lines = {squeeze(line) for text in texts for line in text.splitlines() if not IMPORT.match(line)}
    lines = {line for line in lines if not line.endswith(OPENED)}
    return {line: str(place) for line in lines if len(line) >= SHORTEST and line not in released}


def squeeze(text: str) -> str:
    """Return `text` without white space, so that no line break or highlighting hides a line."""
    return re.sub(r"\s+", "", text)


def find(hidden: dict[str, str], folders: Iterable[Path]) -> list[str]:
    """Return one sentence for every secret line that stands in a file below `folders`."""
    leaks = set()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if FEEDBACK in path.parents and path.suffix == ".json":
                continue  # what the learner chose and handed in, which lies beside the page
            for where, text in texts(path):
                squeezed = squeeze(text)
                leaks |= {
                    f"{where} holds a line of {place}: {line}" for line, place in hidden.items() if line in squeezed
                }
    return sorted(leaks)


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts that a reader can get out of `path`, with where they are: archives are opened, JSON decoded."""
    yield from _texts(str(path), path.read_bytes())


def _texts(where: str, data: bytes) -> Iterator[tuple[str, str]]:
    if where.endswith((".whl", ".zip")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _texts(f"{where}/{name}", archive.read(name))
        return
    if where.endswith(".gz"):
        data = gzip.decompress(data)
    text = data.decode("utf-8", errors="ignore")
    if where.endswith((".html", ".svg")):
        yield where, html.unescape(re.sub(r"<[^>]+>", "", text))
    elif where.endswith((".ipynb", ".json")):
        with contextlib.suppress(json.JSONDecodeError):
            # A learner's file may be cut off; its text is looked through below.
            yield where, "\n".join(strings(json.loads(text)))
    yield where, text


def strings(value: object) -> Iterator[str]:
    """Yield every text in decoded JSON, the lines of a list together."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        else:
            for item in value:
                yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)


def main() -> int:
    published = [folder for folder in (*PUBLISHED, FEEDBACK) if folder.exists()]
    found = find(secrets(), PUBLISHED) + find(hidden_tests(), [FEEDBACK])
    looked = (
        f"in {', '.join(map(str, published))}"
        if published
        else "anywhere: `make course bundle` makes the book, the feedback and the bundle, where it would look"
    )
    print("\n".join(found) if found else f"no line of a solution or hidden test {looked}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
