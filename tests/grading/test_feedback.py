"""The page that a learner gets back, as the engine writes it."""

import html
import json
import re

import nbformat
from nbgrader.api import Gradebook

from sealed_grading import cli
from tests.grading.conftest import Course
from tests.grading.corpus import Case, cases
from tools.assignments import Assignment, hand_in, read_files

FILE = "case-korea-answers.json"
CHOSEN = {
    "acts": {"2018-09-19": "<script>alert(1)</script>", "seoul": ["2023-11-22", {"deep": [1]}], "x" * 999: 0.5},
    "ten-steps": {},
    "else": {"unasked": "not shown"},
}


def feedback(course, student: str) -> str:
    return (course.folder / f"feedback/{student}/{course.name}/{course.name}.html").read_text(encoding="utf-8")


def words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.partition("<main>")[2])))


def section(page: str, title: str) -> str:
    return next(part for part in page.split("<section")[1:] if title in part)


def test_who_was_not_graded_is_told_why_and_nothing_else(course):
    course.hand_in("cut", data=b'{"cells": [')
    (course.hand_in("none", data=b"") / f"{course.name}.ipynb").unlink()
    course.grade("cut", "none")
    title = Assignment(course.name).header["title"]
    for student, state, sentence in (
        ("cut", "unreadable", "damaged or incomplete"),
        ("none", "missing", "not handed in"),
    ):
        said = words(feedback(course, student))
        assert said.startswith(f" {title}: feedback for {student} Score: 0 of 100 . State: {state}"), said
        assert sentence in said and "Nothing was graded." in said
        assert "question" not in said and "only grading runs" not in said and len(said) < 700
    before = feedback(course, "cut")
    assert cli.main(["feedback", course.name, "--course", str(course.folder)]) == 0
    assert feedback(course, "cut") == before


def test_choices_in_controls_stand_with_their_question(course):
    reference = next(path for path in Assignment(course.name).answers if path.stem == "reference")
    students = ("chose", "whole", "none", "broken", "renamed", "link")
    for student in students:
        hand_in(Assignment(course.name), reference, course.folder / "submitted" / student / course.name)
    folder = course.folder / "submitted"
    (folder / "chose" / course.name / FILE).write_text(json.dumps(CHOSEN))
    (folder / "none" / course.name / FILE).unlink()
    (folder / "broken" / course.name / FILE).write_text("[" * 100_000)
    answers = folder / "renamed" / course.name / FILE
    answers.rename(answers.with_stem(f"{answers.stem} (1)"))
    (folder / "link" / course.name / FILE).unlink()
    (folder / "link" / course.name / FILE).symlink_to(folder / "whole" / course.name / FILE)
    course.grade(*students)
    page = feedback(course, "chose")
    acts, steps = section(page, "Item 1. "), section(page, "Item 11. ")
    assert "<script>" not in page and "not shown" not in page
    assert "2018-09-19 <script>alert(1)</script> seoul 2023-11-22, …" in words(f"<main>{acts}")
    assert "x" * 500 in acts and "x" * 501 not in acts
    assert f"Your answers in {FILE}: none." in steps and "2018-09-19 " not in steps
    assert FILE not in re.sub("<pre.*?</pre>", "", section(page, "Item 2. "), flags=re.DOTALL)
    whole, chosen = feedback(course, "whole"), json.loads(read_files(reference)[FILE])
    for item, entry in (("Item 1. ", "acts"), ("Item 11. ", "ten-steps")):
        said = words(f"<main>{section(whole, item)}")
        for asked, answer in chosen[entry].items():
            assert f"{asked} {', '.join(answer) if isinstance(answer, list) else answer}" in said
    assert words(feedback(course, "none")).count(f"Your answers in {FILE}: none.") == 2
    assert words(feedback(course, "broken")).count(f"Your answers in {FILE}: the file cannot be read.") == 2
    lost = "It holds your choices in the controls; without it these earn nothing: Item 1. What kind of act?; Item 11. "
    for student, said in (("none", "was not handed in"), ("link", "cannot be read"), ("broken", "cannot be read")):
        assert f"{FILE} {said}. {lost}" in words(feedback(course, student).partition("<table>")[0]), student
    renamed = words(feedback(course, "renamed"))
    assert "answers (1).json should be named case-korea-answers.json; it was taken for it." in renamed
    assert "Item 1. What kind of act? ✓" in renamed and lost not in renamed + whole
    assert cli.main(["feedback", course.name, "--course", str(course.folder)]) == 0
    assert feedback(course, "chose") == page, "the same when it is written again"


