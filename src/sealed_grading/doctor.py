"""What a learner can know before handing in: the grader's own gates, held against the released assignment, in plain words.

Nothing is run, marked or written.
"""

from collections.abc import Iterator
from pathlib import Path

from . import controls, intake
from .controls import Question
from .course import CourseError, Original, read_release
from .gates import Refused, files_below, is_notebook, shown

RELEASES = (".release", "release")  # in the learner's folder, in the instructor's course folder


def find_release(handed_in: Path, given: Path | None) -> Path:
    """Return the folder of the released assignment that `handed_in` belongs to: the absolute path of a notebook or its folder.

    Raises:
        CourseError: there is none, or it is not clear which.
    """
    beginnings = [given] if given else [
        folder / name
        for start in (handed_in, Path.cwd())
        for folder in (start, *start.parents)
        for name in RELEASES
    ]  # fmt: skip
    found = []
    for place in beginnings:
        found += [folder for folder in (place, *sorted(place.glob("*/"))) if any(folder.glob("*.ipynb"))]
        if found:
            break
    called = {handed_in.name, handed_in.stem, handed_in.parent.name}
    named = [
        folder for folder in found if folder.name in called or {path.stem for path in folder.glob("*.ipynb")} & called
    ]
    found = named or found
    if len(found) == 1:
        return found[0]
    if not found:
        where = given or "a folder '.release' or 'release' around it"
        raise CourseError(
            f"no released assignment to hold {shown(handed_in.name)} against was found in {where}. Run this in the "
            "folder that you were given, or add: --release FOLDER"
        )
    raise CourseError(
        f"it is not clear to which assignment {shown(handed_in.name)} belongs; add one of: "
        + ", ".join(f"--release {folder}" for folder in found)
    )


def examine(handed_in: Path, given: Path | None = None) -> tuple[bool, str]:
    """Return whether `handed_in` can be handed in, and all that there is to say about it, as lines.

    Raises:
        CourseError: there is no such file, or no release to hold it against.
    """
    if not handed_in.exists() and not handed_in.is_symlink():
        raise CourseError(f"there is no file or folder {shown(str(handed_in))}; look at its name, and where you are")
    handed_in = handed_in.absolute()
    release = find_release(handed_in, given)
    notebooks, handed_out = read_release(release)
    asked = {name: controls.questions(original, handed_out) for name, original in notebooks.items()}
    folder, names = handed_in, None
    if not handed_in.is_dir():
        folder, names = handed_in.parent, [handed_in.name]
        beside = {name for name in _names(folder) if not is_notebook(name) and name != handed_in.name}
        if folder.name != release.name:  # it lies among other things, and comes with what it names alone
            beside &= {name for each in asked.values() for question in each for name in question.files}
        names += sorted(beside)
    came = intake.take(folder, notebooks, handed_out, names)
    taken = {name: came.taken[name] for name in notebooks if name in came.taken}
    total = sum(len(question.answers) + question.by_controls for name in taken for question in asked[name])
    left = [
        line for name, each in taken.items() for line in _unanswered(notebooks[name], each, asked[name], came.files)
    ]
    verdict = (
        "It cannot be handed in like this."
        if came.state
        else "It can be opened and graded, but nothing is answered yet."
        if total and len(left) == total
        else "It can be handed in."
    )
    lines = [f"{shown(handed_in.name)}, held against the assignment {release.name}:", "", verdict]
    lines += _listed("Why not", came.refused)
    lines += _listed("What the grader mends", [words for each in taken.values() for words in each.mended])
    lines += _listed(f"Not answered yet, {len(left)} of {total}", left)
    lines += _listed("Cells of your own, which no question belongs to", list(_own(taken)))
    if not came.state:
        theirs = sorted(came.files.keys() - handed_out.keys())
        lines += _listed("Files that come along", [shown(name) for name in theirs])
        lines += _listed("Not there yet", [line for name in taken for line in _absent(asked[name], came.files)])
    lines += _listed("Files that do not count", came.left)
    return not came.state, "\n".join(lines)


def _names(folder: Path) -> list[str]:
    try:
        return files_below(folder)
    except Refused:
        return []


def _listed(heading: str, lines: list[str]) -> list[str]:
    return ["", f"{heading}:", *(f"  - {line}" for line in lines)] if lines else []


def _unanswered(
    original: Original, taken: intake.Taken, asked: list[Question], files: dict[str, bytes]
) -> Iterator[str]:
    """Yield each answer that is empty or still as released: its heading, and its cell's name or the file that should hold it."""
    theirs = {intake.key(cell): cell.source.strip() for cell in taken.notebook.cells}
    parts = {name: controls.read(asked, name, data) for name, data in files.items() if name.endswith(".json")}
    for number, question in enumerate(asked):
        for name in question.answers:
            if theirs[name] in ("", original.cells[name].source.strip()):
                yield f"{question.title} (cell {name})" if question.title else name
        if question.by_controls:
            lacking = [
                name
                for name in question.files
                if name not in files or (name in parts and not _part(parts[name], number))
            ]
            if lacking:
                yield f"{question.title} (its controls, kept in {', '.join(sorted(lacking))})"


def _part(parts: list[dict | None] | None, number: int) -> bool:
    """Return whether a file holds an answer to the question of this number."""
    return bool(parts and parts[number] and controls.rows(parts[number]))


def _absent(asked: list[Question], files: dict[str, bytes]) -> Iterator[str]:
    """Yield each file that the instructor's cells name and that is not there, or no JSON: an answer, or a control, writes it."""
    for name in sorted({name for question in asked for name in question.files}):
        damaged = name in files and name.endswith(".json") and controls.read(asked, name, files[name]) is None
        if name in files and not damaged:
            continue
        words = f"{name} (it is there, but damaged)" if damaged else name
        lost = [question.title for question in asked if question.by_controls and name in question.files]
        if lost:
            words += f", which holds your choices in the controls; without it these earn nothing: {'; '.join(lost)}"
        yield words


def _own(taken: dict[str, intake.Taken]) -> Iterator[str]:
    for name, each in taken.items():
        for number, kind, line in each.own:
            yield f"{name}, cell {number} ({kind}): {shown(line)}"
