"""Grading with the sealed engine, as an instructor does it; every submission runs in the sandbox."""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import nbgrader
from nbgrader.api import Gradebook

from sealed_grading import cli, execute
from sealed_grading.gradebook import Writer
from sealed_grading.sandbox import Limits
from tests.grading.corpus import ITEMS, Case, cases
from tools.assignment_faults import expected_points
from tools.assignments import Assignment, answered, hand_in, read_answer, read_files

SHORT = dataclasses.replace(Limits(), cell_seconds=4, submission_seconds=40)


HELPERS = {
    "transformer that drops asserts": """
import ast
class Drop(ast.NodeTransformer):
    def visit_Expr(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
""",
    "cells blanked": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])",
    "patched checks": """
from military_diplomacy import checks
checks.counts = checks.whole_number = checks.nothing = lambda *a, **k: None
checks.call = lambda *a, **k: None
""",
    "patched builtins": "import builtins; builtins.callable = lambda x: False; builtins.isinstance = lambda *a: True",
}
EVERYTHING = """
class Same(dict):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
def counts_by_kind(events, year): return Same()
"""


def test_forged_passes_earn_nothing(course):
    for number, helper in enumerate(HELPERS.values()):
        course.hand_in(
            f"forger-{number}", course.answered(counts_by_kind=helper + "\ndef counts_by_kind(e, y): return None")
        )
    course.hand_in("same", course.answered(counts_by_kind=EVERYTHING))
    course.hand_in("stdout", course.answered(counts_by_kind="import os\nos.write(1, b'6.0')\ncounts_by_kind = print"))
    verdicts = course.grade(*[f"forger-{number}" for number in range(len(HELPERS))], "same", "stdout", limits=SHORT)
    assert {
        name: sum(filter(None, verdict.scores[course.name].values())) for name, verdict in verdicts.items()
    } == dict.fromkeys(verdicts, 0)


BROKEN = {
    "endless": ("while True: pass", "timed out"),
    "stubborn": ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "timed out"),
    "exit": ("import os; os._exit(0)", "crashed"),
    "memory": ("x = bytearray(40 << 30)", "graded"),  # refused as a MemoryError, so the rest could be graded
    "killer": ("import os, signal; os.kill(-1, signal.SIGKILL)", "graded"),  # it sees no process but its own
    "too-much": ("def counts_by_kind(events, year): return {'talks': range(10**18)}", "graded"),
    "too-long": ("class C(dict):\n    pass\ndef counts_by_kind(events, year): return range(10**18)", "graded"),
    "flood": ("import sys, os\nfor n in range(3000): os.write(1, b'x' * 100000)", "graded"),
    "surrogate": ("print('\\ud800')", "graded"),  # half of a character, which no file can hold
    "liar": (
        'import os, struct\nlie = b\'{"count": Infinity, "messages": []}\'\nfor n in range(3, 40):\n    try: os.write(n, struct.pack'
        "('!I', len(lie)) + lie)\n    except OSError: pass",
        "crashed",
    ),
    "sleeper": ("def counts_by_kind(events, year):\n    import time; time.sleep(1000)", "timed out"),
}


def test_broken_code_ends_in_a_state_and_touches_nobody(course):
    for name, (code, _) in BROKEN.items():
        course.hand_in(name, course.answered(counts_by_kind=code))
    course.hand_in("forks", course.answered(counts_by_kind="import os\nwhile True: os.fork()"))
    course.hand_in("honest", answered(Assignment(course.name), read_answer(reference(course))[1]))
    verdicts = course.grade(*BROKEN, "forks", "honest", limits=SHORT)
    bomb = verdicts.pop("forks")  # whether its processes reach their number or the clock first is the machine's affair
    assert bomb.state in ("graded", "timed out")
    assert not bomb.scores[course.name]["counts-by-kind-all"]
    assert {name: verdict.state for name, verdict in verdicts.items()} == {
        "honest": "graded",
        **{name: state for name, (_, state) in BROKEN.items()},
    }
    assert all(verdict.sentences for verdict in verdicts.values())
    assert verdicts.pop("honest").scores[course.name]["counts-by-kind-all"] == 2
    assert not any(verdict.scores[course.name]["counts-by-kind-all"] for verdict in verdicts.values())


def reference(course):
    return next(path for path in Assignment(course.name).answers if path.stem == "reference")


