"""What a learner can know before handing in: the grader's own gates, held against the released assignment, in plain words.

Nothing is run, marked or written.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from . import intake
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
    folder, names = handed_in, None
    if not handed_in.is_dir():
        folder, names = handed_in.parent, [handed_in.name]
        if folder.name == release.name:  # else it lies among other things, and comes alone
            names += [name for name in _names(folder) if not is_notebook(name) and name != handed_in.name]
    came = intake.take(folder, notebooks, handed_out, names)
    lines = [f"{shown(handed_in.name)}, held against the assignment {release.name}:"]
    lines += ["", "It cannot be handed in like this." if came.state else "It can be handed in."]
    lines += _listed("Why not", came.refused)
    taken = {name: came.taken[name] for name in notebooks if name in came.taken}
    lines += _listed("What the grader mends", [words for each in taken.values() for words in each.mended])
    answers = [line for name, each in taken.items() for line in _unanswered(notebooks[name], each)]
    total = sum(bool(cell.solution_id) for name in taken for cell in notebooks[name].cells.values())
    lines += _listed(f"Not answered yet, {len(answers)} of {total}", answers)
    lines += _listed("Cells of your own, which no question belongs to", list(_own(taken)))
    theirs = sorted(came.files.keys() - handed_out.keys())
    if not came.state:
        lines += _listed("Files that come along", [shown(name) for name in theirs])
        lines += _listed(
            "Files that the notebook names, and that are not there",
            sorted(_expected(notebooks, handed_out) - set(theirs)),
        )
    lines += _listed("Files that do not count", came.left)
    return not came.state, "\n".join(lines)


def _names(folder: Path) -> list[str]:
    try:
        return files_below(folder)
    except Refused:
        return []


def _listed(heading: str, lines: list[str]) -> list[str]:
    return ["", f"{heading}:", *(f"  - {line}" for line in lines)] if lines else []


def _unanswered(original: Original, taken: intake.Taken) -> Iterator[str]:
    """Yield each answer that is empty or still as released: its heading and its cell's name."""
    theirs = {intake.key(cell): cell.source.strip() for cell in taken.notebook.cells}
    heading = ""
    for cell in original.released.cells:
        if cell.cell_type == "markdown":
            heading = next((line for line in cell.source.splitlines() if line.startswith("#")), heading).strip("# ")
        known = original.cells.get(intake.key(cell) or "")
        if known and known.solution_id and theirs[known.name] in ("", known.source.strip()):
            yield f"{heading} (cell {known.name})" if heading else known.name


def _own(taken: dict[str, intake.Taken]) -> Iterator[str]:
    for name, each in taken.items():
        for number, kind, line in each.own:
            yield f"{name}, cell {number} ({kind}): {shown(line)}"


def _expected(notebooks: dict[str, Original], handed_out: dict[str, bytes]) -> set[str]:
    """Return the files that the instructor's cells name and that were not handed out: an answer, or a control, writes them."""
    found = set()
    for original in notebooks.values():
        for cell in original.cells.values():
            if cell.kind != "code" or not cell.locked:
                continue
            try:
                tree = ast.parse(cell.source)
            except SyntaxError:  # a magic stands in it
                continue
            texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            found |= {text for text in texts if isinstance(text, str) and _is_file_name(text)}
    return found - handed_out.keys()


def _is_file_name(text: str) -> bool:
    return text.endswith(intake.BESIDE) and text.isprintable() and not set(text) & set(" /\\*{}") and len(text) <= 100
