"""Hostile, broken and honest submissions to a small course that is no other's, graded by the engine in one batch.

`python -m tools.corpus engine` grades all of the corpus; these are some of each kind, chosen so that few wait for a limit.
"""

import os
from collections import Counter

import nbformat
import pytest
from nbgrader.server_extensions.formgrader import formgrader, handlers
from traitlets.config import Config

from sealed_grading import formgrader as safe
from sealed_grading import intake
from tests.grading.corpus import CASES, ITEMS
from tests.grading.corpus.honest import PIXEL
from tools import corpus

SAMPLE = """
    ast-drop-asserts run-code pandas-testing builtins-patched settrace same-dict same-frame any frame-of-liars float-for-int
    forged-frames printed-in-check recognised memoised mutates prints-arguments takes-builtins takes-months
    endless os-exit fork-in-function kill-all thread-bomb memory-at-once disk-fill huge-integer deep-display forms-swapped long-message str-raises output-descriptor
    walk course-folder environment own-memory plants start-up-files gradebook answer-file data-file calls-out unix-sockets
    points-forged set-up-emptied set-up-raw tests-pass tests-deleted tests-doubled answers-doubled skip-execution stale-outputs metadata-bare nbformat-3 script-text script-outputs script-attachment
    truncated utf-16 nested-json missing archive link-to-solution folder-link file-link shadow-pandas timestamp-odd
    honest-plain honest-warns honest-threads honest-class honest-numpy honest-loops honest-own-cells honest-names-of-tests honest-async honest-colab honest-checkpoints
    honest-picture
""".split()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The result of grading the sample between two honest neighbours."""
    os.environ["CORPUS_SECRET"] = "heron-in-the-hidden-tests"  # what the grader's environment holds is nobody's
    folder = tmp_path_factory.mktemp("corpus")
    try:
        return corpus.run_engine([CASES[name] for name in SAMPLE], folder) | {"course": folder / "course"}
    finally:
        del os.environ["CORPUS_SECRET"]


def test_each_submission_ends_in_its_state_with_its_points_a_sentence_and_a_page_and_nothing_leaks(graded):
    assert not graded["wrong"], "\n".join(graded["wrong"])
    assert graded["unearned_points"] == 0 and graded["batch_aborts"] == 0
    assert len(graded["cases"]) == len(SAMPLE)


def test_honest_neighbours_graded_before_and_after_keep_every_point(graded):
    for neighbour in graded["neighbours"].values():
        assert neighbour["state"] == "graded"
        assert {item: neighbour["points"][item] for item in ITEMS} == ITEMS


def test_a_submission_opened_in_formgrader_can_do_nothing(graded, monkeypatch):
    monkeypatch.setattr(formgrader, "HTMLExporter", formgrader.HTMLExporter)  # to be as before when the test is over
    safe.install()
    config = Config(HTMLExporter={"template_name": "formgrade", "extra_template_basedirs": [handlers.template_path]})
    exporter = formgrader.HTMLExporter(config=config)
    names = "assignment_id notebook_id submission_id base_url student last_name first_name notebook_path".split()

    def page_of(student: str) -> str:
        path = graded["course"] / f"autograded/{student}/probe/probe.ipynb"
        resources = {**dict.fromkeys(names, "x"), "index": 0, "total": 1}
        return exporter.from_filename(str(path), resources=resources)[0]

    def acts(student: str) -> set[str]:
        return set(corpus.active(page_of(student)))

    of_the_page = acts(corpus.BEFORE)
    assert of_the_page, "Formgrader's page has scripts of its own"
    for student in ("script-text", "script-outputs", "script-attachment", "deep-display", "forms-swapped"):
        assert acts(student) == of_the_page, student
    pictures = page_of("honest-picture").count(f"data:image/png;base64,{PIXEL}")
    assert pictures == 2, "the marker sees what was pasted into the memo, and below the task"
    assert page_of("script-text").count("The learner's own cell:") == 1


def test_a_rubric_below_a_memo_is_opened_also_where_the_learners_own_cells_stand_between():
    fold = "<details><summary>Mine</summary></details>"
    memo = nbformat.v4.new_markdown_cell("x", metadata={"nbgrader": {"grade": True, "solution": True}})
    own, rubric = nbformat.v4.new_markdown_cell(fold, id=f"{intake.OWN}1"), nbformat.v4.new_markdown_cell(fold)
    safe.unfold(nbformat.v4.new_notebook(cells=[memo, own, rubric]))
    assert "details open" in rubric.source and rubric.source.startswith(safe.FOR_THE_LEARNER)
    assert own.source == safe.OF_THE_LEARNER + fold


def test_the_corpus_holds_every_kind():
    kinds = Counter(case.attack for case in CASES.values())
    assert kinds["honest"] >= 15
    assert len(kinds) >= 15 and min(kinds.values()) >= 3, kinds
