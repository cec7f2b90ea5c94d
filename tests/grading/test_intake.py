"""What may lie in a submission's folder, and what the grader takes of it. Nothing of it is run here."""

import gzip
import io
import json
import os
import shutil
import tarfile
import zipfile

import nbformat
import pytest

from sealed_grading import gates, intake
from sealed_grading.course import read_release
from sealed_grading.intake import key
from tools.assignments import EXERCISES

NAME = "case-korea"
WANTED = f"{NAME}.ipynb"


@pytest.fixture(scope="module")
def release():
    return read_release((EXERCISES / "release" / NAME).resolve())


@pytest.fixture
def hand_in(tmp_path, release):
    """Return what is taken of a folder with these files, after `mischief` was done to it."""
    count = iter(range(100))

    def take(files: dict[str, bytes], mischief=lambda folder: None) -> intake.Intake:
        folder = tmp_path / str(next(count))
        for name, data in {".": b"", **files}.items():
            if name != ".":
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
        folder.mkdir(exist_ok=True)
        mischief(folder)
        return intake.take(folder, *release)

    return take


@pytest.fixture
def notebook(release):
    """The release with two answers in it."""
    made = nbformat.from_dict(json.loads(json.dumps(release[0][NAME].released)))
    cell(made, "counts-by-kind").source = "def counts_by_kind(events, year): return {}"
    cell(made, "memo").source = "It ended twice."
    return made


def cell(notebook, name):
    return next(cell for cell in notebook.cells if key(cell) == name)


def text(notebook) -> bytes:
    return json.dumps(notebook).encode()


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"../{WANTED}", data)
    return file.getvalue()


def tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo(WANTED)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def test_what_is_no_notebook_is_named_and_never_parsed(hand_in, notebook, monkeypatch):
    good, bomb = text(notebook), gzip.compress(bytes(3_000_000))
    kinds = {
        "rejected": {
            "a zip archive": zipped(good), "a tar archive": tarred(good), "a gzip archive": bomb, "a 7z": b"7z\xbc\xaf\x27\x1c..",
            "a PDF": b"%PDF-1.7", "a web page": b"\n<!DOCTYPE html><title>Log in</title>",
            "larger than 20 MB": b" " * 20_000_001,
            "more than 1000 cells": json.dumps({"nbformat": 4, "cells": [{"cell_type": "raw", "source": ""}] * 1001}).encode(),
            "more than 2,000,000 characters": text(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("#" * 2_000_001)])),
            "another notebook": text(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])),
        },
        "unreadable": {
            "is empty": b"\n", "damaged or incomplete": good[:-200], "no text in UTF-8": b'{"\xe9": 1}',
            "UTF-16": good.decode().encode("utf-16"), "no program can open it": b"[" * 500_000, "damaged": b'{"nbformat": ' + b"4" * 5000 + b"}",
            "damaged or": good.replace(b"It ended", b"It\0ended"), "no notebook that Jupyter": b'{"nbformat": 5, "cells": []}',
            "Jupyter would open": b'{"nbformat": 4, "cells": [{"cell_type": "heading", "source": 3}]}',
            "would open": b'{"nbformat": 4, "cells": null}',
        },
    }  # fmt: skip
    for state, cases in kinds.items():
        for words, data in cases.items():
            came = hand_in({WANTED: data})
            assert (came.state, came.taken) == (state, {}), words
            assert words in came.refused[0] and len(came.refused) == 1, came.refused
            lost = state == "unreadable" and words != "UTF-16"  # no program could open and save it
            assert (
                ("(File → Download)" in came.refused[0]) == ("copy your answers into it" in came.refused[0]) == lost
            ), words
    beside = hand_in({"work.tar.gz": bomb})
    assert beside.state == "rejected" and "Unpack it" in beside.refused[0]
    assert hand_in({}).state == "missing"


