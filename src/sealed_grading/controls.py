"""Answers that stand in a file beside the notebook, where its controls wrote them: which question reads what of which file.

A question reads a file that the instructor's cells below its heading name and that was not handed out. Its part of a JSON object are
the entries that those cells name too.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .course import Original, key
from .gates import BESIDE

HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
LARGEST = 1_000_000  # bytes of a file that is read
MOST_ROWS = 100
LONGEST = 500  # characters of one answer
NO_ANSWER = (None, "", [], {})


@dataclass
class Question:
    """What stands below one heading of a released notebook."""

    title: str
    answers: list[str] = field(default_factory=list)  # cells that a learner fills in
    tests: list[str] = field(default_factory=list)  # cells that earn points for it
    files: dict[str, set[str]] = field(default_factory=dict)  # file to all texts in the cells that name it

    @property
    def by_controls(self) -> bool:
        """Whether it earns points for what stands in a file, and in no cell."""
        return bool(self.files and self.tests and not self.answers)


def titled(heading: re.Match) -> str:
    """Return a heading's words without brackets at its end that name its points, for these stand beside it."""
    return re.sub(r"\s+\([^()]*\bpoints?\b[^()]*\)$", "", heading[1].strip())


@cache
def questions(original: Original, handed_out: frozenset[str]) -> list[Question]:
    """Return what the released notebook asks, heading by heading; what stands above the first has no title."""
    found = [Question("")]
    for cell in original.released.cells:
        known = original.cells.get(key(cell) or "")
        if cell.cell_type == "markdown" and (heading := HEADING.search(cell.source)):
            found.append(Question(titled(heading)))
        if known and known.solution_id:
            found[-1].answers.append(known.name)
        elif known and known.is_test:
            found[-1].tests.append(known.name)
        if known and known.locked and cell.cell_type == "code":
            texts = _texts(cell.source)
            for name in filter(_is_file_name, texts - handed_out):
                found[-1].files.setdefault(name, set()).update(texts)
    return found


def read(asked: list[Question], name: str, data: bytes) -> list[dict | None] | None:
    """Return what a JSON file says to each question that was asked: its entries, none where it has none, None where it reads
    another file. Where no question names an entry each has all. None altogether where the file is no JSON, or too large."""
    if len(data) > LARGEST:
        return None
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    content = content if isinstance(content, dict) else {name: content}
    parts = [
        {entry: value for entry, value in content.items() if entry in question.files[name]}
        if name in question.files
        else None
        for question in asked
    ]
    return parts if any(parts) else [part if part is None else content for part in parts]


def rows(entries: Mapping) -> list[tuple[str, str]]:
    """Return a question's entries as a table of what was asked and what was answered."""
    found = [(asked, answer) for asked, answer in _flat(entries) if answer not in NO_ANSWER]
    return [(asked[:LONGEST], _shown(answer)[:LONGEST]) for asked, answer in found[:MOST_ROWS]]


def left_open(entries: Mapping) -> list[str]:
    """Return what a question's entries ask and do not answer: what is null, or empty."""
    return [asked for asked, answer in _flat(entries) if answer in NO_ANSWER]


def chosen(asked: list[Question], files: Mapping[str, bytes]) -> dict[str, list[dict]]:
    """Return, for the first test of each question that reads a JSON file, the file's name and the rows of what was answered in it:
    None where the file cannot be read, none where nothing was answered or it was not handed in."""
    found: dict[str, list[dict]] = {}
    for name in sorted({name for question in asked for name in question.files if name.endswith(".json")}):
        parts = read(asked, name, files.get(name, b"{}"))
        for number, question in enumerate(asked):
            if name in question.files and question.tests:
                part = None if parts is None else rows(parts[number])
                found.setdefault(question.tests[0], []).append({"file": name, "rows": part})
    return found


def absent(asked: list[Question], files: Mapping[str, bytes]) -> Iterator[tuple[str, bool, list[str]]]:
    """Yield each file that the instructor's cells name and that is not there, or no JSON: its name, whether it is there, and the
    titles of the questions that earn nothing without it, for their controls keep the answers in it."""
    for name in sorted({name for question in asked for name in question.files}):
        damaged = name in files and name.endswith(".json") and read(asked, name, files[name]) is None
        if name not in files or damaged:
            yield (
                name,
                damaged,
                [question.title for question in asked if question.by_controls and name in question.files],
            )


def _flat(entries: Mapping) -> Iterator[tuple[str, Any]]:
    for entry, value in entries.items():
        if isinstance(value, dict):
            before = f"{entry}: " if len(entries) > 1 else ""
            yield from ((before + asked, answer) for asked, answer in value.items())
        else:
            yield entry, value


@cache
def _texts(source: str) -> frozenset[str]:
    try:
        nodes = ast.walk(ast.parse(source))
    except SyntaxError:  # a magic stands in it
        return frozenset()
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_file_name(text: str) -> bool:
    return text.endswith(BESIDE) and text.isprintable() and not set(text) & set(" /\\*{}") and len(text) <= 100


def _shown(answer) -> str:
    return ", ".join(map(_plain, answer)) if isinstance(answer, list) else _plain(answer)


def _plain(value) -> str:
    return value if isinstance(value, str) else "…" if isinstance(value, list | dict) else json.dumps(value)
