"""The learner's bundle in JupyterLab as on Binder: an environment made from nothing but the bundle, with a kernel behind it."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from lab_server import TOKEN, jupyter_lab, variables

from tools.assignments import Assignment, answered, names, read_answer
from tools.bundle import BUNDLE

BASE = "/user/learner/"
ENVIRONMENT = Path("_build/learner-environment")
ERROR = (
    ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"  # JupyterLab gives errors this type too
)


@pytest.fixture(scope="module")
def environment():
    """An environment made with pip from the bundle's requirements and nothing else; kept until the pins change."""
    pins, made_from = (BUNDLE / "requirements.txt").read_bytes(), ENVIRONMENT / "requirements.txt"
    if not made_from.exists() or made_from.read_bytes() != pins:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip = [ENVIRONMENT / "bin/python", "-m", "pip", "install", "--quiet", "--no-compile"]
        subprocess.run([*pip, "-r", BUNDLE / "requirements.txt"], check=True)
        made_from.write_bytes(pins)
    return ENVIRONMENT.resolve()


@pytest.fixture(scope="module")
def lab(environment, tmp_path_factory):
    """JupyterLab on a copy of the bundle after its postBuild, as on Binder, with an empty home: its folder and address."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("lab") / "learner"
    shutil.copytree(BUNDLE, folder)
    subprocess.run(["./postBuild"], cwd=folder, env=variables(environment, home), check=True, stdout=subprocess.DEVNULL)
    with jupyter_lab(environment, folder, home, BASE) as address:
        yield folder, address


@pytest.fixture
def open_file(lab, visit):
    """Open a file of the bundle in a new browser, as a link to Binder would."""
    _, address = lab

    def in_a_browser(path):
        return visit(
            f"{address}lab/tree/{path}?reset&token={TOKEN}",
            address.removesuffix(BASE),
            viewport={"width": 1280, "height": 1600},
        )

    return in_a_browser


@pytest.fixture
def open_notebook(open_file):
    def open_and_run(path):
        page = open_file(path).page
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function(
            "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
        )
        page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        return page

    return open_and_run


def run_cell_at_the_end(page, code):
    """Run `code` in a new last cell of the open notebook and return what it printed."""
    page.evaluate(
        """async code => {
            const notebook = jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = notebook.widgets.length - 1;
            await jupyterapp.commands.execute('notebook:insert-cell-below');
            await jupyterapp.commands.execute('notebook:change-cell-to-code');
            notebook.activeCell.model.sharedModel.setSource(code);
            await jupyterapp.commands.execute('notebook:run-cell');
        }""",
        code,
    )
    output = page.locator(".jp-Cell.jp-mod-active .jp-OutputArea-output")
    output.wait_for(timeout=30_000)
    return output.inner_text().strip()


def test_the_readme_is_read_first_and_leads_to_the_chapter(open_file):
    watched = open_file("README.md")
    link = watched.page.locator(".jp-MarkdownViewer a", has_text="The Korean Peninsula")
    link.wait_for(timeout=60_000)
    link.click()
    watched.page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for(timeout=60_000)
    assert "/tree/chapters/cases/korean-peninsula.ipynb" in watched.page.url
    assert [fault for fault in watched.faults if "another host" in fault] == []


def test_the_chapter_runs_and_python_receives_what_the_reader_does_with_the_widget(open_notebook):
    page = open_notebook("chapters/cases/korean-peninsula.ipynb")
    timeline = page.locator(".md-w:has(.md-timeline)")
    timeline.get_by_role("button", name="Skip").click(timeout=60_000)
    timeline.get_by_role("button", name="19 September 2018: Comprehensive Military Agreement signed").click()
    timeline.locator(".md-say", has_text="Comprehensive Military Agreement signed").wait_for()
    for _ in range(6):
        timeline.get_by_role("button", name="Closer").click()
    with page.expect_download() as download:
        timeline.get_by_role("button", name="Download").click()
    assert "KE-2018-09-19-cma" in download.value.path().read_text(encoding="utf-8")
    page.locator(".vega-embed").first.wait_for(timeout=60_000)
    control = page.get_by_label("Northern acts counted as")
    before = page.locator(".vega-embed svg, .vega-embed canvas").first.screenshot()
    control.select_option("Breaches of the 2018 agreement")
    page.wait_for_timeout(500)
    assert page.locator(".vega-embed svg, .vega-embed canvas").first.screenshot() != before
    assert page.locator(ERROR).count() == 0
    shown = "next(value for value in Out.values() if isinstance(value, Timeline))"
    received = run_cell_at_the_end(page, f"print({shown}.selected, *{shown}.span)")
    assert received == "KE-2018-09-19-cma 2018-08-01 2018-09-30"


def test_of_nbgrader_s_tools_a_learner_is_offered_validate_and_no_instructor_s(open_file):
    watched = open_file(f"assignments/{names()[0]}/{names()[0]}.ipynb")
    page = watched.page
    page.get_by_role("button", name="Validate").wait_for(timeout=60_000)
    menus = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert "Kernel" in menus and "Nbgrader" not in menus
    assert page.get_by_text("Create Assignment").count() == page.get_by_title("Create Assignment").count() == 0
    commands = page.evaluate("() => jupyterapp.commands.listCommands().filter(name => name.startsWith('nbgrader'))")
    assert commands == []
    assert page.evaluate(f"async () => (await fetch('{BASE}formgrader')).status") == 404
    settings = f"{BASE}lab/api/settings/@jupyterlab/apputils-extension:notification"
    shown = page.evaluate(f"async () => (await (await fetch('{settings}')).json()).schema.properties.fetchNews.default")
    assert shown == "false", "and nobody is asked about news"


def without_spaces(text):
    return "".join(text.split())


def test_checks_and_the_validate_button_tell_a_learner_what_is_not_right(lab, open_notebook):
    """The first program that is asked for is written, nothing else is: what the notebook says, cell by cell and as a whole."""
    assignment = Assignment(names()[0])
    path = f"assignments/{assignment.name}/{assignment.name}.ipynb"
    programs = {
        cell.metadata.nbgrader.grade_id
        for cell in assignment.notebook.cells
        if cell.cell_type == "code" and "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution
    }
    answers = read_answer(assignment.folder / "answers/reference.py")[1]
    written = next(item for item in answers if item in programs)
    notebook = answered(assignment, {written: answers[written]})
    nbformat.write(notebook, lab[0] / path)
    at = [cell.id for cell in notebook.cells].index(written)
    visible = [
        cell.source
        for cell in notebook.cells[at:]
        if cell.cell_type == "code" and "nbgrader" in cell.metadata and cell.metadata.nbgrader.grade
        if any(not line.startswith("#") for line in cell.source.splitlines())
    ]

    page = open_notebook(path)
    page.locator(ERROR).first.wait_for(timeout=60_000)
    told = page.locator(ERROR).first.text_content()  # also when the run has gone on and it is out of view
    assert told.startswith("Not yet: ")
    assert "Traceback" not in told
    cells = "[...jupyterapp.shell.currentWidget.content.model.cells]"  # those out of view have no element
    page.wait_for_function(f"() => {cells}.at(-1).sharedModel.outputs.length", timeout=60_000)  # the score
    choice = page.locator("select", has_text="choose").first
    assert without_spaces(choice.evaluate("select => select.selectedOptions[0]?.text ?? ''")) == "choose…"
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.wait_for(timeout=60_000)
    verdict = without_spaces(dialog.inner_text())
    assert without_spaces(told) in verdict
    assert without_spaces(visible[0]) not in verdict, "what is right is not listed"
    assert without_spaces(visible[-1]) in verdict, "what comes after the first error is"
    assert "Traceback" not in verdict