def test_links_devices_and_second_names_are_not_read(hand_in, notebook, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(text(notebook))
    mischief = {
        "a link": lambda folder: (folder / WANTED).symlink_to(secret),
        "a link or": lambda folder: (folder / WANTED).symlink_to("/dev/zero"),
        "second name": lambda folder: os.link(secret, folder / WANTED),
        "no plain file": lambda folder: os.mkfifo(folder / WANTED),
    }
    if os.getuid() == 0:
        mischief["is no plain file"] = lambda folder: os.mknod(folder / WANTED, 0o020666, os.makedev(1, 5))
    for words, do in mischief.items():
        came = hand_in({}, do)
        assert came.state == "rejected" and words in came.refused[0], words
    came = hand_in({WANTED: text(notebook)}, lambda folder: (folder / "mine.csv").symlink_to(secret))
    assert came.state is None and "mine.csv" not in came.files and "mine.csv is a link" in came.left[0]
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "theirs.csv").write_bytes(b"1")
    came = hand_in({WANTED: text(notebook)}, lambda folder: (folder / "data").symlink_to(tmp_path / "others"))
    assert came.state is None and not any("theirs" in name for name in came.files) and "data is a link" in came.left[0]

    def whole(folder):
        folder.rmdir()
        folder.symlink_to(tmp_path / "others")

    assert hand_in({}, whole).state == "rejected"


def test_files_come_along_by_kind_place_number_and_size(hand_in, notebook, release, monkeypatch):
    files = {
        "answers.json": b"{}", "notes/deep/er/n.MD": b"x", "notes/deep/er/est/n.md": b"x", ".secret.csv": b"x",
        "pandas.py": b"raise SystemExit", "korea_events.csv": b"forged", "missile_tests.csv/a.csv": b"x", "big.txt": b" " * 5_000_001,
        ".ipynb_checkpoints/other.ipynb": b"x", "Untitled.ipynb": b"x", "odd\x1b[31m\udcff.json": b"x", "timestamp.txt": b"2030",
    }  # fmt: skip
    came = hand_in({WANTED: text(notebook), **files})
    theirs = {"answers.json", "notes/deep/er/n.MD", "odd\x1b[31m\udcff.json"}
    assert came.state is None and came.files.keys() - release[1].keys() == theirs
    assert came.files["korea_events.csv"] == release[1]["korea_events.csv"] != b"forged"
    said = "\n".join(came.left)
    assert said.isprintable() or not said.replace("\n", "").encode("ascii").count(b"\x1b")
    for words in ("Untitled.ipynb is none of this", "pandas.py was left aside", "korea_events.csv is not as it was handed out",
                  "missile_tests.csv/a.csv was left aside: its name", "big.txt is larger than 5 MB"):  # fmt: skip
        assert words in said
    many = hand_in({WANTED: text(notebook), **{f"{number}.csv": b"" for number in range(99)}})
    assert len(many.files) == 50 + len(release[1]) and many.left[-1] == "29 more files were left aside."
    monkeypatch.setattr(gates, "MOST_ENTRIES", 100)
    assert hand_in({WANTED: text(notebook), **{f"{number}.x": b"" for number in range(110)}}).state == "rejected"


def test_a_notebook_of_another_name_is_taken_where_it_is_the_only_one_and_its_cells_match(hand_in, notebook):
    for name in ("Case Korea (1).ipynb", f"{WANTED}.txt", f"mine/{WANTED}"):
        came = hand_in({name: text(notebook)})
        assert came.state is None and came.left == [], came
        assert cell(came.taken[NAME].notebook, "memo").source == "It ended twice."
        assert came.taken[NAME].mended[0].startswith(f"{name} should be named {WANTED}")
    came = hand_in({"a.ipynb": text(notebook), "b.ipynb": text(notebook)})
    assert came.state == "rejected" and "a.ipynb, b.ipynb" in came.refused[0]
    notebook.cells = notebook.cells[:8]
    came = hand_in({"part.ipynb": text(notebook)})
    assert came.state == "missing" and "too few" in came.refused[0] and "part.ipynb" in came.refused[0]


