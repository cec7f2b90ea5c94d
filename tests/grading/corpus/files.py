"""Folders that were bent: what is no notebook, links, devices, shadowing modules, names and sizes."""

import json
import os
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path

from .cases import NAME, RIGHT, Case, none_but

DAMAGED = "damaged notebook"
LINKS = "links and devices"
BESIDE = "files beside the notebook"
NOTEBOOK = f"{NAME}.ipynb"


def content(data: bytes):
    return lambda folder: (folder / NOTEBOOK).write_bytes(data)


def change(act):
    """Return a place that rewrites the notebook's bytes."""
    return lambda folder: (folder / NOTEBOOK).write_bytes(act((folder / NOTEBOOK).read_bytes()))


def instead(make):
    """Return a place that puts something else where the notebook was."""

    def place(folder):
        (folder / NOTEBOOK).unlink()
        make(folder / NOTEBOOK)

    return place


def course(path: Path) -> Path:
    return path.parents[3]


def beside(name: str, data: bytes = b"x"):
    def place(folder):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    return place


def answer_file(make):
    def place(folder):
        (folder / "answer.json").unlink()
        make(folder / "answer.json")

    return place


def packed(*members: tuple[str, bytes]):
    """Return a place that leaves an archive alone in the folder; each member has a name in it and its content."""

    def place(folder):
        with zipfile.ZipFile(folder / "probe.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
        (folder / NOTEBOOK).unlink()

    return place


def device(path: Path) -> None:
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero


def makes_devices() -> bool:
    """Return whether this user may make a device; an ordinary one may not, and so could not hand one in either."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            device(Path(folder, "zero"))
        except PermissionError:
            return False
    return True


def linked_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(course(folder / NOTEBOOK) / "submitted" / "aaa-neighbour" / NAME)


def huge(path: Path) -> None:
    with path.open("wb") as file:  # sparse: it takes no room here
        file.write(b'{"cells": [')
        file.truncate(100_000_000)


def heavy_outputs(data: bytes) -> bytes:
    notebook = json.loads(data)
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 25_000_000}
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")["outputs"] = [output]
    return json.dumps(notebook).encode()


def many_files(folder: Path) -> None:
    for number in range(2000):
        (folder / f"note-{number}.txt").write_text("x")


def no_rights(folder: Path) -> None:
    (folder / NOTEBOOK).chmod(0)


SHADOW = b"""
import sys
class Fake:
    def __getattr__(self, name): return lambda *a, **k: True
testing = Fake()
def __getattr__(name): return lambda *a, **k: 724.0
"""

# A table reads best with a case a line.
# fmt: off
CASES = [
    Case("empty", DAMAGED, "an empty file", place=content(b""), state="unreadable", says="is empty"),
    Case("truncated", DAMAGED, "cut off in the middle", place=change(lambda data: data[: len(data) // 2]), state="unreadable", says="damaged or incomplete"),
    Case("binary", DAMAGED, "bytes of a picture", place=content(bytes(range(256)) * 100), state="unreadable"),
    Case("zip-renamed", DAMAGED, "an archive that was renamed", place=content(b"PK\x03\x04" + b"\0" * 1000), state="rejected", says="zip archive"),
    Case("utf-16", DAMAGED, "not UTF-8", place=change(lambda data: data.decode().encode("utf-16")), state="unreadable", says="UTF-8"),
    Case("byte-order-mark", DAMAGED, "a mark of the byte order before the JSON, as Windows sets it", base=RIGHT, place=change(lambda data: b"\xef\xbb\xbf" + data)),
    Case("nested-json", DAMAGED, "brackets nested a hundred thousand deep", place=content(b"[" * 100_000), state="unreadable"),
    Case("long-number", DAMAGED, "a number of a million digits", place=change(lambda data: data.replace(b'"nbformat": 4', b'"nbformat": ' + b"4" * 1_000_000)), state="unreadable"),
    Case("doubled-keys", DAMAGED, "the same key twice in the JSON", base=RIGHT, place=change(lambda data: b'{"cells": 5, ' + data[1:])),
    Case("nan-json", DAMAGED, "NaN and Infinity, which are no JSON", base=RIGHT, place=change(lambda data: b'{"x": [NaN, -Infinity, 1e999], ' + data[1:])),
    Case("hundred-mb", DAMAGED, "100 MB", place=instead(huge), state="rejected", says="larger than", stock=False),
    Case("heavy-outputs", DAMAGED, "25 MB of outputs", base=RIGHT, place=change(heavy_outputs), state="rejected", says="Clear its outputs", points=none_but()),
    Case("renamed", DAMAGED, "the notebook under another name", place=lambda f: (f / NOTEBOOK).rename(f / "probe (1).ipynb"), says="should be named"),
    Case("missing", DAMAGED, "no notebook", place=lambda f: (f / NOTEBOOK).unlink(), state="missing", says="not handed in"),
    Case("empty-folder", DAMAGED, "nothing at all", place=lambda f: [path.unlink() for path in f.iterdir()], state="missing"),
    Case("extra-notebook", DAMAGED, "a second notebook, which is not of this assignment", base=RIGHT, place=lambda f: shutil.copy(f / NOTEBOOK, f / "other.ipynb"), says="none of this assignment"),
    Case("notebook-folder", LINKS, "a folder in the notebook's place", place=instead(Path.mkdir), state=("rejected", "missing")),
    Case("link-to-solution", LINKS, "a link to the solution", place=instead(lambda path: path.symlink_to(course(path) / f"source/{NAME}/{NOTEBOOK}")), state="rejected", says="link"),
    Case("link-to-classmate", LINKS, "a link to a classmate's notebook", state="rejected", says="link",
         place=instead(lambda path: path.symlink_to(course(path) / f"submitted/aaa-neighbour/{NAME}/{NOTEBOOK}"))),
    Case("hard-link", LINKS, "a second name of the solution", place=instead(lambda path: os.link(course(path) / f"source/{NAME}/{NOTEBOOK}", path)), state="rejected", says="second name"),
    Case("link-to-itself", LINKS, "a link to itself", place=instead(lambda path: path.symlink_to(path)), state="rejected"),
    Case("link-to-endless", LINKS, "a link to a device without end", place=instead(lambda path: path.symlink_to("/dev/zero")), state="rejected", stock=False),
    Case("pipe", LINKS, "a named pipe, at which a reader would wait for ever", place=instead(os.mkfifo), state="rejected", stock=False),
    Case("folder-link", LINKS, "the whole folder is a link to a classmate's", place=linked_folder, state="rejected", says="link"),
    Case("file-link", LINKS, "the answer's file is a link to the gradebook", base=RIGHT, says="link",
         place=answer_file(lambda path: path.symlink_to(course(path) / "gradebook.db")), points={"file-check": 0}),
    Case("file-pipe", LINKS, "the answer's file is a pipe", base=RIGHT, place=answer_file(os.mkfifo), points={"file-check": 0}, stock=False),
    Case("file-outside", LINKS, "a link out of the folder, by ..", base=RIGHT, place=answer_file(lambda path: path.symlink_to("../../aaa-neighbour/probe/answer.json")),
         points={"file-check": 0}),
    Case("archive", BESIDE, "the notebook in an archive, and beside it what would land outside of the folder", state="rejected", says="is an archive",
         place=packed((NOTEBOOK, b"{}"), ("../../aaa-neighbour/probe/planted-by-the-corpus", b"x"), ("/tmp/planted-by-the-corpus", b"x"))),
    Case("zip-bomb", BESIDE, "an archive of 300 KB that unpacks to 300 MB", place=packed((NOTEBOOK, b"0" * 300_000_000)), state="rejected",
         says="is an archive", stock=False),
    Case("archive-beside", BESIDE, "an archive beside a good notebook", base=RIGHT, place=beside("figures.zip", b"PK\x03\x04" + b"\0" * 1000), says="left aside"),
    Case("file-missing", BESIDE, "the answer's file was not handed in", base=RIGHT, place=lambda f: (f / "answer.json").unlink(), points={"file-check": 0}),
    Case("file-cut", BESIDE, "the answer's file is cut off", base=RIGHT, place=beside("answer.json", b'{"driest": "Co'), points={"file-check": 0}),
    Case("file-huge", BESIDE, "an answer's file of 6 MB", base=RIGHT, place=beside("answer.json", b'{"driest": "' + b"C" * 6_000_000 + b'"}'), points={"file-check": 0}),
    Case("file-deep", BESIDE, "an answer's file nested a hundred thousand deep", base=RIGHT, place=beside("answer.json", b"[" * 100_000), points={"file-check": 0}),
    Case("shadow-pandas", BESIDE, "pandas.py beside the notebook", place=beside("pandas.py", SHADOW), says="left aside"),
    Case("shadow-json", BESIDE, "json.py and numpy as a package beside the notebook",
         place=lambda f: [beside(name, SHADOW)(f) for name in ("json.py", "numpy/__init__.py", "sitecustomize.py", "conftest.py")]),
    Case("startup", BESIDE, "configuration of IPython, Jupyter and nbgrader beside the notebook", place=lambda f: [beside(name, b"raise SystemExit('planted')")(f) for name in (
        ".ipython/profile_default/startup/x.py", "ipython_config.py", "jupyter_config.py", "nbgrader_config.py", ".env", "jupyter_nbconvert_config.json")]),
    Case("data-replaced", BESIDE, "the table that was handed out, with other numbers", place=beside("rain.csv", b"town,year,mm\nAln,2020,724\n")),
    Case("many-beside", BESIDE, "two thousand files", base=RIGHT, place=many_files, says="left aside"),
    Case("names-beside", BESIDE, "files with names of every kind", base=RIGHT, place=lambda f: [beside(name, b"x")(f) for name in (
        "a b.txt", "-rf.txt", "$(touch planted-by-the-corpus).txt", "ümläut.txt", "new\nline.txt", "<img src=x onerror=alert('evil-script')>.exe", "x" * 200 + ".txt")]),
    Case("name-bytes", BESIDE, "a file whose name is no text", base=RIGHT, place=lambda f: (Path(os.fsdecode(os.fsencode(f) + b"/\xff\xfe.txt"))).write_bytes(b"x")),
    Case("timestamp-future", BESIDE, "a forged time of handing in", base=RIGHT, place=beside("timestamp.txt", b"2999-01-01 00:00:00 UTC")),
    Case("timestamp-odd", BESIDE, "a time that is none", base=RIGHT, place=beside("timestamp.txt", b"\xff" * 50 + b"1e999999")),
    Case("no-rights", BESIDE, "a notebook that the grader may not read", place=no_rights, state=("rejected", "graded"), stock=False),
]
if makes_devices():
    CASES += [
        Case("device", LINKS, "a device that gives zeros without end, in the notebook's place", place=instead(device), state="rejected", stock=False),
        Case("file-device", LINKS, "the answer's file is such a device", base=RIGHT, place=answer_file(device), points={"file-check": 0}, stock=False),
    ]