SLIPS = [  # right on the visible samples: what only hidden checks can find
    {
        "counts_by_kind": """
def counts_by_kind(events, year):
    days = events["date"]
    return events[(days >= pd.Timestamp(year, 1, 1)) & (days < pd.Timestamp(year, 12, 31))]["kind"].value_counts()""",
        "days_since_agreement": """
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    koreas = events["actors"].str.contains("KOR PRK|PRK KOR")
    earlier = events[(events["kind"] == "agreement") & koreas & (events["date"] < day)]
    return None if earlier.empty else (day - earlier["date"].max()).days""",
        "exercise_record": """
def exercise_record(exercises):
    year = exercises["start_date"].dt.year.fillna(exercises["year"]).astype(int)
    took_place = exercises["status"].isin(["held", "scaled down", "resumed"])
    flagged = exercises.assign(year=year, took_place=took_place, called_off=~took_place)
    return flagged.groupby("year")[["took_place", "called_off"]].sum()""",
        "tests_around": """
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    gap = (events.loc[events["kind"] == "test", "date"] - day).dt.days
    return gap.between(-days - 1, -1).sum(), gap.between(1, days + 1).sum()""",
    },
    {
        "counts_by_kind": """
def counts_by_kind(events, year):
    days = events["date"]
    return events[(days > pd.Timestamp(year, 1, 1)) & (days <= pd.Timestamp(year, 12, 31))]["kind"].value_counts()""",
        "tests_around": """
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    tests = events.loc[events["kind"] == "test", "date"].drop_duplicates()
    gap = (tests - day).dt.days
    return gap.between(-days, -1).sum(), gap.between(1, days).sum()""",
    },
]


def test_hidden_checks_find_what_the_samples_cannot_show(course):
    for number, answers in enumerate(SLIPS):
        course.hand_in(f"slip-{number}", course.answered(**answers))
    verdicts = course.grade("slip-0", "slip-1")
    for number, answers in enumerate(SLIPS):
        scores = verdicts[f"slip-{number}"].scores[course.name]
        for name in (answer.replace("_", "-") for answer in answers):
            assert scores[f"{name}-check"] and not scores[f"{name}-all"], name


def test_a_failure_of_the_grader_ends_one_submission_and_a_dead_parent_is_replaced(course, monkeypatch, capsys):
    for name in ("honest", "unlucky", "after"):
        hand_in(Assignment(course.name), reference(course), course.folder / "submitted" / name / course.name)
    command, run, killed = ["grade", course.name, "--course", str(course.folder)], execute.execute, []

    def unlucky(zygote, original, notebook, files, student, limits, watch=False):
        if student == "unlucky":
            raise KeyError("a fault in the engine")
        if student and not killed:
            killed.append(zygote.process.kill())
        return run(zygote, original, notebook, files, student, limits, watch)

    monkeypatch.setattr(execute, "execute", unlucky)
    assert cli.main([*command, "--json"]) == 3
    said = capsys.readouterr()
    found = {line["student"]: line for line in map(json.loads, said.out.splitlines())}
    assert {name: line["state"] for name, line in found.items()} == {
        "honest": "graded", "after": "graded", "unlucky": "grader's fault",
    }  # fmt: skip
    assert "no fault of the submission" in found["unlucky"]["sentences"][0]
    assert set(found["unlucky"]["scores"][course.name].values()) == {None}, "a person must look"
    assert "a fault in the engine" in said.err and killed
    monkeypatch.setattr(execute, "execute", run)
    assert cli.main([*command, "--json"]) == 0
    assert [json.loads(line)["student"] for line in capsys.readouterr().out.splitlines()] == ["unlucky"]


def state_of(course) -> dict:
    """All that a run leaves behind, but for times, attempts and random row ids."""
    with Gradebook(course.assignment.db_url) as book:
        rows = {
            submission.student.id: sorted(
                (grade.name, grade.auto_score, grade.needs_manual_grade) for grade in submission.notebooks[0].grades
            )
            for submission in book.assignment_submissions(course.name)
        }
    files = {
        path.relative_to(course.folder).as_posix(): path.read_bytes()
        for step in ("autograded", "feedback")
        for path in sorted((course.folder / step).rglob("*"))
        if path.is_file()
    }
    return {"rows": rows, "files": files}


def test_a_killed_run_is_finished_by_the_next_and_a_dry_run_writes_nothing(course, tmp_path, capsys):
    kinds = [
        path
        for path in Assignment(course.name).answers
        if path.stem.startswith(("right-g", "right-l", "ref", "untouched"))
    ]
    for path in kinds:
        hand_in(Assignment(course.name), path, course.folder / "submitted" / path.stem / course.name)
    calm = course.copy(tmp_path / "calm")
    command = ["grade", course.name, "--course"]
    program = [sys.executable, "-m", "sealed_grading.cli", *command, str(course.folder)]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        next(line for line in process.stderr if line.startswith("1 of "))
        process.kill()
    assert cli.main([*command, str(course.folder)]) == 0
    assert cli.main([*command, str(calm.folder)]) == 0
    assert state_of(course) == state_of(calm)
    before, name = state_of(course), kinds[0].stem
    shutil.rmtree(course.folder / "submitted" / name)
    untouched = next(path for path in kinds if path.stem == "untouched")
    hand_in(Assignment(course.name), untouched, course.folder / "submitted" / name / course.name)
    capsys.readouterr()
    assert cli.main([*command, str(course.folder), "--dry-run"]) == 0
    said = capsys.readouterr()
    assert f"{name}: counts-by-kind-all, 2 → 0" in said.out
    assert said.err.splitlines()[-1] == f"nothing was written; 1 of {len(kinds)} submissions would change"
    assert state_of(course) == before


