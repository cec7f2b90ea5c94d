"""From what was handed in to what is run: gates before anything is parsed, then a notebook rebuilt from the release.

Only answers are taken from a submission. All else, the tests above all, comes from the release and the gradebook.
"""

import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from .course import Assignment, Original

LARGEST_NOTEBOOK = 20_000_000  # bytes
LARGEST_FILE = 5_000_000
LARGEST_FOLDER = 10 << 20  # bytes of all files beside the notebook
MOST_FILES = 50
BESIDE = {".json", ".csv", ".tsv", ".txt", ".md", ".yml", ".yaml", ".png", ".jpg", ".svg", ".geojson"}
MISSING, UNREADABLE, REJECTED = "missing", "unreadable", "rejected"


class Refused(Exception):
    """The submission cannot be graded: the state that it ends in, and a sentence for the learner."""

    def __init__(self, state: str, sentence: str):
        super().__init__(sentence)
        self.state = state


@dataclass
class Taken:
    """A rebuilt notebook and what was mended in it, one sentence each."""

    notebook: NotebookNode
    mended: list[str] = field(default_factory=list)


def read_bytes(path: Path, largest: int) -> bytes:
    """Return the content of a plain file, without following a link.

    Raises:
        Refused: it is missing, a link, a device, a folder, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused(MISSING, f"{path.name} was not handed in.") from None
    except OSError:
        raise Refused(REJECTED, f"{path.name} is a link or cannot be opened. Hand in the file itself.") from None
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)  # a folder cannot even be made a file object of
        raise Refused(REJECTED, f"{path.name} is no plain file. Hand in the file itself.")
    with os.fdopen(descriptor, "rb") as file:
        if state.st_nlink > 1:
            raise Refused(REJECTED, f"{path.name} is a second name of another file. Hand in the file itself.")
        data = file.read(largest + 1)
    if len(data) > largest:
        raise Refused(
            REJECTED,
            f"{path.name} is larger than {largest // 1_000_000} MB. Clear its outputs, save, and hand it in again.",
        )
    return data


def parse(data: bytes, name: str) -> NotebookNode:
    """Return the cells of a notebook of any format since 3, as plain sources and metadata.

    Raises:
        Refused: it is none.
    """
    again = "Open it in JupyterLab, save it, and hand it in again."
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(UNREADABLE, f"{name} is no text in UTF-8, which a notebook must be. {again}") from None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(
            UNREADABLE, f"{name} is damaged or incomplete: it is no JSON, which a notebook must be. {again}"
        ) from None
    try:
        if not isinstance(content, dict) or content.get("nbformat") not in (3, 4):
            raise ValueError("no notebook")
        if content["nbformat"] == 3:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        cells = []
        for cell in content["cells"]:
            source, metadata = cell["source"], cell.get("metadata")
            source = "".join(source) if isinstance(source, list) else source
            if cell["cell_type"] not in ("code", "markdown", "raw") or not isinstance(source, str):
                raise ValueError("a cell of no known type")
            metadata = metadata.get("nbgrader") if isinstance(metadata, dict) else None
            grade_id = metadata.get("grade_id") if isinstance(metadata, dict) else None
            identity = cell.get("id") if isinstance(cell.get("id"), str) else None
            cells.append(
                NotebookNode(
                    kind=cell["cell_type"],
                    source=source.encode("utf-8", "replace").decode(),  # JSON can hold halves of a character
                    id=identity,
                    grade_id=grade_id if isinstance(grade_id, str) else None,
                )
            )
    except Exception:
        raise Refused(UNREADABLE, f"{name} is no notebook that Jupyter would open. {again}") from None
    return NotebookNode(cells=cells)


def rebuild(original: Original, data: bytes) -> Taken:
    """Return the released notebook with the answers of the submission in it, and the learner's own extra cells.

    Raises:
        Refused: the submission is no notebook.
    """
    handed_in = parse(data, f"{original.name}.ipynb").cells
    taken = Taken(nbformat.from_dict(json.loads(json.dumps(original.released))))
    mine = [_key(cell) for cell in taken.notebook.cells]
    places = _places(original, taken, handed_in)
    extra: dict[int, list[NotebookNode]] = {}
    last, order = -1, []
    for number, cell in enumerate(handed_in):
        if number in places:
            last = places[number]
            order.append(last)
        elif cell.kind == "code" and cell.source.strip():
            made = nbformat.v4.new_code_cell(cell.source)
            made.id = f"own-{number}"
            extra.setdefault(last, []).append(made)
    if order != sorted(order):
        taken.mended.append("The cells stood in another order; they were put back into the released one.")
    filled = {place: handed_in[number] for number, place in places.items()}
    cells = list(extra.get(-1, []))
    for place, cell in enumerate(taken.notebook.cells):
        known = original.cells.get(mine[place] or "")
        theirs = filled.get(place)
        if theirs is None and known:
            taken.mended.append(f"The cell {known.name!r} was missing; it was put back as it had been released.")
        if known and known.locked:
            if theirs is not None and theirs.source.strip() != cell.source.strip():
                taken.mended.append(f"The cell {known.name!r} may not be edited; the original was used.")
            cell.source = known.source
        elif theirs is not None and (known or cell.cell_type == "code"):
            if theirs.kind != cell.cell_type:
                taken.mended.append(
                    f"The cell {mine[place] or place!r} had become {theirs.kind}; it is {cell.cell_type} again."
                )
            cell.source = theirs.source
        cells += [cell, *extra.get(place, [])]
    if extra:
        count = sum(map(len, extra.values()))
        taken.mended.append(
            f"{count} cell{'s' * (count > 1)} of your own {'were' if count > 1 else 'was'} run with your answers."
        )
    for cell in cells:
        cell.metadata = NotebookNode(
            {key: value for key, value in cell.metadata.items() if key in ("nbgrader", "deletable", "editable")}
        )
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    taken.notebook.cells = cells
    return taken


def _key(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _places(original: Original, taken: Taken, handed_in: list[NotebookNode]) -> dict[int, int]:
    """Return which cell of the release each cell that was handed in stands for: by name, id, text, then its place."""
    released = taken.notebook.cells
    found: dict[int, int] = {}
    by_name = {_key(cell): place for place, cell in enumerate(released) if _key(cell)}
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
    for name in sorted(doubled):
        taken.mended.append(f"The cell {name!r} stood there more than once; the first one that was filled in was used.")
    named = len(found)
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
    if not named and original.cells:
        taken.mended.append(
            "The notebook's own marks (its metadata) were gone; its cells were recognised by id, by text and by place."
        )
        _between(released, handed_in, found)
    return found


def _between(released: list, handed_in: list, found: dict[int, int]) -> None:
    """Take a run of unknown cells between two known neighbours for the missing cells that stand there, kind by kind."""
    open_places = [place for place in range(len(released)) if place not in found.values()]
    for place in open_places:
        before = max((n for n, p in found.items() if p < place), default=-1)
        after = min((n for n, p in found.items() if p > place), default=len(handed_in))
        for number in range(before + 1, after):
            if number not in found and handed_in[number].kind == released[place].cell_type:
                found[number] = place
                break


def beside(folder: Path, assignment: Assignment) -> tuple[dict[str, bytes], list[str]]:
    """Return the submission's allowed files beside the notebook, and a sentence for each that was left out.

    A file that was handed out comes from the release, whatever was handed in under its name.
    """
    files, left, size = {}, [], 0
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (
            path.suffix == ".ipynb"
            or path.name.startswith(".")
            or path.name in assignment.files
            or path.name == "timestamp.txt"
        ):
            continue
        if path.suffix not in BESIDE or len(files) >= MOST_FILES:
            left.append(f"The file {path.name} was left aside: the grader takes {', '.join(sorted(BESIDE))}.")
            continue
        try:
            data = read_bytes(path, LARGEST_FILE)
        except Refused as refusal:
            left.append(str(refusal))
            continue
        size += len(data)
        if size > LARGEST_FOLDER:
            left.append(
                f"The file {path.name} was left aside: the files together hold over {LARGEST_FOLDER >> 20} MiB."
            )
            continue
        files[path.name] = data
    return files | assignment.files, left
