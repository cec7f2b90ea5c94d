"""Gates that each file of a submission passes before anything in it is parsed, and the one parser behind them."""

import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

LARGEST_NOTEBOOK = 20_000_000  # bytes
MOST_CELLS = 1000
LARGEST_TEXT = 2_000_000  # characters in all cells, outputs not counted
MOST_ENTRIES = 10_000  # files and folders of a submission
DEEPEST = 3  # folders in folders
BESIDE = tuple(
    ".csv .geojson .jpeg .jpg .json .md .png .svg .tsv .txt .yaml .yml".split()
)  # what is taken beside a notebook
MISSING, UNREADABLE, REJECTED = "missing", "unreadable", "rejected"
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
KINDS = {  # how a file of another kind begins
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"%PDF": "a PDF",
}
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
ANEW = (
    "Download it again from where you worked (File → Download), check that it opens in JupyterLab, and hand that in. If it does "
    "not open there either, go back to its checkpoint, the copy in the folder .ipynb_checkpoints, or take the released notebook "
    "anew and copy your answers into it."
)


class Refused(Exception):
    """The submission cannot be graded: the state that it ends in, a sentence for the learner, and files that this speaks of."""

    def __init__(self, state: str, sentence: str, names: Iterable[str] = ()):
        super().__init__(sentence)
        self.state, self.names = state, set(names)


def shown(name: str) -> str:
    """Return a file's name as a sentence may hold it: printable, and no longer than 100 characters."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= 100 else f"{plain[:99]}…"


def is_notebook(name: str) -> bool:
    """Return whether a file is called a notebook; browsers save some as `NAME.ipynb.txt` or `.ipynb.json`."""
    return name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json"))


def files_below(folder: Path) -> list[str]:
    """Return the names of all files and links below `folder`, with slashes, sorted. What begins with a dot is passed over.

    Raises:
        Refused: it is a link or no folder, it cannot be read, or it holds too much.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise Refused(REJECTED, "The submission's folder is a link or no folder.")
    found, waiting, count = [], [(str(folder), "")], 0
    while waiting:
        place, before = waiting.pop()
        try:
            entries = os.scandir(place)
        except OSError:
            raise Refused(REJECTED, f"The folder {shown(before) or 'handed in'} cannot be read.") from None
        with entries:
            for entry in entries:
                count += 1
                if count > MOST_ENTRIES:
                    raise Refused(
                        REJECTED,
                        f"More than {MOST_ENTRIES} files were handed in. Hand in the notebook and what it needs.",
                    )
                name = before + entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False) and name.count("/") < DEEPEST and not is_notebook(name):
                    waiting.append((entry.path, f"{name}/"))
                else:
                    found.append(name)
    return sorted(found)


def read_bytes(path: Path, largest: int) -> bytes:
    """Return the content of a plain file, without following a link.

    Raises:
        Refused: it is missing, a link, a device, a folder, or too large.
    """
    name = shown(path.name)
    kinds = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")  # each system has some of them
    try:
        if path.is_symlink():
            raise OSError("a link")
        descriptor = os.open(path, sum((getattr(os, kind, 0) for kind in kinds), os.O_RDONLY))
    except FileNotFoundError:
        raise Refused(MISSING, f"{name} was not handed in.") from None
    except OSError:
        raise Refused(REJECTED, f"{name} is a link or cannot be opened. Hand in the file itself.") from None
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)  # a folder cannot even be made a file object of
        raise Refused(REJECTED, f"{name} is no plain file. Hand in the file itself.")
    with os.fdopen(descriptor, "rb") as file:
        if state.st_nlink > 1:
            raise Refused(REJECTED, f"{name} is a second name of another file. Hand in the file itself.")
        data = file.read(largest + 1)
    if len(data) > largest:
        do = " Clear its outputs, save, and hand it in again." if is_notebook(name) else ""
        raise Refused(REJECTED, f"{name} is larger than {largest // 1_000_000} MB.{do}")
    return data


def parse(data: bytes, name: str) -> NotebookNode:
    """Return a notebook of format 3 or 4 as `cells` (kind, source, id, grade_id, pictures) and the programming `language` it names.

    Raises:
        Refused: it is a file of another kind, or damaged, or holds too much.
    """
    name = shown(name)
    text = _text(data, name)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(
            UNREADABLE, f"{name} is damaged or incomplete, so that no program can open it as a notebook. {ANEW}"
        ) from None
    try:
        if not isinstance(content, dict) or content.get("nbformat") not in (3, 4):
            raise ValueError("no notebook")
        if content["nbformat"] == 3:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        cells = list(map(_cell, content["cells"][: MOST_CELLS + 1]))
        about = content.get("metadata")
    except Exception:
        raise Refused(UNREADABLE, f"{name} is no notebook that Jupyter would open. {ANEW}") from None
    if len(cells) > MOST_CELLS:
        raise Refused(
            REJECTED, f"{name} holds more than {MOST_CELLS} cells. Delete those of your own, and hand it in again."
        )
    if sum(len(cell.source) for cell in cells) > LARGEST_TEXT:
        raise Refused(
            REJECTED,
            f"The cells of {name} hold more than {LARGEST_TEXT:,} characters. Shorten them, and hand it in again.",
        )
    return NotebookNode(cells=cells, language=_language(about))


def _pictures(attachments) -> NotebookNode:
    """Return the pictures that were pasted into a text cell, as JupyterLab keeps them: by name, then type, in base64."""
    found = NotebookNode()
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        data = bundle if isinstance(bundle, dict) else {}
        kept = {
            kind: data[kind] for kind in PICTURES if isinstance(data.get(kind), str) and BASE64.fullmatch(data[kind])
        }
        if kept:
            found[name] = NotebookNode(kept)
    return found


def _text(data: bytes, name: str) -> str:
    kind = next((kind for beginning, kind in KINDS.items() if data.startswith(beginning)), None)
    if data[257:262] == b"ustar":
        kind = "a tar archive"
    if data[:500].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        kind = "a web page"
    if kind:
        do = "It is not opened: unpack it, and hand in" if "archive" in kind else "Hand in"
        raise Refused(REJECTED, f"{name} is {kind} and no notebook. {do} the notebook itself.")
    if not data.strip():
        raise Refused(UNREADABLE, f"{name} is empty. {ANEW}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        how = "was saved as UTF-16, by an editor of texts" if wide else "is no text in UTF-8, which a notebook must be"
        do = "Save it as UTF-8, or hand in a copy that JupyterLab saved." if wide else ANEW
        raise Refused(UNREADABLE, f"{name} {how}. {do}") from None


def _cell(cell: dict) -> NotebookNode:
    source, metadata = cell["source"], cell.get("metadata")
    source = "".join(source) if isinstance(source, list) else source
    if cell["cell_type"] not in ("code", "markdown", "raw") or not isinstance(source, str):
        raise ValueError("a cell of no known type")
    metadata = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = metadata.get("grade_id") if isinstance(metadata, dict) else None
    return NotebookNode(
        kind=cell["cell_type"],
        source=source.encode("utf-8", "replace").decode(),  # JSON can hold halves of a character
        id=cell["id"] if isinstance(cell.get("id"), str) else None,
        grade_id=grade_id if isinstance(grade_id, str) else None,
        pictures=_pictures(cell.get("attachments")),
    )


def _language(about) -> str | None:
    spec = about.get("kernelspec") if isinstance(about, dict) else None
    language = spec.get("language") if isinstance(spec, dict) else None
    return language if isinstance(language, str) else None
