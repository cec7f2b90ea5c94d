"""The learner's bundle in JupyterLab: the same widget class, now with a kernel behind it."""

import os
import re
import shutil
import subprocess
import sys
import threading

import nbformat
import pytest

from tools.bundle import BUNDLE

BASE = "/user/learner/"
TOKEN = "only-for-this-test"
ERROR = (
    ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"  # JupyterLab gives errors this type too
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the bundle, with its own base address and token as on Binder: its folder and address."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "learner"
    shutil.copytree(BUNDLE, folder)
    library = home / "library"
    wheel = next((folder / "wheels").glob("*.whl"))
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(library),
        str(wheel),
    ]
    subprocess.run(install, check=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
         f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
         "--ServerApp.shutdown_no_activity_timeout=300", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None"],
        env={**os.environ, "HOME": str(home), "PYTHONPATH": str(library), "JUPYTER_PLATFORM_DIRS": "1"},
        cwd=folder, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stderr:
        if found := re.search(rf"(http://127\.0\.0\.1:\d+{BASE})", line):
            address = found[1]
            break
    else:
        pytest.fail(f"JupyterLab did not start: exit code {process.wait()}")
    # What Lab goes on saying must be read, or it would wait for room in the pipe.
    threading.Thread(target=process.stderr.read, daemon=True).start()
    yield folder, address
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def open_notebook(lab, visit):
    folder, address = lab

    def open_and_run(path):
        origin = address.removesuffix(BASE)
        watched = visit(
            f"{address}lab/tree/{path}?reset&token={TOKEN}", origin, viewport={"width": 1280, "height": 1600}
        )
        page = watched.page
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function(
            "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
        )
        page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        return page

    return open_and_run


def test_python_receives_what_the_reader_does_with_the_widget(lab, open_notebook):
    folder, _ = lab
    cell = (
        "from pathlib import Path\n"
        "from military_diplomacy import tables, widgets\n"
        "kinds = {kind: kind for kind in ['agreement', 'talks', 'exercise', 'test', 'incident', 'withdrawal']}\n"
        "timeline = widgets.Timeline(tables.load('korea_events'), kinds, title='Try', prompt='Click.', caption='Source.')\n"
        "timeline.observe(lambda change: Path('selected.txt').write_text(change['new']), 'selected')\n"
        "timeline"
    )
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)], metadata=kernel), folder / "try.ipynb"
    )
    page = open_notebook("try.ipynb")
    mark = page.get_by_role("button", name="19 September 2018: Comprehensive Military Agreement signed")
    mark.wait_for(timeout=60_000)
    mark.click()
    page.locator(".md-say", has_text="Comprehensive Military Agreement signed").wait_for()
    for _ in range(50):
        if (folder / "selected.txt").exists():
            break
        page.wait_for_timeout(100)
    assert (folder / "selected.txt").read_text() == "KE-2018-09-19-cma"


def test_python_receives_what_the_reader_moves_in_a_model(lab, open_notebook):
    folder, _ = lab
    cell = (
        "from pathlib import Path\n"
        "from military_diplomacy import widgets\n"
        "steps = widgets.Reassurance()\n"
        "steps.observe(lambda change: Path('stake.txt').write_text(str(change['new'])), 'stake')\n"
        "steps"
    )
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)], metadata=kernel), folder / "model.ipynb"
    )
    page = open_notebook("model.ipynb")
    page.get_by_label("None", exact=True).check(timeout=60_000)
    page.get_by_role("button", name="Show me").click()
    page.get_by_label("At stake").press("End")
    page.locator(".md-say", has_text="since step 2").wait_for()
    for _ in range(50):
        if (folder / "stake.txt").exists():
            break
        page.wait_for_timeout(100)
    assert (folder / "stake.txt").read_text() == "1.0"


def test_the_chapter_runs_with_its_widget_and_its_chart(open_notebook):
    page = open_notebook("chapters/cases/korean-peninsula.ipynb")
    page.locator(".md-timeline .md-mark").first.wait_for(timeout=60_000)
    page.locator(".vega-embed").first.wait_for(timeout=60_000)
    control = page.locator(".vega-bindings select")
    before = page.locator(".vega-embed svg, .vega-embed canvas").first.screenshot()
    control.select_option("Breaches of the 2018 agreement")
    page.wait_for_timeout(500)
    assert page.locator(".vega-embed svg, .vega-embed canvas").first.screenshot() != before
    assert page.locator(ERROR).count() == 0


def test_the_assignment_tells_a_learner_what_to_do_next(open_notebook):
    page = open_notebook("assignments/case-korea/case-korea.ipynb")
    told = page.locator(ERROR).first
    told.wait_for(timeout=60_000)
    assert told.inner_text().startswith("Not yet: counts_by_kind is not written yet.")
    assert "Traceback" not in told.inner_text()