def test_ctrl_c_ends_a_run_at_once_and_blames_nobody_for_what_was_in_flight(course):
    course.hand_in("a-honest", course.released())
    for name in ("endless", "stubborn"):
        course.hand_in(name, course.answered(counts_by_kind=BROKEN[name][0]))
    program = [sys.executable, "-m", "sealed_grading.cli", "grade", course.name, "--course", str(course.folder)]
    with subprocess.Popen(
        program,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # the tests may run where it is ignored
    ) as process:
        next(line for line in process.stderr if line.startswith("1 of 3"))
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        stopped = time.monotonic()
        said = process.stderr.read()
    assert process.returncode == 130
    assert said == "stopped: 1 of 3 done; run the command again for the rest\n"
    assert time.monotonic() - stopped < 10, "far from the minute that a cell may take"
    assert children and not any(Path("/proc", child).exists() for child in children)
    assert Writer(course.assignment, "full", {}).earlier().keys() & {"a-honest", "endless", "stubborn"} == {"a-honest"}


def test_without_a_sandbox_nothing_is_graded_unless_a_weaker_tier_is_named(course, monkeypatch, tmp_path, capsys):
    hand_in(Assignment(course.name), reference(course), course.folder / "submitted" / "own" / course.name)
    command = ["grade", course.name, "--course", str(course.folder)]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(command) == 2
    assert "apt-get install bubblewrap" in capsys.readouterr().err
    assert not (course.folder / "autograded").exists()
    assert cli.main([*command, "--tier", "bare", "--json"]) == 0
    said = capsys.readouterr()
    assert "tier bare" in said.err
    assert sum(filter(None, json.loads(said.out)["scores"][course.name].values())) == sum(
        expected_points(Assignment(course.name), reference(course)).values()
    )
    assert Writer(course.assignment, "full", {}).earlier()["own"].tier == "bare"
    assert cli.main(["grade", "no-such", "--course", str(course.folder)]) == 2


def test_outside_a_course_folder_the_way_into_one_is_named(course, tmp_path_factory, monkeypatch, capsys):
    for here, there in ((course.folder.parent, course.folder.name), (course.folder / "source" / course.name, "../..")):
        monkeypatch.chdir(here)
        assert cli.main(["grade", course.name]) == 2
        said = capsys.readouterr().err
        assert "is no course folder" in said and f"Run `cd {there}` first, or add: --course {there}" in said
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert cli.main(["feedback", course.name]) == 2 and "--course FOLDER" in capsys.readouterr().err
    assert cli.main(["grade", course.name, "--course", "no-such"]) == 2
    assert "there is no folder" in capsys.readouterr().err
    (course.folder / "gradebook.db").unlink()
    assert cli.main(["grade", course.name, "--course", str(course.folder)]) == 2
    assert "nbgrader generate_assignment" in capsys.readouterr().err


def test_a_configuration_that_cannot_be_read_is_no_reason_to_grade_without_it(course, capsys):
    config = course.folder / "nbgrader_config.py"
    whole = config.read_text()
    above = course.folder.parent / "_config.yml"
    for text, words in (
        (
            "c = get_config()\nc.CourseDirectory.root = (",
            "nbgrader_config.py, line 2: SyntaxError: '(' was never closed",
        ),
        ("c = get_config()\n1 / 0", "nbgrader_config.py, line 2: ZeroDivisionError: division by zero"),
        ("c = get_config()\nc.CourseDirectory.root = 5", "TraitError: The 'root' trait"),
        (whole, f"FileNotFoundError: [Errno 2] No such file or directory: '{above}'"),
    ):
        config.write_text(text)
        above.unlink(missing_ok=True)
        assert cli.main(["grade", course.name, "--course", str(course.folder)]) == 2
        said = capsys.readouterr().err
        assert words in said and "Traceback" not in said
    assert "nbgrader_config.py, line " in said, "the line that reads the file"
    assert not (course.folder / "autograded").exists()


def test_the_last_lines_name_who_was_not_graded(course, monkeypatch, capsys):
    course.hand_in("cut", data=b'{"cells": [')
    course.hand_in("honest", course.released())
    monkeypatch.chdir(course.folder)
    last = [
        f"not graded: cut, unreadable. {course.name}.ipynb is damaged or incomplete, so that no program can open it as a notebook. ",
        f"  feedback/cut/{course.name}/{course.name}.html",
    ]
    for totals in ("1 unreadable", "nothing to do"):  # an unchanged one is named again
        assert cli.main(["grade", course.name]) == 0
        said = capsys.readouterr().err.splitlines()
        assert all(map(str.startswith, said[-2:], last)), said
        assert totals in said[-3]
        assert ("2 were graded before and have not changed since" in said) == (totals == "nothing to do")
        assert not [line for line in said if "a minute" in line], "no rate of a run that is over at once"
    assert (course.folder / last[1].strip()).is_file()
    assert cli.main(["grade", course.name, "--student", "cut"]) == 0
    assert "1 was graded before and has not changed since" in capsys.readouterr().err
    (course.folder / f"submitted/honest/{course.name}/{course.name}.ipynb").write_bytes(b"")
    assert cli.main(["grade", course.name, "--dry-run", "--student", "honest"]) == 0
    *_, sentence, last = capsys.readouterr().err.splitlines()
    assert sentence.startswith("not graded: honest, unreadable. ")
    assert last == "nothing was written; 0 of 1 submission would change", "it has earned nothing before"


