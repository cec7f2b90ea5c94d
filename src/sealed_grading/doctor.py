"""What a learner can know before handing in: the grader's own gates, held against the released assignment, in plain words.

Nothing is run, marked or written.
"""

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from . import controls, intake
from .controls import Question
from .course import CourseError, Original, read_release
from .gates import Refused, files_below, is_notebook, shown

RELEASES = (".release", "release")  # in the learner's folder, in the instructor's course folder
LONGEST_CELL = 10_000  # characters of a cell in which a fault is told from a magic: IPython takes its time
MOST_MAGICS = 100
MOST_NAMED = 20  # controls of one question


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
    asked = {name: controls.questions(original, frozenset(handed_out)) for name, original in notebooks.items()}
    folder, names = handed_in, None
    if not handed_in.is_dir():
        folder, names = handed_in.parent, [handed_in.name]
        beside = {name for name in _names(folder) if not is_notebook(name) and name != handed_in.name}
        if folder.name != release.name:  # it lies among other things, and comes with what it names alone
            files = {name for each in asked.values() for question in each for name in question.files}
            beside &= files | {other for name in files for other in intake.alike(name, beside)}
        names += sorted(beside)
    came = intake.take(folder, notebooks, handed_out, names)
    taken = {name: came.taken[name] for name in notebooks if name in came.taken}
    total = sum(len(question.answers) + question.by_controls for name in taken for question in asked[name])
    left = [
        line for name, each in taken.items() for line in _unanswered(notebooks[name], each, asked[name], came.files)
    ]
    unreadable = [line for name, each in taken.items() for line in _unreadable(notebooks[name], each, asked[name])]
    in_part = [line for name in taken for line in _in_part(asked[name], came.files)]
    verdict = (
        "It cannot be handed in like this."
        if came.state
        else "It can be opened and graded, but nothing is answered yet."
        if total and len(left) == total
        else "It can be handed in, but as it is it loses points."
        if left or unreadable or in_part
        else "It can be handed in."
    )
    lines = [f"{shown(handed_in.name)}, held against the assignment {release.name}:", "", verdict]
    lines += _listed("Why not", came.refused)
    mended = came.renamed + [words for each in taken.values() for words in each.mended]
    lines += _listed("What the grader mends", mended)
    lines += _listed("What cannot run, and so earns nothing", unreadable)
    lines += _listed(f"Not answered yet, {len(left)} of {total}", left)
    lines += _listed("Answered in part", in_part)
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
    by_hand = intake.answers_by_hand(original, taken.notebook)
    parts = _parts(asked, files)
    for number, question in enumerate(asked):
        for name in question.answers:
            if theirs[name] in ("", original.cells[name].source.strip()) and len(by_hand.get(name, ())) <= 1:
                yield _answer(question, name)
        if question.by_controls:
            lacking = [
                name
                for name in question.files
                if name not in files or (name in parts and not _part(parts[name], number))
            ]
            if lacking:
                yield f"{question.title} (its controls, kept in {', '.join(sorted(lacking))})"


def _answer(question: Question, name: str) -> str:
    return f"{question.title} (cell {name})" if question.title else name


def _parts(asked: list[Question], files: dict[str, bytes]) -> dict[str, list[dict | None] | None]:
    return {name: controls.read(asked, name, data) for name, data in files.items() if name.endswith(".json")}


def _in_part(asked: list[Question], files: dict[str, bytes]) -> Iterator[str]:
    """Yield each question of which some controls are filled in and others not, with what the file calls those."""
    for name, parts in _parts(asked, files).items():
        for number, question in enumerate(asked):
            if not (question.by_controls and name in question.files and _part(parts, number)):
                continue
            if names := [shown(each) for each in controls.left_open(parts[number])]:
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                yield f"{question.title} (nothing in {name} for {', '.join(names[:MOST_NAMED])}{more})"


def _unreadable(original: Original, taken: intake.Taken, asked: list[Question]) -> Iterator[str]:
    """Yield each answer in code that is no Python: its heading, its cell's name, and what Python says."""
    if intake.released_language(original) not in (None, "python"):
        return
    code = {intake.key(cell): cell.source for cell in taken.notebook.cells if cell.cell_type == "code"}
    for question in asked:
        for name in question.answers:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fault = _fault(code.get(name, ""))
            if fault:
                yield f"{_answer(question, name)} cannot be read as Python, {fault}"


def _fault(source: str) -> str | None:
    """Return where and why a cell is no Python as a notebook takes it, with magics; None where it is, or where that is hard to say."""
    try:
        _compile(source)
    except (ValueError, RecursionError, MemoryError):
        return None
    except SyntaxError:
        if len(source) > LONGEST_CELL or sum(map(source.count, "%!?")) > MOST_MAGICS:
            return None
    else:
        return None

    from IPython.core.inputtransformer2 import TransformerManager  # slow to import, and seldom needed

    above = source[: len(source) - len(source.lstrip())].count("\n")
    try:
        _compile(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        return f"line {above + (error.lineno or 1)}: {shown(error.msg)}"
    except Exception:  # IPython gives up on it
        return None
    return None


def _compile(source: str) -> None:
    """Read a cell as Python does before it runs it.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it holds a character that no program can hold.
        RecursionError, MemoryError: it is nested too deeply.
    """
    compile(source, "", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def _part(parts: list[dict | None] | None, number: int) -> bool:
    """Return whether a file holds an answer to the question of this number."""
    return bool(parts and parts[number] and controls.rows(parts[number]))


def _absent(asked: list[Question], files: dict[str, bytes]) -> Iterator[str]:
    """Yield each file that the instructor's cells name and that is not there, or no JSON: an answer, or a control, writes it."""
    for name, damaged, lost in controls.absent(asked, files):
        words = f"{name} (it is there, but damaged)" if damaged else name
        if lost:
            words += f", which holds your choices in the controls; without it these earn nothing: {'; '.join(lost)}"
        yield words


def _own(taken: dict[str, intake.Taken]) -> Iterator[str]:
    for name, each in taken.items():
        for number, kind, line in each.own:
            yield f"{name}, cell {number} ({kind}): {shown(line)}"
