"""Plugins for `nbgrader zip_collect`: a platform's archive is opened, what students put into it is not.

nbgrader's own extractor opens archives within archives, so that a student's zip could fill the disk, or hold a file under a
classmate's name; and its collector ends the whole class at two files of one name.
"""

import os
import re
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from .gates import ARCHIVES, BESIDE, LARGEST_NOTEBOOK, shown

READ = [".ipynb", *BESIDE, *ARCHIVES]  # an archive is collected to be refused with a sentence
OF_A_STUDENT = re.compile(r"_\d+_\d+_|_assignsubmission_")  # in the name of an archive: a student handed it in
MOST_MEMBERS = 100_000


class PlatformArchive(ExtractorPlugin):
    """Unpack the zip files in the archive folder, and nothing inside them; copy every other file."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        for path in sorted(Path(archive_path).rglob("*")):
            target = Path(extracted_path) / path.relative_to(archive_path)
            if path.is_symlink() or not path.is_file():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix.lower() == ".zip" and not OF_A_STUDENT.search(path.name):
                self.unpack(path, target.with_suffix(""))
            else:
                shutil.copyfile(path, target)

    def unpack(self, path: Path, folder: Path) -> None:
        """Unpack one zip file; of a file that is too large, so much that grading will say so."""
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if len(members) > MOST_MEMBERS:
                    self.parent.fail(
                        f"{path}: {len(members)} files in an archive, and at most {MOST_MEMBERS} are unpacked"
                    )
                for member in members:
                    self.write(archive, member, folder)
        except zipfile.BadZipFile as error:
            self.parent.fail(f"{path}: no zip archive that can be read ({error}); download it again")

    def write(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        try:
            if place.is_absolute() or ".." in place.parts or stat.S_ISLNK(member.external_attr >> 16):
                raise OSError("it is a link, or leads out of the archive")
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("xb") as file:
                left = LARGEST_NOTEBOOK + 1
                while left and (part := source.read(min(left, 1 << 20))):
                    left -= file.write(part)
        except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
            self.log.warning("Left aside %s: %s", shown(member.filename), error)


class OneName(FileNameCollectorPlugin):
    """Give a student's second file of one name another name, for the grader to see both."""

    def collect(self, submitted_file: str) -> dict | None:
        found = super().collect(submitted_file)
        if found is None:
            return None
        self.seen = getattr(self, "seen", set())
        stem, ending = found["file_id"], os.path.splitext(submitted_file)[1]  # noqa: PTH122
        while (found["student_id"], f"{stem}{ending}") in self.seen:
            stem += "-again"
        self.seen.add((found["student_id"], f"{stem}{ending}"))
        found["file_id"] = f"{stem}{ending}"  # nbgrader cuts off what stands after the last dot
        return found
