"""Cells that are run once for the whole class: nobody can tell, and where somebody could, they are run for each."""

import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from sealed_grading import cli
from sealed_grading.course import open_course, read_assignment
from sealed_grading.sandbox import Limits, Warm
from tests.grading.corpus import Case, cases

LIMITS = Limits()
SET_UP = [
    "import os\nimport pandas as pd\nvalue = [1]\nprint('set up')\nerror = os.system('echo by a program')",
    "table = pd.DataFrame({'n': value})\ntable",
]


def warm_up(cells: list[str]) -> dict:
    return {"modules": [], "files": {"n.csv": "bgoxCg=="}, "once": cells, "beside": []}


def replies(warm: Warm, *cells: str) -> list[dict]:
    """Return what a fresh student's process says of each cell."""
    student, checker = warm.parent().pair()
    try:
        student.send({"files": {}, "environment": {}})
        said = []
        for cell in cells:
            student.send({"source": cell})
            said.append(student.receive(60))
        return said
    finally:
        student.end()
        checker.end()


def text(reply: dict) -> str:
    return "".join(content.get("text", "") for kind, content in reply["messages"] if kind == "stream")


@pytest.fixture(scope="module")
def warm():
    warm = Warm(LIMITS, warm_up=warm_up(SET_UP))
    yield warm
    warm.stop()


def test_each_learner_begins_with_what_the_cells_made_and_showed(warm):
    assert warm.remark == ""
    for _ in range(2):  # what the first did to the values is not the second's
        first, second, own = replies(
            warm, *SET_UP, "value.append(2); table.loc[0, 'n'] = 5; print(value, list(table.n), len(In) - 1)"
        )
        assert text(first) == "set up\nby a program\n"
        assert "text/html" in second["messages"][0][1]["data"]
        assert [reply["count"] for reply in (first, second, own)] == [1, 2, 3]
        assert text(own) == "[1, 2] [5] 3\n"


def test_who_changes_or_leaves_out_a_cell_has_run_what_stands_there(warm):
    changed = SET_UP[0].replace("[1]", "['mine']")
    *_, own = replies(warm, changed, SET_UP[1], "print(list(table.n), len(In) - 1)")
    assert text(own) == "['mine'] 3\n"
    *_, own = replies(warm, SET_UP[0], "print(value, 'table' in globals(), len(In) - 1)")
    assert text(own) == "[1] False 2\n"
    (own,) = replies(warm, "print('value' in globals(), len(In) - 1)")
    assert text(own) == "False 1\n"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("import random\nn = random.random()", "draw random numbers"),
        ("import numpy\nnumpy.random.seed(1)\nn = numpy.random.rand()", "draw random numbers"),
        ("n = open('n.txt', 'w').write('1')", "write files"),
        ("handle = open('n.csv')\nn = 1", "leave files open"),
        (
            "import threading, time\nn = threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
            "threads",
        ),
        ("import subprocess\nn = subprocess.Popen(['sleep', '60'])", "processes running"),
        ("import os\nos.chdir('/tmp')\nn = 1", "change the folder"),
        ("import os\nos.environ['N'] = '1'\nn = 1", "change the environment"),
        ("from pandas import set_option\nset_option('display.precision', 2)\nn = 1", "set an option"),
        ("from sys import setrecursionlimit as limit\nlimit(300)\nn = 1", "set an option"),
        ("import numpy as np\nn = np.seterr(all='raise')", "set an option"),
        (
            "def patch():\n    import builtins\n    builtins.abs = abs.__call__\npatch()\nn = 1",
            "replace what a library does",
        ),
        ("n = 1\nraise ValueError(n)", "end in an error"),
    ],
)
def test_what_would_differ_from_one_process_to_the_next_is_run_for_each_and_said(cell, reason):
    warm = Warm(LIMITS, warm_up=warm_up([cell]))
    try:
        assert reason in warm.remark
        (own,) = replies(warm, "print('n' in globals())")
        assert text(own) == "False\n"
    finally:
        warm.stop()


def test_controls_are_not_made_ahead_for_the_tests():
    warm = Warm(LIMITS, warm_up=warm_up([]) | {"beside": ["import ipywidgets\nslider = ipywidgets.IntSlider()"]})
    try:
        assert "make controls" in warm.remark and not warm.zygote.beside
    finally:
        warm.stop()