def test_the_last_lines_of_a_whole_class_name_who_handed_in_nothing_or_one_folder_too_high(tmp_path, capsys):
    course = cases.make_course(tmp_path / "course")
    flat = course / "submitted/b-flat"
    flat.mkdir(parents=True)
    (flat / "x.ipynb").write_text("{}")
    (flat / "notes.txt").write_text("")
    line = f"submitted/b-flat/x.ipynb lies one folder too high and is not graded; its place is submitted/b-flat/{cases.NAME}/"
    command = ["grade", cases.NAME, "--course", str(course)]
    assert cli.main(command) == 2
    assert capsys.readouterr().err.splitlines()[-1].strip() == line
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT), course)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for name in ("ada", "b-flat", "dan", "eve"):
            book.add_student(name)
    for options, words in (([], ["nothing handed in: dan, eve", line]), (["--student", "a*"], [])):
        assert cli.main([*command, *options]) == 0
        said = capsys.readouterr().err.splitlines()
        assert [line for line in said if "handed in" in line or "too high" in line] == words
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for number in range(30):
            book.add_student(f"guest-{number}")
    assert cli.main([*command, "--student", "*"]) == 0
    assert "guest-24 and 12 more\n" in capsys.readouterr().err


def test_a_test_that_nobody_passes_is_tried_on_the_instructors_own_solution(tmp_path, monkeypatch, capsys):
    notebook = cases.source()
    mark = {"schema_version": 3, "task": False, "solution": False, "locked": True, "grade": True, "points": 1}
    broken = {
        "misspelt": "assert leap(2024) is yes",
        "class-check": "assert Town('Aln').name == 'Aln'",
        "hard": "assert leap(1900) is False and season(12) == 'winter'",
    }
    for name, source in broken.items():
        notebook.cells.append(
            nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": mark | {"grade_id": name}})
        )
    answer = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "leap")
    town = "class Town:\n    def __init__(self, name):\n        self.name = name\n"
    answer.source = answer.source.replace("### END", f"{town}### END")
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    half = cases.RIGHT | {"leap": cases.WRONG["leap"] + f"\n{town}"}
    cases.hand_in(Case("ada", "honest", "", base=half), course)
    for more in ([], ["--dry-run", "--again"]):
        assert cli.main(["grade", cases.NAME, "--course", str(course), *more]) == 0
        said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("nobody earned")]
        own = "and your own solution in source/ does not pass it either."
        assert said == [
            f"nobody earned a point in misspelt, {own} NameError: name 'yes' is not defined",
            f"nobody earned a point in class-check, {own} Town: a value of type type cannot be checked",
        ]
    cases.hand_in(Case("bob", "honest", "", base=cases.RIGHT), course)
    (course / f"source/{cases.NAME}/{cases.NAME}.ipynb").unlink()
    assert cli.main(["grade", cases.NAME, "--course", str(course)]) == 0
    said = capsys.readouterr().err
    assert "nobody earned" not in said, "there is no solution to try"
    assert "so no answer can replace what a set-up cell makes" in said


