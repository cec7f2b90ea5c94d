"""A throw-away copy of the course with its released assignments, to be graded by the engine."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from sealed_grading.course import open_course, read_assignment
from sealed_grading.grade import Batch
from sealed_grading.sandbox import Limits, Warm
from tools import assignments

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Course:
    """A course folder and the one assignment that the tests hand in."""

    folder: Path
    name: str = "case-korea"

    @property
    def assignment(self):
        return read_assignment(open_course(self.folder), self.name)

    def copy(self, place: Path) -> "Course":
        shutil.copytree(self.folder, place / "exercises")
        shutil.copy2(self.folder.parent / "_config.yml", place)
        return Course(place / "exercises")

    def released(self):
        return nbformat.read(self.folder / f"release/{self.name}/{self.name}.ipynb", as_version=4)

    def hand_in(self, student: str, notebook=None, data: bytes | None = None, files=()) -> Path:
        folder = self.folder / "submitted" / student / self.name
        folder.mkdir(parents=True)
        text = data if data is not None else nbformat.writes(notebook).encode()
        (folder / f"{self.name}.ipynb").write_bytes(text)
        for name, content in dict(files).items():
            (folder / name).write_bytes(content)
        return folder

    def answered(self, **answers: str):
        """The release with these answers: `counts_by_kind="…"` fills the cell counts-by-kind."""
        notebook = self.released()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
            if name in answers:
                cell.source = answers.pop(name)
        assert not answers, f"no such cell: {answers}"
        return notebook

    def grade(self, *students: str, limits: Limits | None = None, again: bool = False) -> dict:
        limits = limits or Limits()
        warm = Warm(limits, warm_up=self.assignment.warm_up)
        try:
            batch = Batch(self.assignment, limits, warm.tier, print)
            return {verdict.student: verdict for verdict in batch.run(warm, list(students), again)}
        finally:
            warm.stop()


@pytest.fixture
def course(tmp_path):
    shutil.copy2(ROOT / "_config.yml", tmp_path)
    folder = tmp_path / "exercises"
    folder.mkdir()
    for name in ("nbgrader_config.py", "source", "release"):
        copy = shutil.copytree if (ROOT / "exercises" / name).is_dir() else shutil.copy2
        copy(ROOT / "exercises" / name, folder / name)
    shutil.copy2(assignments.gradebook().removeprefix("sqlite:///"), folder)
    return Course(folder)
