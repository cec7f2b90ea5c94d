"""`{graded-work}`: the assignment that a chapter prepares, from the `.yml` beside it and the assignment's own header."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from . import objectives
from .chapter import ChapterDirective, ChapterError, raw, read
from .launch import binder

HEADER = re.compile(r"\A# ---\n(.*?)^# ---$", re.MULTILINE | re.DOTALL)

ITEM = re.compile(r"^# ## Item .*; ([A-Z]\d+(?:, [A-Z]\d+)*)\)$", re.MULTILINE)


@dataclass(frozen=True)
class GradedWork:
    """What a reader should know of an assignment: title, points, minutes, objectives that it asks for, files to hand in."""

    name: str
    title: str
    points: int
    minutes: int
    prepares: tuple[str, ...]
    files: tuple[str, ...]


def setup(app: Sphinx) -> None:
    app.add_directive("graded-work", GradedWorkDirective)


def find(chapter: Path, root: Path) -> GradedWork:
    """Return the graded work of the chapter file at `chapter`; assignments lie below `root`.

    Raises:
        ChapterError: the chapter names none, the assignment's header lacks title, points or minutes, or its items ask for
            other objectives than the chapter says.
    """
    graded = read(chapter).get("graded") or {}
    if not graded.get("assignment") or not graded.get("prepares"):
        raise ChapterError(f"{chapter.name}: expected `graded` with `assignment` and `prepares`, found {graded!r}")
    known = [item["id"] for item in objectives.read(chapter)[0]]
    if strange := [name for name in graded["prepares"] if name not in known]:
        raise ChapterError(f"{chapter.name}: `graded` prepares {strange}; the chapter's objectives are {known}")
    name = graded["assignment"]
    text = root / "exercises" / "assignments" / name / f"{name}.py"
    source = text.read_text(encoding="utf-8") if text.is_file() else ""
    found = HEADER.match(source)
    header = yaml.safe_load(re.sub(r"^# ?", "", found[1], flags=re.MULTILINE)) if found else {}
    if missing := [key for key in ("title", "points", "minutes") if key not in header]:
        raise ChapterError(f"{chapter.name}: `graded`: {text} has no {' and no '.join(missing)} in its header")
    asked = sorted({one for ids in ITEM.findall(source) for one in ids.split(", ")})
    if asked != sorted(graded["prepares"]):
        raise ChapterError(
            f"{chapter.name}: `graded` prepares {graded['prepares']}; the headings of the items in {text} ask for {asked}"
        )
    files = (f"{name}.ipynb", *header.get("files", ()))
    return GradedWork(name, header["title"], header["points"], header["minutes"], tuple(graded["prepares"]), files)


class GradedWorkDirective(ChapterDirective):
    """A card."""

    def build(self) -> list[nodes.Node]:
        work = find(self.file, Path(self.env.srcdir))
        facts = {"Points": work.points, "Time": f"{work.minutes} min", "Prepared here": ", ".join(work.prepares)}
        rows = "".join(f"<div><dt>{name}</dt><dd>{escape(str(value))}</dd></div>" for name, value in facts.items())
        repository = self.config.course.get("learners_repository")
        address = binder(repository, f"assignments/{work.name}/{work.name}.ipynb")
        files = [f"<code>{escape(file)}</code>" for file in work.files]
        ask = "" if repository else " Your instructor says where to get it."
        how = f"<p>It is a notebook: you need a computer.{ask} You hand in {' and '.join(files)}.</p>"
        button = f'<a class="md-btn md-go" href="{escape(address)}">Open it on Binder</a>' if repository else ""
        return [raw(f'<div class="md-card"><h3>{escape(work.title)}</h3><dl>{rows}</dl>{how}{button}</div>')]