def test_what_a_refusal_speaks_of_is_not_spoken_of_again(hand_in, notebook):
    other, two = text(nbformat.v4.new_notebook()), [f"{NAME} ({number}).ipynb" for number in (1, 2)]
    part = nbformat.from_dict({**notebook, "cells": notebook.cells[:8]})
    for files, state, words in (
        (dict.fromkeys(two, text(notebook)), "rejected", f"several of other names: {', '.join(two)}. Hand in one"),
        ({f"{number}.ipynb": other for number in range(7)}, "rejected", "4.ipynb and 2 more. Hand in one"),
        ({"part.ipynb": text(part)}, "missing", "part.ipynb holds too few"),
        ({"other.ipynb": other}, "rejected", "other.ipynb is another notebook"),
        ({"work.zip": zipped(b"x"), "notes.md": b""}, "rejected", "work.zip is an archive"),
        ({"memo.docx": b"PK", "case.py": b"x"}, "missing", f"{WANTED} was not handed in; there was only case.py, memo.docx."),
        ({"korea_events.csv": b"x"}, "missing", f"{WANTED} was not handed in."),
    ):  # fmt: skip
        came = hand_in(files)
        assert came.state == state and words in came.refused[0], came.refused
        assert came.left == [words for words in came.left if "korea_events.csv is not as" in words]
    both = hand_in({"memo.docx": b"PK", WANTED: text(notebook)})
    assert both.state is None and "memo.docx was left aside" in both.left[0]


def test_a_file_of_answers_is_taken_under_the_name_of_a_second_download(hand_in, notebook):
    wanted = f"{NAME}-answers.json"
    for name in (
        f"{NAME}-answers (1).json",
        f"{NAME}-answers(1).json",
        f"{NAME}-answers-1.json",
        f"{wanted}.txt",
        f"a/{wanted}",
    ):
        came = hand_in({WANTED: text(notebook), name: b"{}"})
        assert came.files[wanted] == b"{}" and name not in came.files and came.left == []
        assert came.renamed == [f"{name} should be named {wanted}; it was taken for it."]
    first, second, other = f"{NAME}-answers (1).json", f"{NAME}-answers (2).json", "my-case-korea-answers.json"
    for files in ({first: b"{}", second: b"{}"}, {first: b"{}", wanted: b"[]"}, {other: b"{}"}):
        came = hand_in({WANTED: text(notebook), **files})
        assert came.renamed == [] and came.files.keys() >= files.keys() and came.files.get(wanted) == files.get(wanted)


def test_cells_are_mended_and_every_mending_is_said(hand_in, notebook, release):
    cells = notebook.cells
    memo, answer = cell(notebook, "memo"), cell(notebook, "counts-by-kind")
    cells.append(cells.pop(cells.index(answer)))  # moved to the end
    second = nbformat.from_dict(json.loads(json.dumps(memo)))
    second.source, second.id = "Another memo.", memo.id  # twice, with the same id
    cells.insert(0, second)
    memo.source = release[0][NAME].cells["memo"].source  # the first that was filled in counts
    retyped = nbformat.v4.new_markdown_cell(
        "def tests_around(e, m, x, d): return 1", metadata=cell(notebook, "tests-around").metadata
    )
    cells[cells.index(cell(notebook, "tests-around"))] = retyped
    cells.remove(cell(notebook, "acts-check"))
    forged = cell(notebook, "acts-ends")
    forged.source, forged.metadata.nbgrader.points, forged.metadata.nbgrader.locked = "pass", 999, False
    bare = cell(notebook, "three-counts")
    bare.source, bare.metadata, bare.id = "def three_counts(x): return 3", {}, "new"  # its marks are gone
    invented = nbformat.v4.new_code_cell(
        "print(1)", metadata={"nbgrader": {"grade_id": "free-points", "grade": True, "points": 50}}
    )
    cells.extend([invented, nbformat.v4.new_markdown_cell("My notes")])
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    taken = hand_in({WANTED: text(notebook)}).taken[NAME]
    made = {key(cell): cell for cell in taken.notebook.cells if key(cell)}
    original = release[0][NAME].cells
    assert list(made) == list(original), "each cell of the release once, in its order"
    assert made["memo"].source == "Another memo." and "return 1" in made["tests-around"].source
    assert made["three-counts"].source.endswith("return 3") and made["counts-by-kind"].source.endswith("{}")
    assert made["acts-ends"].source == original["acts-ends"].source and made["acts-ends"].metadata.nbgrader.points == 3
    assert all(made[name].cell_type == original[name].kind for name in original)
    assert [(kind, line) for _, kind, line in taken.own] == [("code", "print(1)"), ("markdown", "My notes")]
    said = "\n".join(taken.mended)
    for words in ("'memo' was there more than once", "another order", "'acts-check' was missing", "'acts-ends' was changed",
                  "'tests-around' was turned into another type", "'three-counts' was without its marks", "set to run in R",
                  "1 cell of your own was run", "1 cell of your own was kept as text"):  # fmt: skip
        assert words in said, (words, said)