GIVEN = {  # each after the answers, so that its names are nobody's before it; what is run once, by its tags
    "so-that-you-can-go-on": "wettest = 'Bree'",
    "here": "import pathlib\nHERE, _rows = pathlib.Path.cwd(), [3]\ndef rows(): return list(_rows)",
    "letters": "import string as s\nletters = s.ascii_lowercase[:2]",
    "star": "from math import *",
    "after-star": "e = max(2, 3)",
    "patch": "import math\nmath.floor = lambda number, old=math.floor: old(number) + 1",
    "reads": "more_rows = [*rows(), 4]",
}
TESTS = {
    "early": "assert 'letters' not in globals() and 'HERE' not in globals()",
    "beside": "assert (rows(), more_rows, letters) == ([3], [3, 4], 'ab')\nmore_rows.clear()",
    "folder": "assert (HERE / 'rain.csv').is_file()",
    "in-order": "assert (e, math.floor(1.5)) == (3, 2)",
}


def test_what_is_run_once_for_the_tests_is_there_from_its_own_place_on_and_earns_nobody_a_point(
    tmp_path, monkeypatch, capsys
):
    notebook = cases.source()
    about = {"schema_version": 3, "solution": False, "task": False, "locked": True}
    checks = [
        nbformat.v4.new_code_cell(
            source, id=name, metadata={"nbgrader": {**about, "grade": True, "grade_id": name, "points": 1}}
        )
        for name, source in TESTS.items()
    ]
    tags = {"tags": ["tests-only", "run-once"]}
    made = [nbformat.v4.new_code_cell(source, id=name, metadata=tags) for name, source in GIVEN.items()]
    notebook.cells += [checks[0], *made, *checks[1:]]
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    shutil.rmtree(course / "source")  # so that nothing tells which names the answers are there to make
    once = read_assignment(open_course(course), cases.NAME).warm_up["beside"]
    assert [name for name, source in GIVEN.items() if source in once] == [
        "so-that-you-can-go-on",
        "here",
        "letters",
        "star",
    ]
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT), course)
    cases.hand_in(Case("bob", "honest", "", base={}), course)
    assert cli.main(["grade", cases.NAME, "--course", str(course)]) == 0
    said = capsys.readouterr().err
    for name in ("after-star", "patch", "reads"):
        assert f"cell {name}: its tag run-once has no effect, for the cell" in said
    for student, wanted in (("ada", cases.ITEMS), ("bob", dict.fromkeys(cases.ITEMS, 0))):
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook(cases.NAME, cases.NAME, student).grades
            marks = {grade.name: grade.auto_score for grade in grades}
        assert {name: marks[name] for name in wanted} == wanted
        assert {name: marks[name] for name in TESTS} == dict.fromkeys(TESTS, 1), "the instructor's alone"


def test_an_example_that_a_learner_changed_is_shown_as_changed_and_costs_no_points(course):
    from tools.assignment_faults import expected_points
    from tools.assignments import Assignment, answered, read_answer, read_files

    assignment = Assignment(course.name)
    reference = next(path for path in assignment.answers if path.stem == "reference")
    files = {name: text.encode() for name, text in read_files(reference).items()}
    for student in ("as-released", "tried"):
        notebook = answered(assignment, read_answer(reference)[1])
        example = next(cell for cell in notebook.cells if cell.source.startswith("ships = "))
        example.source = example.source.replace("[20, None", "[29, None" if student == "tried" else "[20, None")
        course.hand_in(student, notebook, files=files)
    verdicts = course.grade("as-released", "tried")
    wanted = expected_points(assignment, reference)
    shown = {}
    for student, verdict in verdicts.items():
        assert {item: verdict.scores[course.name][item] for item in wanted} == wanted, verdict.sentences
        path = course.folder / f"autograded/{student}/{course.name}/{course.name}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        shown[student] = str(next(cell.outputs for cell in cells if cell.source.startswith("ships = ")))
    assert "51.0" in shown["as-released"], "the crews of two ships, 20 and 31"
    assert "60.0" in shown["tried"] and "51.0" not in shown["tried"]