def test_what_is_no_notebook_gets_a_state_and_a_sentence(course, tmp_path):
    course.hand_in("cut", data=b'{"cells": [')
    course.hand_in("binary", data=bytes(range(256)))
    (tmp_path / "elsewhere.ipynb").write_text("{}")
    (course.hand_in("link", data=b"") / f"{course.name}.ipynb").unlink()
    (course.folder / f"submitted/link/{course.name}/{course.name}.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    (course.hand_in("none", data=b"") / f"{course.name}.ipynb").unlink()
    verdicts = course.grade("cut", "binary", "link", "none")
    assert {name: verdict.state for name, verdict in verdicts.items()} == {
        "cut": "unreadable", "binary": "unreadable", "link": "rejected", "none": "missing",
    }  # fmt: skip


def test_a_mended_notebook_keeps_its_points_and_says_what_was_mended(course):
    answers, files = read_answer(reference(course))[1], read_files(reference(course))
    files = {name: text.encode() for name, text in files.items()}
    notebook = answered(Assignment(course.name), answers)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    cells["counts-by-kind-check"].source = "pass"
    notebook.cells.remove(cells["counts-by-kind-all"])
    cells["days-since-agreement-check"].metadata.nbgrader.points = 600
    course.hand_in("edited", notebook, files=files)
    bare = answered(Assignment(course.name), answers)
    for cell in bare.cells:
        cell.metadata, cell.id = {}, f"x{id(cell)}"
    course.hand_in("bare", bare, files=files)
    verdicts = course.grade("edited", "bare")
    for name, verdict in verdicts.items():
        wanted = expected_points(Assignment(course.name), reference(course))
        scores = {item: verdict.scores[course.name][item] for item in wanted}
        assert scores == wanted, (name, verdict.sentences)
    assert any("may not be edited" in sentence for sentence in verdicts["edited"].sentences)
    assert any("was missing" in sentence for sentence in verdicts["edited"].sentences)
    assert any("marks (its metadata) were gone" in sentence for sentence in verdicts["bare"].sentences)


def test_cells_for_the_learner_the_screen_or_tests_only_are_run_where_needed_and_their_names_are_nobodys_to_forge(
    tmp_path, monkeypatch
):
    notebook = cases.source()
    given = {
        "shown": ("learner-only", "best_town = 'Aln'\nprint(best_town)"),
        "screen": ("screen-only", "town_control = 'choose'\nprint(town_control)"),
        "sample": ("tests-only", "towns = []\nsample_town = 'Carn'\nprint(sample_town)"),
        "twice": ("tests-only", "two_towns = 2 * sample_town\nprint(two_towns)"),
        "sets": ("tests-only", "towns.append(sample_town)"),
        "once": ("tests-only run-once", "import os\nonce, maker = ['Dun'], os.getpid()"),
        "not-once": ("tests-only run-once", "after_another = 2 * sample_town"),
    }
    tests = {
        "judged": "assert best_town == 'Bree'",
        "tested": "assert (sample_town, two_towns) == ('Carn', 'CarnCarn')",
        "ahead": "assert os.getpid() != maker\nassert once == ['Dun']\nonce.clear()",
        "in-order": "assert after_another == 'CarnCarn'",
    }
    mark = {"schema_version": 3, "solution": False, "task": False, "locked": True}
    notebook.cells[1:1] = [
        nbformat.v4.new_code_cell(
            source, id=name, metadata={"tags": tag.split(), "nbgrader": {**mark, "grade": False, "grade_id": name}}
        )
        for name, (tag, source) in given.items()
    ]
    notebook.cells += [
        nbformat.v4.new_code_cell(
            source, id=name, metadata={"nbgrader": {**mark, "grade": True, "grade_id": name, "points": 1}}
        )
        for name, source in tests.items()
    ]
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT, code="best_town = 'Bree'"), course)
    needs = "used = town_control, two_towns, towns[0]"
    cases.hand_in(Case("bob", "honest", "", base=cases.RIGHT, code=needs), course)
    assert cli.main(["grade", cases.NAME, "--course", str(course)]) == 0
    for student, texts in (("ada", [[], [], []]), ("bob", [["choose\n"], ["Carn\n"], ["CarnCarn\n"]])):
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook(cases.NAME, cases.NAME, student).grades
            marks = {grade.name: grade.auto_score for grade in grades}
        assert {item: marks[item] for item in ITEMS} == ITEMS, "nothing else misses the cells"
        assert marks["judged"] == 0, "a test does not take from the learner what the instructor's cell makes"
        graded = nbformat.read(course / f"autograded/{student}/{cases.NAME}/{cases.NAME}.ipynb", as_version=4)
        outputs = {cell.id: cell.get("outputs", []) for cell in graded.cells}
        assert outputs["shown"][0].text == "Aln\n"
        assert "best_town" in outputs["judged"][0].evalue
        assert marks["tested"] == 1, "what a cell for tests makes is there for them"
        assert (marks["ahead"], marks["in-order"]) == (1, 1), "run once for the class where it needs no other cell"
        shown_texts = [[output.text for output in outputs[name]] for name in ("screen", "sample", "twice")]
        failed = [name for name, shown in outputs.items() if any(output.output_type == "error" for output in shown)]
        assert failed == ["judged"], "what changes a thing that an answer names is run too"
        assert shown_texts == texts, "run where an answer names what they make, or what needs them"


def test_what_a_function_prints_is_there_for_a_test_that_catches_it_and_for_nobody_else(tmp_path, monkeypatch):
    notebook = cases.source()
    mark = {"schema_version": 3, "task": False, "grade": False, "solution": False, "locked": True, "points": 1}
    catching = "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as said:\n    greet('Ada')\n"
    more = {
        "greet": (mark | {"solution": True, "locked": False}, "### BEGIN SOLUTION\n### END SOLUTION"),
        "caught": (mark | {"grade": True}, catching + "assert said.getvalue() == 'Hello, Ada!\\n'"),
        "magic": (mark | {"grade": True}, "%%capture cell\ngreet('Bob')"),
        "magic-check": (mark | {"grade": True}, "assert cell.stdout == 'Hello, Bob!\\n'"),
        "open": (mark | {"grade": True}, "greet('Coll')"),
    }
    notebook.cells += [
        nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": about | {"grade_id": name}})
        for name, (about, source) in more.items()
    ]
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    greet = "def greet(name):\n    print(f'Hello, {name}!')"
    cases.hand_in(Case("right", "honest", "", base=cases.RIGHT | {"greet": greet}), course)
    cases.hand_in(Case("wrong", "honest", "", base=cases.RIGHT | {"greet": greet.replace("!", "?")}), course)
    assert cli.main(["grade", cases.NAME, "--course", str(course)]) == 0
    for student, points in (("right", 1), ("wrong", 0)):
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook(cases.NAME, cases.NAME, student).grades
            marks = {grade.name: grade.auto_score for grade in grades}
        assert (marks["caught"], marks["magic-check"], marks["open"]) == (points, points, 1)
        assert "Coll!" not in (course / f"autograded/{student}/{cases.NAME}/{cases.NAME}.ipynb").read_text()