def test_ones_own_cells_below_an_answer_marked_by_hand_belong_to_it_and_raw_ones_are_left_aside(hand_in, notebook):
    cells, memo = notebook.cells, cell(notebook, "memo")
    split = nbformat.v4.new_markdown_cell("In 2023 it ended.", metadata=memo.metadata)  # as JupyterLab splits a cell
    picture = nbformat.v4.new_markdown_cell(
        "![map](attachment:map.png)", attachments={"map.png": {"image/png": "iVBO"}}
    )
    raw = nbformat.v4.new_raw_cell("<b>raw</b>")
    place = cells.index(memo) + 1
    cells[place:place] = [split, picture, raw]
    cells.insert(0, nbformat.v4.new_markdown_cell("# By me"))
    taken = hand_in({WANTED: text(notebook)}).taken[NAME]
    made = taken.notebook.cells
    at = made.index(cell(taken.notebook, "memo"))
    assert [each.source for each in made[at : at + 3]] == ["It ended twice.", split.source, picture.source]
    assert made[at + 2].attachments == picture.attachments and made[0].source == "# By me"
    assert [(kind, line) for _, kind, line in taken.own] == [("markdown", "# By me"), ("raw", "<b>raw</b>")]
    said = "\n".join(taken.mended)
    for words in ("3 cells of your own were kept as text.", "1 cell of your own was left aside, being neither code nor text.",
                  "The cell 'memo' was followed by cells of your own, which are taken as part of the answer."):  # fmt: skip
        assert words in said, (words, said)


def test_marks_that_are_gone_and_format_3(hand_in, notebook):
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[
        nbformat.v3.new_code_cell(input=cell.source, metadata=cell.metadata) if cell.cell_type == "code"
        else nbformat.v3.new_text_cell("markdown", source=cell.source, metadata=cell.metadata) for cell in notebook.cells
    ])])  # fmt: skip
    bare = nbformat.from_dict(json.loads(json.dumps(notebook)))
    bare.metadata = {}
    for number, each in enumerate(bare.cells):
        each.metadata, each.id = {}, f"n{number}"
    stripped = {
        "nbformat": 4,
        "cells": [{"cell_type": cell.cell_type, "source": [cell.source]} for cell in notebook.cells],
    }
    for data, said in ((json.dumps(old), False), (text(bare).decode(), True), (json.dumps(stripped), True)):
        for mark in ("", "\ufeff"):
            came = hand_in({WANTED: f"{mark}{data}".encode()})
            assert came.state is None, came.refused
            taken = came.taken[NAME]
            assert cell(taken.notebook, "memo").source == "It ended twice."
            assert cell(taken.notebook, "counts-by-kind").source.endswith("return {}")
            assert any("marks (its metadata) were gone" in words for words in taken.mended) is said
            assert len(taken.mended) == said, taken.mended


def test_parts_of_a_character_and_strange_values_do_no_harm(hand_in, notebook):
    cell(notebook, "memo").source = "half \ud800, nul \x00, bell \x07"
    plain = json.loads(nbformat.writes(notebook))
    plain["cells"][0]["metadata"] = {"nbgrader": {"grade_id": ["x"]}, "deep": 1e308}
    plain["cells"][1]["id"], plain["cells"][2]["id"] = None, {}
    plain["metadata"] = {"kernelspec": ["python3"], "big": 10**4000}
    came = hand_in({WANTED: json.dumps(plain).encode()})
    assert came.state is None and cell(came.taken[NAME].notebook, "memo").source == "half ?, nul \x00, bell \x07"


def test_a_folder_is_walked_no_deeper_than_allowed(tmp_path):
    (tmp_path / "a/b/c/d/e").mkdir(parents=True)
    (tmp_path / "a/b/c/x.csv").touch()
    (tmp_path / "a/b/c/d/y.csv").touch()
    assert gates.files_below(tmp_path) == ["a/b/c/d", "a/b/c/x.csv"]
    shutil.rmtree(tmp_path / "a")
    assert gates.files_below(tmp_path) == []
