"""The learner's bundle: complete, free of answers, and enough by itself."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from tools import leaks
from tools.assignments import Assignment, names
from tools.bundle import BUNDLE
from tools.notebooks import ConversionError, chapters, plain

HTML = Path("_build/html")


def test_the_bundle_holds_what_binder_and_a_laptop_need():
    for name in ("requirements.txt", "runtime.txt", "postBuild", "set_up.py", "nbgrader_config.py", "README.md"):
        assert (BUNDLE / name).is_file(), name
    assert (BUNDLE / "runtime.txt").read_text().strip() == "python-3.11"
    assert os.access(BUNDLE / "postBuild", os.X_OK)
    assert (BUNDLE / "requirements.txt").read_bytes() == Path("requirements.txt").read_bytes()
    assert len(list((BUNDLE / "wheels").glob("military_diplomacy-*.whl"))) == 1
    for name in names():
        handed_out = {path.name for path in (BUNDLE / "assignments" / name).iterdir()}
        assert handed_out == {f"{name}.ipynb", *(f"{table}.csv" for table in Assignment(name).header["tables"])}
        assert {path.name for path in (BUNDLE / ".release" / name).iterdir()} == handed_out
    for chapter in chapters():
        assert (BUNDLE / "chapters" / chapter.relative_to("book").with_suffix(".ipynb")).is_file()


def test_chapters_in_the_bundle_hold_no_directive_and_no_role():
    for path in (BUNDLE / "chapters").rglob("*.ipynb"):
        text = "\n".join(
            cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"
        )
        assert "{cite" not in text
        assert "```{" not in text
        assert "https://" in text
        assert "If you chose this" in text
        assert not re.search(r"</summary>(?!\n\n)", text), "a fold's text is Markdown too"


def test_a_directive_without_a_plain_form_is_an_error(tmp_path):
    chapter = tmp_path / "chapter.md"
    chapter.write_text(
        "---\nkernelspec: {name: python3, display_name: P}\n---\n# T\n\n```{mermaid}\nA --> B\n```\n", encoding="utf-8"
    )
    with pytest.raises(ConversionError, match="mermaid"):
        plain(chapter)


@pytest.fixture(scope="module")
def secrets():
    """What only staff may see."""
    return leaks.secrets()


def test_no_solution_and_no_hidden_test_reaches_a_learner(secrets):
    assert len(secrets) > 40, "the scan knows solutions, hidden tests, model answers and answers files"
    assert leaks.find(secrets, [HTML, BUNDLE]) == []
    assert leaks.find(leaks.hidden_tests(), [Path("exercises/feedback")]) == []


def plant_in_page(folder, line):
    page = folder / "page.html"
    marked = "".join(f"<span>{letter}</span>" for letter in line.replace("<", "\0")).replace("\0", "&lt;")
    page.write_text(f"<pre>{marked}</pre>", encoding="utf-8")


def plant_in_notebook(folder, line):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"x = 1\n{line}")])
    nbformat.write(notebook, folder / "chapter.ipynb")


def plant_in_output(folder, line):
    (folder / "state.json").write_text(json.dumps({"text/plain": [line[:20], line[20:]]}), encoding="utf-8")


def plant_in_wheel(folder, line):
    with zipfile.ZipFile(folder / "library-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("library/hidden.py", f"if True:\n        {line}\n")


@pytest.mark.parametrize("plant", [plant_in_page, plant_in_notebook, plant_in_output, plant_in_wheel])
def test_a_planted_line_is_found(plant, tmp_path, secrets):
    source = Assignment(names()[0]).text.read_text(encoding="utf-8")
    for kind in ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS"):
        squeezed = {
            leaks.squeeze(line): line.strip() for line in source.split(kind)[1].split("### END")[0].splitlines()
        }
        line = next(line for key, line in squeezed.items() if key in secrets)
        plant(tmp_path, line)
        assert leaks.find(secrets, [tmp_path]), (kind, line)


def test_chapter_and_assignment_run_where_only_the_bundle_can_be_seen(tmp_path):
    """In bubblewrap: no network, no checkout but its environment, the library from the bundle's own wheel."""
    home = tmp_path / "learner"
    shutil.copytree(BUNDLE, home)
    environment, base = Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()
    system = [part for place in ("/usr", "/bin", "/lib", "/lib64", "/etc") for part in ("--ro-bind-try", place, place)]
    # ipykernel 7 may leave a request unread when it starts slowly (ipython/ipykernel#1554); its notebook is run once more.
    script = (
        'set -e; run() { jupyter execute --timeout=60 "$@" || jupyter execute --timeout=60 "$@"; }; '
        "python -m pip install --quiet --no-deps --no-index --target /home/learner/library wheels/*.whl; "
        "export PYTHONPATH=/home/learner/library; "
        "python -c 'import military_diplomacy as m; assert m.__file__.startswith(\"/home/learner\"), m.__file__'; "
        "for notebook in chapters/*/*.ipynb; do run $notebook; done; "
        "cd assignments; for name in *; do run --allow-errors $name/$name.ipynb --output=run; done; cd ..; "
        "python -m sealed_grading.cli doctor assignments/case-korea/case-korea.ipynb"
    )
    done = subprocess.run(
        ["bwrap", "--unshare-all", "--die-with-parent", "--clearenv", *system, "--proc", "/proc", "--dev", "/dev",
         "--tmpfs", "/tmp", "--ro-bind", str(base), str(base), "--ro-bind", str(environment), str(environment),
         "--bind", str(home), "/home/learner", "--chdir", "/home/learner", "--setenv", "HOME", "/home/learner",
         "--setenv", "PATH", f"{environment}/bin:/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8", "bash", "-c", script],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing is answered yet" in done.stdout and "Not there yet" in done.stdout
    for name in names():
        run = nbformat.read(home / "assignments" / name / "run.ipynb", as_version=4)
        errors = [
            output
            for cell in run.cells
            if cell.cell_type == "code"
            for output in cell.outputs
            if output.output_type == "error"
        ]
        assert errors, "an untouched assignment is not right yet"
        assert {error.ename for error in errors} <= {"CheckError"}, (
            "and its checks say so in words, not with a traceback"
        )
        assert all(re.search("not (written|answered) yet", error.evalue) for error in errors)