def test_a_name_is_the_answers_or_the_instructors_as_the_cell_that_made_it_last(tmp_path, monkeypatch):
    notebook = cases.source()
    mark = {"schema_version": 3, "task": False, "grade": False, "solution": False, "locked": True}
    answer, test = mark | {"solution": True, "locked": False}, mark | {"grade": True, "points": 1}
    begin, end = "### BEGIN SOLUTION\n", "\n### END SOLUTION"
    more = {
        "go-on": (mark, "wettest = 'Bree'  # so that you can go on"),
        "letters": (answer, f"{begin}letters = len(wettest){end}"),
        "letters-check": (test, "assert letters == len(wettest)\nwettest = 'of the test'"),
        "letters-still": (test, "assert wettest == 'of the test'"),
        "dry": (answer, f"{begin}wettest, rain = 'none', rain[rain['mm'] < 600]{end}"),
        "dry-check": (test, "assert (len(rain), wettest) == (2, 'none')"),
    }
    notebook.cells += [
        nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": about | {"grade_id": name}})
        for name, (about, source) in more.items()
    ]
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    right = cases.RIGHT | {"letters": "letters = 4", "dry": "wettest, rain = 'none', rain[rain['mm'] < 600]"}

    def own_cell(after: str, source: str, emptied: str = ""):
        def bend(notebook):
            places = {
                cell["metadata"].get("nbgrader", {}).get("grade_id"): n for n, cell in enumerate(notebook["cells"])
            }
            if emptied:
                notebook["cells"][places[emptied]]["source"] = ""
            notebook["cells"].insert(places[after] + 1, nbformat.v4.new_code_cell(source, id="mine"))

        return bend

    forged = right | {"wettest": "wettest = 'Aln'", "letters": "letters = 0", "dry": "wettest, rain = 'none', rain"}
    cases.hand_in(Case("right", "honest", "", base=right), course)
    cases.hand_in(Case("moved", "honest", "", base=right, bend=own_cell("dry", right["dry"], "dry")), course)
    cases.hand_in(Case("forged", "forged", "", base=forged, bend=own_cell("go-on", "wettest = ''")), course)
    cases.hand_in(Case("unfit", "forged", "", base=forged | {"dry": "rain = (n for n in [1, 2])"}), course)
    assert cli.main(["grade", cases.NAME, "--course", str(course)]) == 0
    wanted = {"letters-check": 1, "letters-still": 1, "dry-check": 1}
    none = {"letters-check": 0, "dry-check": 0}
    for student, points in {"right": wanted, "moved": wanted, "forged": none, "unfit": none}.items():
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook(cases.NAME, cases.NAME, student).grades
            marks = {grade.name: grade.auto_score for grade in grades}
        assert {name: marks[name] for name in points} == points, student


def test_points_given_by_hand_to_a_test_stay_settled_while_answer_and_score_are_the_same(tmp_path):
    course = cases.make_course(tmp_path / "course")
    base = cases.RIGHT | {"leap": "def leap(year):\n    return year % 4 == 0"}
    cases.hand_in(Case("ada", "honest", "", base=base), course)
    command = ["grade", cases.NAME, "--course", str(course)]
    assert cli.main(command) == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for name in ("leap-hidden", "memo"):
            grade = book.find_grade(name, cases.NAME, cases.NAME, "ada")
            grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()

    def to_look_at(**answers: str) -> set[str]:
        shutil.rmtree(course / "submitted")
        cases.hand_in(Case("ada", "honest", "", base=base | answers), course)
        assert cli.main([*command, "--again"]) == 0
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook(cases.NAME, cases.NAME, "ada").grades
            return {grade.name for grade in grades if grade.needs_manual_grade} - {"sketch"}

    assert not to_look_at()
    assert not to_look_at(season=cases.WRONG["season"]), "another answer is another matter"
    assert to_look_at(leap="def leap(year):\n    return not year % 4") == {"leap-hidden"}, "the score is the same"
    assert to_look_at(leap=cases.RIGHT["leap"], memo="To Aln.") == {"leap-hidden", "memo"}, "until a person has looked"


LATE = """
from nbgrader.plugins import BasePlugin
class ByTheDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late // 86400
"""