def test_code_that_stands_together_is_folded_together(course):
    course.hand_in("own", course.released())
    course.grade("own")
    page = feedback(course, "own")
    fold = r"<details><summary>Other cells of this question</summary>(?:(?!</details>).)*</details>"
    assert re.search(fold, page, re.DOTALL)
    assert not re.search(rf"{fold}\s*{fold}", page, re.DOTALL)
    assert (
        "pd.option_context" in (first := re.search(fold, section(page, "Item 1. "), re.DOTALL)[0])
        and "answers.Form" in first
    )


def test_a_text_in_cells_of_ones_own_below_a_memo_or_a_task_is_the_answer_and_waits_for_a_person(
    course, tmp_path, capsys
):
    def below(notebook, name: str, *texts: str):
        """The notebook with these text cells below a cell of it."""
        place = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells].index(name) + 1
        notebook.cells[place:place] = map(nbformat.v4.new_markdown_cell, texts)
        return notebook

    evil = "# It ended <script>alert(1)</script>"
    path = course.hand_in("below", below(course.released(), "memo", evil)) / f"{course.name}.ipynb"
    course.hand_in("split", below(course.answered(memo="It ended twice."), "memo", "In 2018 and 2023."))
    first = next(cell for cell in course.released().cells if cell.cell_type == "markdown")
    course.hand_in("above", below(course.released(), "counts-by-kind", f"My plan for {first.source[:9]}"))
    course.hand_in("none", course.released())
    grading = ["grade", course.name, "--course", str(course.folder)]
    assert cli.main(grading) == 0
    assert f"2 submissions of {course.name} with an answer" in capsys.readouterr().err
    page = feedback(course, "below")
    memo = words(f"<main>{section(page, 'Item 12. ')}")
    assert "<script>" not in page and "Your answer, memo: waits for a person" in memo
    assert "# It ended <script>alert(1)</script>" in memo and "No response" not in memo
    split = words(f"<main>{section(feedback(course, 'split'), 'Item 12. ')}")
    assert "waits for a person, 12 points It ended twice. In 2018 and 2023." in split
    assert "No response" in section(feedback(course, "none"), "Item 12. ")
    assert "My plan for" in feedback(course, "above") and "0 of 12" in feedback(course, "above")
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as book:
        grade = book.find_grade("memo", course.name, course.name, "below")
        grade.manual_score, grade.needs_manual_grade = 7, False
        book.db.commit()
    assert cli.main([*grading, "--again"]) == 0
    assert "◐ 7 of 12" in words(feedback(course, "below")), "the same answer needs no second look"
    path.write_text(path.read_text().replace("It ended", "It went on"))
    assert cli.main(grading) == 0
    assert "waits for a person; so far 7 of 12" in words(feedback(course, "below"))

    probe = Course(cases.make_course(tmp_path / "probe"), cases.NAME)
    drawn = below(probe.released(), "sketch", "I would move to Coll.")
    cases.hand_in(Case("ada", "honest", "", bend=lambda _: drawn), probe.folder)
    assert cli.main(["grade", cases.NAME, "--course", str(probe.folder)]) == 0
    said = words(feedback(probe, "ada"))
    assert "Your answer, sketch: waits for a person, 2 points I would move to Coll." in said
    assert said.count("Add a picture or a text") == 1, "the task stands as the task alone"


def test_what_was_not_run_is_said_to_be_so_and_the_cell_that_ended_the_process_is_named(course):
    did = "ended the process that the notebook ran in, or used more than is allowed."
    own = course.released()
    first = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in own.cells].index("counts-by-kind")
    own.cells.insert(first, nbformat.v4.new_code_cell("import os; os._exit(0)"))
    course.hand_in("answer", course.answered(counts_by_kind="import os; os._exit(0)"))
    course.hand_in("own", own)
    called = "def counts_by_kind(events, year):\n    import os; os._exit(0)"
    course.hand_in("called", course.answered(counts_by_kind=called))
    course.hand_in("wrong", course.answered(counts_by_kind="def counts_by_kind(events, year): return {}"))
    course.grade("answer", "own", "called", "wrong")
    not_run = "Not run: the process that the notebook ran in had ended, or answered no more, in a check that only"
    for student, who in (
        ("answer", "The cell counts-by-kind"),
        ("own", "A cell of your own below the heading 'Item 2. "),
        ("called", "What the check counts-by-kind-check called"),
    ):
        page = feedback(course, student)
        said, items = words(page), [section(page, f"Item {number}. ") for number in (2, 9)]
        assert re.search(rf"State: crashed . {re.escape(who)}[^.]*.*? {re.escape(did)}", said), (student, said[:500])
        assert all(not_run in item and "the answer did not hold" not in item for item in items), student
        assert "NotRun: the process that the notebook ran in had ended" in said, "of a check that learners see"
    assert "Ended: this cell ended" not in words(feedback(course, "called"))
    wrong = words(feedback(course, "wrong"))
    assert "Not run" not in wrong and "the answer did not hold in a check that only grading runs" in wrong


