"""Before handing in: a learner types `sealed-grading doctor` in the folder that was handed out."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from sealed_grading import cli
from tools.assignments import EXERCISES, Assignment, answered, read_answer, read_files

NAME = "case-korea"


@pytest.fixture
def bundle(tmp_path):
    """The learner's folder: the assignment to work in, and the pristine copy of it."""
    for place in ("assignments", ".release"):
        shutil.copytree(EXERCISES / "release" / NAME, tmp_path / place / NAME)
    return tmp_path


def reference():
    return next(path for path in Assignment(NAME).answers if path.stem == "reference")


def doctor(capsys, *words: str) -> tuple[int, str]:
    code = cli.main(["doctor", *words])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_learner_is_told_what_is_open_and_what_comes_along(bundle, capsys, monkeypatch):
    folder = bundle / "assignments" / NAME
    code, said = doctor(capsys, f"{folder}/{NAME}.ipynb")
    assert code == 0 and "It can be opened and graded, but nothing is answered yet." in said
    assert "Not answered yet, 12 of 12:" in said
    assert "Item 12. Memo: when did the 2018 agreement end?" in said
    absent = said.partition("Not there yet:")[2]
    assert "case-korea-answers.json, which holds your choices in the controls; without it these earn nothing" in absent
    assert "Item 1. " in absent and "Item 11. " in absent and "Item 2. " not in absent

    notebook = answered(Assignment(NAME), read_answer(reference())[1])
    notebook.cells.insert(3, nbformat.v4.new_code_cell("scratch = 1\nscratch + 1"))
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    for name, text in read_files(reference()).items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "helper.py").write_text("x = 1")
    (folder / "sources").mkdir()
    (folder / "sources" / "notes.md").write_text("where I looked")
    for kind in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):  # as on Windows
        monkeypatch.delattr(os, kind)
    for handed_in in (str(folder), f"{folder}/{NAME}.ipynb"):
        code, said = doctor(capsys, handed_in)
        assert code == 0 and "It can be handed in." in said
        assert "Not answered yet" not in said and "Not there yet" not in said
        assert "Files that come along:\n  - case-korea-answers.json\n  - sources/notes.md" in said
        assert "helper.py was left aside" in said
        assert f"{NAME}, cell 4 (code): scratch = 1" in said
    monkeypatch.chdir(folder)
    assert doctor(capsys, ".")[1].replace(f"{NAME},", f"{NAME}.ipynb,", 1) == said, "in the folder itself, the same"