def test_late_work_loses_what_a_plugin_in_the_courses_folder_says(tmp_path):
    course = cases.make_course(tmp_path / "course")
    (course / "late.py").write_text(LATE)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.AssignLatePenalties.plugin_class = 'late.ByTheDay'\n")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.update_or_create_assignment(cases.NAME, duedate="2026-01-31 12:00")
    for name, day in (("ada", "2026-01-31"), ("bob", "2026-02-03")):
        folder = cases.hand_in(Case(name, "honest", "", base=cases.RIGHT), course)
        (folder / "timestamp.txt").write_text(f"{day} 12:00:00 UTC")
    program = Path(sys.executable).with_name("sealed-grading")
    subprocess.run([program, "grade", cases.NAME], cwd=course, check=True, timeout=120)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        found = {name: book.find_submission(cases.NAME, name).late_submission_penalty for name in ("ada", "bob")}
    assert found == {"ada": 0, "bob": 3}


def test_a_dry_run_sums_up_who_was_never_graded_and_says_which_mark_would_be_open_again(tmp_path, capsys):
    course = cases.make_course(tmp_path / "course")
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT), course)
    command = ["grade", cases.NAME, "--course", str(course)]
    assert cli.main(command) == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        grade = book.find_grade("memo", cases.NAME, cases.NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.db.commit()
    shutil.rmtree(course / "submitted")
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT | {"memo": "To Aln."}), course)
    cases.hand_in(Case("bob", "honest", "", base=cases.RIGHT), course)
    capsys.readouterr()
    assert cli.main([*command, "--dry-run"]) == 0
    said = capsys.readouterr()
    assert set(said.out.splitlines()) == {
        "ada: memo, the 2.5 given by hand would have to be looked at again",
        "bob: not graded so far; would have 14 of 19",
    }
    assert said.err.splitlines()[-1] == "nothing was written; 2 of 2 submissions would change"
    assert not (course / "autograded/bob").exists()


def test_tests_that_are_compiled_once_for_the_class_do_what_they_do_in_jupyter(tmp_path, monkeypatch):
    tests = {
        "awaits": "import asyncio\nawait asyncio.sleep(0)",
        "magic": "%%capture caught\nprint('kept')",
        "inner": "%time timed = 1\nassert (caught.stdout, timed) == ('kept\\n', 1)",
        "half": "0.5",
        "shows": "'seen'",
        "warns": "assert (1, 'always')",
        "silent": "0.5;",
        "fails-in-line": "number = 1\nassert number == 2, 'not two'",
        "fails-inside": "%%capture\nassert number == 2",
        "fails-within": "get_ipython().run_cell('assert number == 2')",
        "complains": "import sys\nprint('not two', file=sys.stderr)",
        "history": "assert 'heron' in In[-1]",
        "nothing": "%time\nassert True",
        "later": "from __future__ import annotations\n\n\ndef typed(n: Nowhere):\n    return n",
        "later-still": "def typed_too(n: Nowhere):\n    return n",
        "setting": "get_ipython().ast_node_interactivity = 'all'",
        "set": "'one'\n'two'",
    }
    notebook = cases.source()
    mark = {"schema_version": 3, "solution": False, "task": False, "locked": True, "grade": True, "points": 1}
    notebook.cells += [
        nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": {**mark, "grade_id": name}})
        for name, source in tests.items()
    ]
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    cases.hand_in(Case("ada", "honest", "", base=cases.RIGHT), course)
    command = [Path(sys.executable).with_name("sealed-grading"), "grade", cases.NAME, "--course", str(course)]
    subprocess.run(command, env=os.environ | {"PYTHONOPTIMIZE": "1"}, check=True, timeout=120)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        grades = book.find_submission_notebook(cases.NAME, cases.NAME, "ada").grades
        marks = {grade.name: grade.auto_score for grade in grades}
    failing = dict.fromkeys(("fails-in-line", "fails-inside", "fails-within", "complains"), 0)
    assert {name: marks[name] for name in tests if marks[name] != 1} == {"half": 0.5, **failing}
    graded = nbformat.read(course / f"autograded/ada/{cases.NAME}/{cases.NAME}.ipynb", as_version=4)
    outputs = {cell.id: cell.get("outputs", []) for cell in graded.cells}
    assert [output.data["text/plain"] for output in outputs["shows"] + outputs["set"]] == ["'seen'", "'one'", "'two'"]
    assert "SyntaxWarning" in outputs["warns"][0].text
    assert outputs["fails-in-line"][0].evalue == "not two"


BROKEN_INDENT = "def halves(n):\n    if n:\n        return n / 2\n  return 0"