def test_exit_in_a_cell_does_nothing_and_says_so(course):
    for name, code in {"called": "quit()", "kept": "exit(keep_kernel=True)"}.items():
        course.hand_in(name, course.answered(counts_by_kind=f"print('began')\n{code}\nprint('went on')"))
    for student, verdict in course.grade("called", "kept").items():
        page = words(feedback(course, student))
        assert "began exit() and quit() do nothing while a notebook is graded. went on" in page, student
        assert verdict.state == "graded" and "AttributeError" not in page


def test_a_mark_given_to_an_earlier_version_is_said_to_be_one(course, capsys):
    notebook, where = course.answered(memo="It ended in 2023."), ("memo", course.name, course.name, "ada")
    path = course.hand_in("ada", notebook) / f"{course.name}.ipynb"
    grading = ["grade", course.name, "--course", str(course.folder)]
    assert cli.main(grading) == 0
    waiting = f"1 submission of {course.name} with an answer that waits for a person's mark"
    assert waiting in capsys.readouterr().err
    assert "waits for a person, 12 points" in words(feedback(course, "ada"))
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as book:
        grade, comment = book.find_grade(*where), book.find_comment(*where)
        grade.manual_score, grade.needs_manual_grade, comment.manual_comment = (
            7,
            False,
            "Name the *row*, and <who> counts.",
        )
        book.db.commit()
    assert cli.main(["feedback", course.name, "--course", str(course.folder)]) == 0
    said = words(feedback(course, "ada"))
    assert "◐ 7 of 12" in said and "Score: 7 of 100 ." in said and "earlier version" not in said
    assert waiting not in capsys.readouterr().err
    path.write_text(path.read_text().replace("in 2023", "in 2024"))
    assert cli.main(grading) == 0
    said = words(feedback(course, "ada"))
    assert "Score: 7 of 100 so far; a person has still to look" in said
    assert "waits for a person; so far 7 of 12" in said
    assert "On an earlier version of this answer: Name the row , and <who> counts." in said


def test_a_hidden_test_is_hidden_however_the_course_marks_it(tmp_path, monkeypatch):
    notebook = cases.source()
    for cell in notebook.cells:
        cell.source = cell.source.replace("### BEGIN HIDDEN TESTS", "# BEGIN HIDDEN TESTS").replace(
            "### END HIDDEN TESTS", "#END HIDDEN TESTS: thank you"
        )
    monkeypatch.setattr(cases, "source", lambda: notebook)
    probe = Course(cases.make_course(tmp_path / "probe"), cases.NAME)
    cases.hand_in(Case("ada", "honest", ""), probe.folder)
    assert cli.main(["grade", cases.NAME, "--course", str(probe.folder)]) == 0
    page = html.unescape(feedback(probe, "ada"))
    hidden = [
        line.strip()
        for cell in notebook.cells
        for line in cell.source.partition("# BEGIN HIDDEN TESTS\n")[2].partition("#END")[0].splitlines()
    ]
    assert hidden and not [line for line in hidden if line in page]
    assert "in a check that only grading runs" in page


def test_what_could_not_be_looked_at_is_said_once_and_of_a_hidden_test_too(tmp_path):
    probe = Course(cases.make_course(tmp_path / "probe"), cases.NAME)
    year = "class Year:\n    pass\ndef leap(year):\n    return Year()"
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT | {"leap": year}), probe.folder)
    assert cli.main(["grade", cases.NAME, "--course", str(probe.folder)]) == 0
    said, why = words(feedback(probe, "ada")), "a value of type Year cannot be checked"
    assert f"The check leap-hidden could not look at what the answer gave: {why}." in said
    assert said.count(f"Not looked at: {why}") == 1
    assert "NotSeen" not in said
