"""From what was handed in to what is run: the gates, then a notebook rebuilt from the release.

Only answers are taken from a submission. All else, the tests above all, comes from the release and the gradebook.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from . import controls
from .course import Original, key
from .gates import (
    ARCHIVES,
    BESIDE,
    LARGEST_NOTEBOOK,
    MISSING,
    REJECTED,
    Refused,
    files_below,
    is_notebook,
    parse,
    read_bytes,
    shown,
)

LARGEST_FILE = 5_000_000
LARGEST_FOLDER = 10 << 20  # bytes of all files beside the notebook
MOST_FILES = 50
MOST_SAID = 20  # sentences on files that were left aside
OWN = "sealed-grading-own-"  # how the id of a learner's own cell begins
EXCHANGE = ("timestamp.txt", "submission_secret.txt")  # what nbgrader puts beside a submission


@dataclass
class Taken:
    """A rebuilt notebook, what was mended in it, one sentence each, and the learner's own cells that belong to no answer: number,
    kind, first line."""

    notebook: NotebookNode
    mended: list[str] = field(default_factory=list)
    own: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class Intake:
    """What came of a submission at the gates."""

    state: str | None = None  # that of a notebook that is not run; None where all are
    why: dict[str | None, str] = field(default_factory=dict)  # a sentence by that notebook, None where it is the folder
    taken: dict[str, Taken] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)  # all that was handed in
    files: dict[str, bytes] = field(default_factory=dict)  # beside the notebooks, those handed out among them
    renamed: list[str] = field(default_factory=list)  # of those files, a sentence each that had another name
    left: list[str] = field(default_factory=list)  # what was left aside and why, a sentence each

    def refuse(self, refusal: Refused, notebook: str | None = None) -> None:
        self.state = refusal.state
        self.why[notebook] = str(refusal)

    @property
    def refused(self) -> list[str]:
        return list(self.why.values())


def take(
    folder: Path, notebooks: dict[str, Original], handed_out: dict[str, bytes], names: list[str] | None = None
) -> Intake:
    """Return what is taken of the submission in `folder`; of `names` alone where they are given. Runs and writes nothing."""
    came = Intake()
    try:
        names = files_below(folder) if names is None else names
    except Refused as refusal:
        came.refuse(refusal)
        return came
    came.names = names
    others = [name for name in names if not is_notebook(name) and name not in EXCHANGE and name not in handed_out]
    spare = [name for name in names if is_notebook(name) and name not in {f"{name}.ipynb" for name in notebooks}]
    tried: dict[str, str] = {}
    spoken_of: set[str] = set()  # in a refusal: nothing more is said of them
    for name, original in notebooks.items():
        try:
            path = f"{name}.ipynb" if f"{name}.ipynb" in names else _renamed(original, spare, others, names)
            tried[name] = path
            taken = rebuild(original, read_bytes(folder / path, LARGEST_NOTEBOOK), path)
        except Refused as refusal:
            came.refuse(refusal, name)
            spoken_of |= refusal.names | {tried.get(name, "")}
            continue
        if path in spare:
            spare.remove(path)
            taken.mended.insert(
                0, f"{shown(path)} should be named {name}.ipynb; its cells are those, so it was taken for it."
            )
        came.taken[name] = taken
    used = {tried[name] for name in came.taken}
    for name in [name for name in came.why if tried.get(name) in used]:  # what was held against it is another of them
        del came.why[name]
        came.refuse(Refused(MISSING, f"{name}.ipynb was not handed in."), name)
    came.left = [
        f"The notebook {shown(name)} is none of this assignment and was left aside."
        for name in spare
        if name not in spoken_of
    ]
    called = _answers_renamed(notebooks, handed_out, names)
    said = {name for name in spoken_of if not is_read(name)}
    came.files, left = beside(folder, [name for name in names if name not in said], handed_out, called)
    came.renamed = [
        f"{shown(name)} should be named {wanted}; it was taken for it."
        for name, wanted in called.items()
        if wanted in came.files
    ]
    came.left += left
    if len(came.left) > MOST_SAID:
        came.left[MOST_SAID:] = [f"{len(came.left) - MOST_SAID} more files were left aside."]
    return came


def alike(wanted: str, names: Iterable[str]) -> list[str]:
    """Return which of `names` a browser may have made of `wanted`, such as a second download's, or in which a folder stands before it."""
    stem, ending = wanted.rsplit(".", 1)
    called = re.compile(rf"(.*/)?{re.escape(stem)}( ?\(\d+\)|-\d+)?\.{re.escape(ending)}(\.txt)?", re.IGNORECASE)
    return [name for name in names if name != wanted and called.fullmatch(name)]