def test_a_release_of_an_older_format_and_cells_handed_out_to_be_mended(tmp_path, monkeypatch):
    notebook = cases.source()
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    del cells["setup"].metadata["nbgrader"]  # an instructor's cell that nbgrader does not know
    notebook.cells.insert(2, nbformat.v4.new_code_cell(BROKEN_INDENT))
    cells["leap"].source = f"### BEGIN SOLUTION\n### END SOLUTION\n{BROKEN_INDENT}"
    shown = nbformat.v4.new_code_cell("months = {}", metadata={"tags": ["learner-only"]})
    notebook.cells.append(shown)
    for cell in notebook.cells:
        cell.pop("id", None)
    notebook.nbformat_minor = 4
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(tmp_path / "course")
    answers = {name: answer for name, answer in cases.RIGHT.items() if name != "leap"}
    cases.hand_in(Case("ada", "honest", "", base=answers), course)
    cases.hand_in(Case("bob", "honest", "", base=cases.RIGHT), course)
    command = ["grade", cases.NAME, "--course", str(course)]
    assert cli.main(command) == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student, lost in (("ada", {"leap-hidden": 0}), ("bob", {})):
            grades = book.find_submission_notebook(cases.NAME, cases.NAME, student).grades
            assert {grade.name: grade.auto_score for grade in grades if grade.name in ITEMS} == ITEMS | lost
    graded = nbformat.read(course / f"autograded/ada/{cases.NAME}/{cases.NAME}.ipynb", as_version=4)
    nbformat.validate(graded)
    assert "IndentationError" in [output.get("ename") for cell in graded.cells for output in cell.get("outputs", [])]


EXAMPLE = Path(nbgrader.__file__).parent / "docs/source/user_guide/source"  # what `nbgrader quickstart` copies


def example(folder: Path) -> dict:
    """Make nbgrader's example course; return the notebooks of its assignment ps1, solved, by the name of the file."""
    shutil.copytree(EXAMPLE, folder / "source", ignore=shutil.ignore_patterns("ps1_autotest"))
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.IncludeHeaderFooter.header = 'source/header.ipynb'\n"
    )
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "ps1", "--create"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = {}
    for path in sorted((folder / "release/ps1").glob("*.ipynb")):
        solved = nbformat.read(folder / "source/ps1" / path.name, as_version=4)
        answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in solved.cells}
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = answers[cell.metadata.nbgrader.grade_id]
        made[path.name] = notebook
    return made


def hand_in_example(folder: Path, student: str, notebooks: dict) -> None:
    handed_in = folder / f"submitted/{student}/ps1"
    handed_in.mkdir(parents=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, handed_in / name)


def test_of_several_notebooks_each_page_says_what_became_of_its_own(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "course101"
    solved = example(folder)
    one, two = solved
    hand_in_example(folder, "part", {one: solved[one]})
    (folder / "submitted/part/ps1/notes.py").touch()
    hand_in_example(folder, "neither", {})
    hand_in_example(folder, "renamed", {f"my {two}": solved[two]})
    ended = nbformat.from_dict(solved[two])
    ended.cells.insert(0, nbformat.v4.new_code_cell("import os; os._exit(0)"))
    hand_in_example(folder, "ends", solved | {two: ended})
    monkeypatch.chdir(folder)
    assert cli.main(["grade", "ps1"]) == 0
    said = capsys.readouterr().err
    assert f"graded in part: part, missing. {two} was not handed in." in said
    assert f"not graded: neither, missing. {one} was not handed in." in said

    def page(student: str, name: str) -> str:
        return (folder / f"feedback/{student}/ps1/{name.removesuffix('.ipynb')}.html").read_text()

    absent, which = f"{two} was not handed in.", f"The state is that of {two}."
    not_graded = f"Not graded: {two}. Graded: {one}."
    for again in (False, True):  # also when the pages are written anew
        for name in solved:
            part, ends = page("part", name), page("ends", name)
            assert (absent in part) == (name == two) and which in part and not_graded in part
            assert "notes.py was left aside" in part and "Nothing was graded" not in part
            renamed = page("renamed", name)
            assert (f"{one} was not handed in." in renamed) == (f"my {two} should be" not in renamed) == (name == one)
            assert "is another notebook" not in renamed and f"Not graded: {one}. Graded: {two}." in renamed
            assert "Nothing was graded." in page("neither", name) and which not in page("neither", name)
            assert which in ends and ("ended the process" in ends.partition("<table>")[0]) == (name == two)
            assert ("1 cell of your own was run" in ends) == (name == two)
        if not again:
            assert cli.main(["feedback", "ps1"]) == 0
    assert cli.main(["grade", "ps1"]) == 0
    assert f"graded in part: part, missing. {two} was not handed in." in capsys.readouterr().err


def test_nbgraders_own_example_course_is_graded_as_its_solutions_deserve(tmp_path):
    folder = tmp_path / "course101"
    hand_in_example(folder, "ada", example(folder))
    assert cli.main(["grade", "ps1", "--course", str(folder)]) == 0
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        grades = [grade for part in book.find_submission("ps1", "ada").notebooks for grade in part.grades]
        scores = {
            grade.name: grade.auto_score
            for grade in grades
            if grade.cell_type == "code" and not grade.needs_manual_grade
        }
        assert scores == {grade.name: grade.max_score for grade in grades if grade.name in scores}
        assert "sum_of_squares_uses_squares" in scores, "a test that takes away what the answer calls"