def test_whoever_has_read_enough_of_it_may_go(bundle):
    program = [sys.executable, "-m", "sealed_grading.cli", "doctor", str(bundle / "assignments" / NAME)]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(program, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_choices_in_controls_are_missed_item_by_item(bundle, capsys):
    folder = bundle / "assignments" / NAME
    nbformat.write(answered(Assignment(NAME), read_answer(reference())[1]), folder / f"{NAME}.ipynb")
    said = doctor(capsys, str(folder))[1]
    assert "It can be handed in, but as it is it loses points." in said
    assert "Not answered yet, 2 of 12:\n  - Item 1. What kind of act?" in said
    chosen = json.loads(read_files(reference())["case-korea-answers.json"])
    for content, open_items in (
        ({"acts": chosen["acts"], "ten-steps": {}}, ("Item 11.",)),
        ({}, ("Item 1.", "Item 11.")),
    ):
        (folder / "case-korea-answers.json").write_text(json.dumps(content))
        said = doctor(capsys, str(folder))[1]
        assert f"Not answered yet, {len(open_items)} of 12" in said and "Not there yet" not in said
        assert [item in said for item in ("Item 1.", "Item 11.")] == [
            item in open_items for item in ("Item 1.", "Item 11.")
        ]
        assert "(its controls, kept in case-korea-answers.json)" in said
    chosen["acts"] |= {"2023-11-24": None, "seoul": []}
    (folder / "case-korea-answers.json").write_text(json.dumps(chosen))
    said = doctor(capsys, str(folder))[1]
    assert "It can be handed in, but as it is it loses points." in said and "Not answered yet" not in said
    partly = "Item 1. What kind of act? (nothing in case-korea-answers.json for 2023-11-24, seoul)"
    assert f"Answered in part:\n  - {partly}\n" in said and "Item 11." not in said
    (folder / "case-korea-answers.json").write_text('{"acts": {')
    said = doctor(capsys, str(folder))[1]
    assert "Not answered yet, 2 of 12" in said and "case-korea-answers.json (it is there, but damaged)" in said
    (bundle / "elsewhere").mkdir()
    second = "case-korea-answers (1).json"
    (folder / "case-korea-answers.json").rename(folder / second)
    for place in (folder, bundle / "elsewhere"):
        if place != folder:
            shutil.copy2(folder / f"{NAME}.ipynb", place)
            shutil.copy2(folder / second, place)
        said = doctor(capsys, f"{place}/{NAME}.ipynb")[1]
        assert f"What the grader mends:\n  - {second} should be named case-korea-answers.json; it was taken" in said
    (folder / second).rename(folder / "case-korea-answers.json")
    (bundle / "elsewhere" / second).unlink()
    for path in (folder / f"{NAME}.ipynb", folder / "case-korea-answers.json"):
        path.rename(bundle / "elsewhere" / path.name)
    (bundle / "elsewhere" / "letter.md").write_text("Dear all")
    said = doctor(capsys, f"{bundle}/elsewhere/{NAME}.ipynb")[1]
    assert "Files that come along:\n  - case-korea-answers.json\n" in said and "letter" not in said


FAULTS = {
    "def steps_needed(prior, error)\n    return 1": "line 1: expected ':'",
    "\n\n%matplotlib inline\ndef steps_needed(prior, error):\nreturn 1": "line 5: expected an indented block",
    "def steps_needed(prior, error):\n    return “1”": "line 2: invalid character",
    "(" * 5000: "line 1: too many nested parentheses",
    "%%time\n%matplotlib inline": None,
    "files = !ls\nsteps_needed?\nawait steps_needed(1, 2)": None,
    "x = '\\d'": None,
    "-" * 90_000 + "1": None,
    "%x\n" * 3_000: None,
}


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_code_that_python_cannot_read_is_named_and_a_magic_is_no_fault(bundle, capsys, number):
    source, words = list(FAULTS.items())[number]
    folder = bundle / "assignments" / NAME
    answers = read_answer(reference())[1] | {"steps-needed": source}
    nbformat.write(answered(Assignment(NAME), answers), folder / f"{NAME}.ipynb")
    for name, text in read_files(reference()).items():
        (folder / name).write_text(text, encoding="utf-8")
    code, said = doctor(capsys, str(folder))
    assert code == 0 and ("cannot be read as Python" in said) == bool(words)
    assert ("It can be handed in." in said) == (words is None), "what cannot run loses points"
    if words:
        assert "What cannot run, and so earns nothing:\n  - Item 9. " in said
        assert f"(cell steps-needed) cannot be read as Python, {words}" in said


def test_a_learner_is_told_what_would_be_mended_or_refused(bundle, capsys):
    folder = bundle / "assignments" / NAME
    released = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    as_released = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in released.cells}
    notebook = answered(Assignment(NAME), {"memo": "It ended twice."})
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    cells["acts-check"].source = "pass"
    notebook.cells.remove(cells["steps-needed-check"])
    nbformat.write(notebook, folder / f"{NAME}(1).ipynb")
    (folder / f"{NAME}.ipynb").unlink()
    code, said = doctor(capsys, f"{folder}/{NAME}(1).ipynb")
    assert code == 0 and "Not answered yet, 11 of 12" in said
    for words in (f"should be named {NAME}.ipynb", "'steps-needed-check' was missing", "'acts-check' was changed"):
        assert words in said

    notebook.cells.insert(notebook.cells.index(cells["memo"]) + 1, nbformat.v4.new_markdown_cell("It ended in 2023."))
    cells["memo"].source = as_released["memo"]
    nbformat.write(notebook, folder / f"{NAME}(1).ipynb")
    said = doctor(capsys, str(folder))[1]
    assert "Not answered yet, 11 of 12" in said and "Cells of your own" not in said
    assert "'memo' was followed by cells of your own, which are taken as part of the answer" in said

    shutil.make_archive(str(bundle / "work"), "zip", folder)
    code, said = doctor(capsys, f"{bundle}/work.zip")
    assert code == 1 and "It cannot be handed in like this." in said and "Unpack it" in said
    (folder / f"{NAME}(1).ipynb").write_text('{"cells": [')
    code, said = doctor(capsys, str(folder))
    assert code == 1 and "damaged or incomplete" in said
    assert doctor(capsys, "case-kora.ipynb")[0] == 2
    shutil.rmtree(bundle / ".release")
    code, said = doctor(capsys, str(folder))
    assert code == 2 and "--release FOLDER" in said
    assert doctor(capsys, str(folder), "--release", str(EXERCISES.resolve() / "release" / NAME))[0] == 1
