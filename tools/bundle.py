"""The learner's bundle, `_build/learner`: all that Binder or a laptop opens, and no answer.

python -m tools.bundle
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml

from military_diplomacy.directives.launch import binder, notebook_of

from . import leaks
from .assignments import Assignment, names
from .notebooks import ConversionError, chapters, plain

BUNDLE = Path("_build/learner")
COPIED = ("requirements.txt", "LICENSE", "LICENSE-CONTENT")
PRISTINE = ".release"  # what `sealed-grading doctor` holds a learner's notebook against; JupyterLab does not show it
TEMPLATES = Path("tools/learner")  # README.md, runtime.txt, postBuild, set_up.py, nbgrader_config.py


def write() -> None:
    """Make the bundle anew.

    Raises:
        FileNotFoundError: an assignment has not been released.
        ConversionError: a chapter has no plain form.
        subprocess.CalledProcessError: the wheel could not be built; pip's words stand above.
    """
    shutil.rmtree(BUNDLE, ignore_errors=True)
    for chapter, target in zip(chapters(), notebooks("chapters"), strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(plain(chapter), target)
    for name in names():
        for place in ("assignments", PRISTINE):
            shutil.copytree(Assignment(name).release.parent, BUNDLE / place / name, ignore=shutil.ignore_patterns(".*"))
    wheel()
    for name in COPIED:
        shutil.copy2(name, BUNDLE / name)
    shutil.copytree(TEMPLATES, BUNDLE, dirs_exist_ok=True)
    course = yaml.safe_load(Path("_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["course"]
    readme = BUNDLE / "README.md"
    text = readme.read_text(encoding="utf-8").replace("<!-- contents -->", contents(course["learners_repository"]))
    readme.write_text(text, encoding="utf-8")


def contents(repository: str) -> str:
    """Return what the bundle holds as Markdown lists of links, after one to Binder if there is a `repository` (owner/name)."""
    lines = [f"[Open this folder on Binder]({binder(repository, 'README.md')}): ready in some minutes.", ""]
    lines = lines if repository else []
    for kind, words in (("chapters", "to read and run"), ("assignments", "to hand in")):
        lines += [f"{kind.capitalize()}, {words}:", ""]
        lines += [f"- [{heading(path)}]({path.relative_to(BUNDLE).as_posix()})" for path in notebooks(kind)] + [""]
    return "\n".join(lines).rstrip()


def notebooks(kind: str) -> list[Path]:
    """Return the bundle's notebooks of one kind, chapters or assignments, in the order of reading."""
    if kind == "chapters":
        return [BUNDLE / notebook_of(chapter.with_suffix("").as_posix()) for chapter in chapters()]
    return [BUNDLE / "assignments" / name / f"{name}.ipynb" for name in names()]


def heading(path: Path) -> str:
    """Return the first heading of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    lines = (line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next(line.removeprefix("# ") for line in lines if line.startswith("# "))


def wheel() -> None:
    """Build the library's wheel into the bundle, from a copy: setuptools writes beside its sources."""
    scratch = Path("_build/wheel")
    shutil.rmtree(scratch, ignore_errors=True)
    junk = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in ("src", "seeds"):
        shutil.copytree(folder, scratch / folder, ignore=junk)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy2(name, scratch / name)
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(BUNDLE / "wheels")]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(scratch)], check=True)


def main() -> int:
    try:
        write()
    except (ConversionError, FileNotFoundError) as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    found = leaks.find(leaks.secrets(), [BUNDLE])
    for leak in found:
        print(f"bundle: {leak}", file=sys.stderr)
    if found:
        shutil.rmtree(BUNDLE)
        print("bundle: removed again, because it gives answers away", file=sys.stderr)
        return 1
    files = [path for path in BUNDLE.rglob("*") if path.is_file()]
    print(f"bundle: {len(files)} files in {BUNDLE}, none with a line of a solution or a hidden test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