def _answers_renamed(notebooks: dict[str, Original], handed_out: dict[str, bytes], names: list[str]) -> dict[str, str]:
    """Return the files of another name that are taken for one which the instructor's cells name: each is the only one like it."""
    asked = (controls.questions(original, frozenset(handed_out)) for original in notebooks.values())
    wanted = {name for questions in asked for question in questions for name in question.files}
    wanted -= {*names, *handed_out}
    found = {name: alike(name, names) for name in wanted}
    return {others[0]: name for name, others in sorted(found.items()) if len(others) == 1}


def _some(names: list[str]) -> str:
    return ", ".join(map(shown, names[:5])) + f" and {len(names) - 5} more" * (len(names) > 5)


def _renamed(original: Original, spare: list[str], others: list[str], names: list[str]) -> str:
    """Return the one notebook of another name, to be held against the release; what is none of it `rebuild` refuses.

    Raises:
        Refused: there is none, or more than one.
    """
    wanted = f"{original.name}.ipynb"
    if len(spare) == 1:
        return spare[0]
    if spare:
        raise Refused(
            REJECTED,
            f"{wanted} was not handed in, but several of other names: {_some(spare)}. Hand in one, named {wanted}.",
            spare,
        )
    if archives := [name for name in others if name.lower().endswith(ARCHIVES)]:
        raise Refused(
            REJECTED,
            f"{shown(archives[0])} is an archive, which is not opened. Unpack it, and hand in {wanted} itself.",
            archives[:1],
        )
    if others and not any(map(is_notebook, names)):
        raise Refused(MISSING, f"{wanted} was not handed in; there was only {_some(others)}.", others)
    raise Refused(MISSING, f"{wanted} was not handed in.")


def rebuild(original: Original, data: bytes, path: str | None = None) -> Taken:
    """Return the released notebook with the answers of the submission in it, and the learner's own extra cells.

    `path` is the name that it was handed in under, where that is another than the release's.

    Raises:
        Refused: the submission is no notebook, or another one.
    """
    wanted = f"{original.name}.ipynb"
    parsed = parse(data, path or wanted)
    handed_in = parsed.cells
    taken = Taken(NotebookNode(original.released, cells=[NotebookNode(cell) for cell in original.released.cells]))
    released, mended = taken.notebook.cells, taken.mended
    mine = [key(cell) for cell in released]
    places = _places(released, handed_in, mended)
    _same_assignment(original, places, mine, path or wanted)
    _between(released, handed_in, places, original, mended)
    language = released_language(original)
    if parsed.language and language and parsed.language.lower() != language:
        mended.append(f"The notebook was set to run in {shown(parsed.language)}; it is run in {language}.")
    if (order := list(places.values())) != sorted(order):
        mended.append("The cells stood in another order; they were put back into the released one.")
    extra = _own(handed_in, places, original, taken)
    filled = {place: handed_in[number] for number, place in places.items()}
    cells, missing, edited, retyped = list(extra.get(-1, [])), [], [], []
    for place, cell in enumerate(released):
        known = original.cells.get(mine[place] or "")
        theirs = filled.get(place)
        if theirs is None and known:
            missing.append(known.name)
        if known and known.locked:
            if theirs is not None and theirs.source.strip() != cell.source.strip():
                edited.append(known.name)
            cell.source = known.source
        elif theirs is not None and (known or cell.cell_type == "code"):
            if theirs.kind != cell.cell_type:
                retyped.append(mine[place] or cell.get("id", str(place)))
            cell.source = theirs.source
            if cell.cell_type == "markdown" and theirs.pictures:
                cell.attachments = theirs.pictures
        cells += [cell, *extra.get(place, [])]
    _say(mended, missing, "missing and put back as released")
    _say(mended, edited, "changed, and may not be edited; the original is used")
    _say(mended, retyped, "turned into another type of cell, and back again")
    for cell in cells:
        cell.metadata = NotebookNode(
            {key: value for key, value in cell.metadata.items() if key in ("nbgrader", "deletable", "editable")}
        )
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    taken.notebook.cells = cells
    return taken


