"""What all tests share. They read what `make` built; `make test` builds it first."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def in_the_checkout(monkeypatch):
    """The tools name their files from the checkout's root, as make runs them."""
    monkeypatch.chdir(ROOT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true a test that does not run has not passed."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI allows no skip: {report.longrepr}"
    return report
