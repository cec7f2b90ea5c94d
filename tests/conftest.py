"""What all tests share. They read what `make` built; `make test` builds it first."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def in_the_checkout():
    """The tests name their files from the checkout's root, as make runs them; one that goes elsewhere comes back."""
    with contextlib.chdir(ROOT):
        yield


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory) -> Path:
    """A gradebook with nothing in it, to be copied: nbgrader takes seconds to make one."""
    from tools.assignments import Gradebook  # nbgrader takes a second, which most files of tests can do without

    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def course_without_students(tmp_path_factory, empty_gradebook) -> Path:
    """The course's folder beside its configuration, its assignments released and nobody in it; to be copied."""
    from tools.assignments import names

    place = tmp_path_factory.mktemp("course")
    shutil.copy2("_config.yml", place)
    folder = place / "exercises"
    for name in ("source", "release"):
        shutil.copytree(f"exercises/{name}", folder / name)
    shutil.copy2("exercises/nbgrader_config.py", folder)
    shutil.copy2(empty_gradebook, folder)
    for name in names():
        made = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force", "--create"]
        subprocess.run(made, cwd=folder, check=True, capture_output=True)
    return place


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true a test that does not run has not passed."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI allows no skip: {report.longrepr}"
    return report
