"""Formgrader in a real browser: a person marks a memo by its rubric, and the mark outlives a regrade."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lab_server import TOKEN, jupyter_lab, variables
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from tools.assignments import EXERCISES, Assignment, names

ENVIRONMENT = Path(sys.prefix)
STUDENT = "sample-01"  # whose answer is the project's own
MARK = 7
COMMENT = "Dates: 3 of 5. Name the row of **every** date.\n\nLimits: 1 of 5. Which data are limited?"


@pytest.fixture
def course(tmp_path):
    """A copy of the course with its graded sample class, beside the configuration that it reads."""
    shutil.copytree(EXERCISES, tmp_path / "exercises", ignore=shutil.ignore_patterns("cache"))
    shutil.copy2("_config.yml", tmp_path)
    return tmp_path / "exercises"


def nbgrader(course, *arguments):
    done = subprocess.run(
        [ENVIRONMENT / "bin/nbgrader", *arguments], cwd=course, env=variables(ENVIRONMENT, course.parent),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def saved(page, what):
    """Wait, at the end of a with statement, until Formgrader has saved what was changed in it."""
    return page.expect_response(lambda answer: what in answer.url and answer.request.method == "PUT" and answer.ok)


def open_submission(page, address, name):
    """Go where an instructor goes, from JupyterLab's menu to the student's notebook; return Formgrader's frame."""
    page.goto(f"{address}lab?reset&token={TOKEN}")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click(timeout=60_000)
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe")
    formgrader.get_by_role("link", name="Manual Grading").first.click()
    for _ in ("the assignment", "its one notebook"):
        formgrader.locator("td").get_by_role("link", name=name, exact=True).click()
    formgrader.locator("td.name", has_text=STUDENT).wait_for(state="attached")
    formgrader.get_by_text("Show All Names").click()
    formgrader.get_by_role("link", name=STUDENT, exact=True).click()
    return formgrader


def press(page, address, name, button, words):
    """Press a button of the student's row in Formgrader's list of submissions, and see what the engine said."""
    page.goto(f"{address}formgrader/manage_submissions/{name}")
    page.locator("tr", has_text=STUDENT).locator(f".{button} a").click()
    modal = page.locator("#success-modal")
    expect(modal).to_be_visible(timeout=60_000)
    assert words in modal.text_content()


def test_a_memo_is_marked_by_its_rubric_and_the_mark_survives_a_regrade(course, visit):
    name = names()[0]
    item, rubric = next(iter(Assignment(name).rubric.items()))
    with jupyter_lab(ENVIRONMENT, course, course.parent, "/user/marker/") as address:
        page = visit("about:blank", address, viewport={"width": 1280, "height": 1000}).page
        formgrader = open_submission(page, address, name)
        mark, comment = formgrader.locator(f"#{item}"), formgrader.locator(f"#{item}-comment")
        expect(mark).not_to_have_value("", timeout=30_000)  # the page fetches what was given before
        mark.fill(str(MARK))
        shown = [words for levels in rubric.values() for words in levels.values()]
        table = formgrader.locator("table", has_text=shown[0])
        assert [words for words in shown if words not in table.text_content()] == []
        expect(table).to_be_visible()  # open, and what else is folded shows that it opens
        expect(formgrader.locator("details", has=table).locator("xpath=..")).to_contain_text(
            "What the learner reads below the text:"
        )
        assert formgrader.locator("details[open]").count() == len(Assignment(name).rubric)
        hint = formgrader.get_by_text("Hint 1", exact=True).first
        assert hint.evaluate("hint => getComputedStyle(hint).display") == "list-item"
        gap = "(mark, table) => Math.abs(table.getBoundingClientRect().top - mark.getBoundingClientRect().bottom)"
        assert mark.evaluate(gap, table.element_handle()) < 700, "the rubric stands below what is marked"
        with saved(page, "/api/grade/"), saved(page, "/api/comment/"):
            comment.fill(COMMENT)
            comment.blur()

        marking = page.frames[1].url
        press(page, address, name, "autograde", "tier full")
        page.goto(marking)  # the same page again, now without JupyterLab around it
        expect(page.locator(f"#{item}")).to_have_value(str(MARK))
        expect(page.locator(f"#{item}-comment")).to_have_value(COMMENT)
        press(page, address, name, "generate-feedback", "feedback of 1 submission")

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        assert book.find_grade(item, name, name, STUDENT).score == MARK
        assert book.find_comment(item, name, name, STUDENT).comment == COMMENT
    feedback = (course / "feedback" / STUDENT / name / f"{name}.html").read_text(encoding="utf-8")
    most = sum(max(levels) for levels in rubric.values())
    assert f"{item}: ◐ {MARK} of {most}" in re.sub("<[^>]+>", "", feedback)
    assert "Name the row of <strong>every</strong> date." in feedback
    nbgrader(course, "release_feedback", name)