def released_language(original: Original) -> str | None:
    """Return the programming language that the release names."""
    return original.released.metadata.get("kernelspec", {}).get("language")


def _say(mended: list[str], names: list[str], what: str) -> None:
    if names:
        cells, were = ("cells", "were") if len(names) > 1 else ("cell", "was")
        mended.append(f"The {cells} {', '.join(map(repr, names))} {were} {what}.")


def _same_assignment(original: Original, places: dict[int, int], mine: list[str | None], path: str) -> None:
    """Refuse a notebook in which no cell is one of the release's, or, under another name, fewer than half."""
    recognised = {mine[place] for place in places.values()} & original.cells.keys()
    if original.cells and not recognised:
        raise Refused(
            REJECTED,
            f"{shown(path)} is another notebook: none of its cells is one of this assignment's. Hand in {original.name}.ipynb.",
        )
    if path != f"{original.name}.ipynb" and 2 * len(recognised) < len(original.cells):
        raise Refused(
            MISSING,
            f"{original.name}.ipynb was not handed in; {shown(path)} holds too few of its cells to be taken for it.",
        )


def _own(
    handed_in: list[NotebookNode], places: dict[int, int], original: Original, taken: Taken
) -> dict[int, list[NotebookNode]]:
    """Return the learner's own code and text cells, by the place in the release that each of them follows (-1 is the top)."""
    extra: dict[int, list[NotebookNode]] = {}
    released, last, kinds = taken.notebook.cells, -1, Counter()
    by_name = {key(cell): cell for cell in released if key(cell)}
    answers = {place: key(cell) for place, cell in enumerate(released) if by_hand(original, cell)}
    for number, cell in enumerate(handed_in):
        again = by_name.get(cell.grade_id)
        if number in places:
            last = places[number]
        elif cell.source.strip() and (
            again is None or (by_hand(original, again) and cell.source.strip() != again.source.strip())
        ):
            # A second copy of a released cell is nobody's own, but for one that goes on with an answer marked by hand.
            kinds[cell.kind] += 1
            if last not in answers or cell.kind == "raw":
                taken.own.append((number + 1, cell.kind, cell.source.strip().splitlines()[0]))
            if cell.kind == "code":
                made = nbformat.v4.new_code_cell(cell.source)
            elif cell.kind == "markdown":
                made = nbformat.v4.new_markdown_cell(cell.source)
                if cell.pictures:
                    made.attachments = cell.pictures
            else:
                continue
            made.id = f"{OWN}{number}"
            extra.setdefault(last, []).append(made)
    for kind, what in (
        ("code", "run with your answers"),
        ("markdown", "kept as text"),
        ("raw", "left aside, being neither code nor text"),
    ):
        if count := kinds[kind]:
            taken.mended.append(f"{count} cell{'s' * (count > 1)} of your own {'were' if count > 1 else 'was'} {what}.")
    _say(
        taken.mended,
        [name for place, name in answers.items() if place in extra],
        "followed by cells of your own, which are taken as part of the answer",
    )
    return extra


def is_own(cell: NotebookNode) -> bool:
    """Return whether a cell of a rebuilt notebook is the learner's own."""
    return cell.get("id", "").startswith(OWN)


def by_hand(original: Original, cell: NotebookNode) -> bool:
    """Return whether a person marks this cell of a released or rebuilt notebook."""
    known = original.cells.get(key(cell) or "")
    return known is not None and known.by_hand


