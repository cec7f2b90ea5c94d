"""Grading with the sealed engine, as an instructor does it; every submission runs in the sandbox."""

import dataclasses
import html

from nbgrader.api import Gradebook

from sealed_grading import cli
from sealed_grading.sandbox import Limits
from tools.assignment_faults import expected_points
from tools.assignments import Assignment, answered, front_matter, hand_in, read_answer

SHORT = dataclasses.replace(Limits(), cell_seconds=3, submission_seconds=12)


def test_every_answer_earns_what_its_header_says_and_a_second_run_changes_nothing(course, capsys):
    answers = {path.stem: path for path in Assignment(course.name).answers}
    for student, path in answers.items():
        hand_in(Assignment(course.name), path, course.folder / "submitted" / student / course.name)
    assert (
        cli.main(["grade", course.name, "--course", str(course.folder), *sum([["--student", s] for s in answers], [])])
        == 0
    )
    differences = []
    with Gradebook(course.assignment.db_url) as book:
        for student, path in answers.items():
            header, expected = front_matter(path), expected_points(Assignment(course.name), path)
            grades = book.find_submission(course.name, student).notebooks[0].grades
            found = {grade.name: grade.auto_score for grade in grades if grade.name in expected}
            differences += [
                f"{student}, {item}: expected {points} points, found {found[item]}"
                for item, points in expected.items()
                if found[item] != points
            ]
            page = (course.folder / f"feedback/{student}/{course.name}/{course.name}.html").read_text(encoding="utf-8")
            assert "BEGIN HIDDEN TESTS" not in page
            said = html.unescape(page)
            differences += [f"{student}: not told {w!r}" for w in header.get("message", {}).values() if w not in said]
    assert not differences, "\n".join(differences)
    assert course.grade(*answers) == {}, "nothing has changed, so nothing is graded again"


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
    "sleeper": ("def counts_by_kind(events, year):\n    import time; time.sleep(1000)", "timed out"),
}


def test_broken_code_ends_in_a_state_and_touches_nobody(course):
    for name, (code, _) in BROKEN.items():
        course.hand_in(name, course.answered(counts_by_kind=code))
    course.hand_in("forks", course.answered(counts_by_kind="import os\nwhile True: os.fork()"))
    reference = next(path for path in Assignment(course.name).answers if path.stem == "reference")
    course.hand_in("honest", answered(Assignment(course.name), read_answer(reference)[1]))
    verdicts = course.grade(*BROKEN, "forks", "honest", limits=SHORT)
    bomb = verdicts.pop("forks")  # whether its processes reach their number or the clock first is the machine's affair
    assert bomb.state in ("graded", "timed out")
    assert not bomb.scores[course.name]["counts-by-kind-all"]
    assert {name: verdict.state for name, verdict in verdicts.items()} == {
        "honest": "graded",
        **{name: state for name, (_, state) in BROKEN.items()},
    }
    assert all(verdict.sentences for verdict in verdicts.values())
    assert verdicts.pop("honest").scores[course.name]["counts-by-kind-all"] == 4
    assert not any(verdict.scores[course.name]["counts-by-kind-all"] for verdict in verdicts.values())


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
    reference = next(path for path in Assignment(course.name).answers if path.stem == "reference")
    notebook = answered(Assignment(course.name), read_answer(reference)[1])
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    cells["counts-by-kind-check"].source = "pass"
    notebook.cells.remove(cells["counts-by-kind-all"])
    cells["days-since-agreement-check"].metadata.nbgrader.points = 600
    course.hand_in("edited", notebook)
    bare = answered(Assignment(course.name), read_answer(reference)[1])
    for cell in bare.cells:
        cell.metadata, cell.id = {}, f"x{id(cell)}"
    course.hand_in("bare", bare)
    verdicts = course.grade("edited", "bare")
    for name, verdict in verdicts.items():
        scores = {item: score for item, score in verdict.scores[course.name].items() if item != "memo"}
        assert sum(scores.values()) == 25, (name, verdict.sentences, scores)
    assert any("may not be edited" in sentence for sentence in verdicts["edited"].sentences)
    assert any("was missing" in sentence for sentence in verdicts["edited"].sentences)
    assert any("marks (its metadata) were gone" in sentence for sentence in verdicts["bare"].sentences)