def answers_by_hand(original: Original, notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """Return, for each answer of a rebuilt notebook that a person marks, its cell and the learner's own that stand right below it."""
    found: dict[str, list[NotebookNode]] = {}
    last = None
    for cell in notebook.cells:
        if not is_own(cell):
            last = key(cell) if by_hand(original, cell) else None
        if last:
            found.setdefault(last, []).append(cell)
    return found


def _places(released: list[NotebookNode], handed_in: list[NotebookNode], mended: list[str]) -> dict[int, int]:
    """Return which cell of the release each cell that was handed in stands for: by name, by id, by type and text."""
    found: dict[int, int] = {}
    by_name = {key(cell): place for place, cell in enumerate(released) if key(cell)}
    doubled = set()
    for number, cell in enumerate(handed_in):
        place = by_name.get(cell.grade_id)
        if place is None:
            continue
        rival = next((other for other, taken_place in found.items() if taken_place == place), None)
        if rival is not None:
            doubled.add(cell.grade_id)
            if handed_in[rival].source != released[place].source:
                continue  # the first one that was answered counts
            del found[rival]
        found[number] = place
    _say(mended, sorted(doubled), "there more than once; the first one that was filled in is used")
    for same in (
        lambda mine, theirs: bool(mine.get("id")) and mine.id == theirs.id,
        lambda mine, theirs: mine.source.strip() == theirs.source.strip() and mine.cell_type == theirs.kind,
    ):
        for place, cell in enumerate(released):
            if place in found.values():
                continue
            number = next(
                (
                    n
                    for n, theirs in enumerate(handed_in)
                    if n not in found and theirs.grade_id not in by_name and same(cell, theirs)
                ),
                None,
            )
            if number is not None:
                found[number] = place
    return dict(sorted(found.items()))


def _between(released: list, handed_in: list, found: dict[int, int], original: Original, mended: list[str]) -> None:
    """Take an unknown cell that follows a known one for the missing cell of its type that should stand there.

    Where the notebook's marks are gone altogether that goes for every cell, and else for answers alone.
    """
    named = any(handed_in[number].grade_id == key(released[place]) is not None for number, place in found.items())
    if not named and original.cells:
        mended.append(
            "The notebook's own marks (its metadata) were gone; its cells are recognised by id, text and place."
        )
    unmarked = []
    for place, cell in enumerate(released):
        known = original.cells.get(key(cell) or "")
        if place in found.values() or (named and (known is None or known.locked)):
            continue
        number = max((p, n) for n, p in [*found.items(), (-1, -1)] if p < place)[1] + 1  # after its neighbour
        while number < len(handed_in) and number not in found:
            if handed_in[number].kind == cell.cell_type and handed_in[number].source.strip():
                found[number] = place
                unmarked.append(key(cell))
                break
            number += 1
    if named:
        _say(mended, unmarked, "without its marks; the cell in its place is taken for it")
    places = sorted(found.items())
    found.clear()
    found.update(places)


def beside(
    folder: Path, names: list[str], handed_out: dict[str, bytes], called: dict[str, str]
) -> tuple[dict[str, bytes], list[str]]:
    """Return the submission's allowed files beside the notebook, and a sentence for each that was left out.

    What has a name in `called` is taken under that one. A file that was handed out comes from the release, whatever was handed in under its name.
    """
    files, left, size = {}, [], 0
    for name in names:
        if is_notebook(name) or name in EXCHANGE:
            continue
        try:
            if name in handed_out:
                if read_bytes(folder / name, LARGEST_FILE) != handed_out[name]:
                    left.append(f"The file {name} is not as it was handed out; the original is used.")
                continue
            if not (folder / name).is_symlink() and not name.lower().endswith(BESIDE):
                raise Refused(REJECTED, f"beside the notebook the grader takes {', '.join(BESIDE)}")
            if any(_in_the_way(name, other) for other in handed_out):
                raise Refused(REJECTED, "its name stands where a file that was handed out lies")
            if len(files) >= MOST_FILES:
                raise Refused(REJECTED, f"at most {MOST_FILES} are taken")
            data = read_bytes(folder / name, LARGEST_FILE)
            size += len(data)
            if size > LARGEST_FOLDER:
                raise Refused(REJECTED, f"the files together hold over {LARGEST_FOLDER >> 20} MiB")
        except Refused as refusal:
            left.append(f"The file {shown(name)} was left aside: {refusal}".rstrip(".") + ".")
            continue
        files[called.get(name, name)] = data
    return files | handed_out, left


def is_read(name: str) -> bool:
    """Return whether the content of a file that was handed in can matter."""
    return is_notebook(name) or name.lower().endswith(BESIDE)


def _in_the_way(name: str, other: str) -> bool:
    """Return whether one of two paths is a folder of the other."""
    return name.startswith(f"{other}/") or other.startswith(f"{name}/")
