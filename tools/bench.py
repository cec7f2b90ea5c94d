"""What the grading engine costs and holds, beside stock nbgrader, in one run on one machine: _build/bench.json.

    python -m tools.bench [--submissions N] [--class N] [--stock-cases N]

All submissions are the project's own or the corpus's, in courses made for the occasion. It takes about an hour, most of it in
stock nbgrader; the ratios mean something only on a machine that does nothing else.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from sealed_grading import execute, grade
from sealed_grading.course import open_course, read_assignment
from sealed_grading.gradebook import Writer
from sealed_grading.sandbox import FULL, Limits, Warm
from tests.grading.corpus import CASES
from tests.grading.corpus.cases import NAME, RIGHT, Case, make_course
from tests.grading.corpus.cases import hand_in as hand_in_case

from . import corpus
from .assignments import EXERCISES, Assignment, gradebook, hand_in

RESULT = Path("_build/bench.json")
PAGE = Path("book/instructors/grading.md")
TABLE = re.compile(r"(<!-- bench: made by `make bench` -->\n).*?(<!-- /bench -->)", re.DOTALL)
COURSE = "case-korea"


@dataclass(frozen=True)
class Measure:
    """One key of bench.json for who reads the page: a label, what it means, its unit, and what must hold, in words and as a test."""

    label: str
    meaning: str
    unit: str = ""
    wanted: str = "measured only"
    holds: Callable[[float], bool] = lambda value: True

    def shown(self, value: float) -> str:
        return (f"{value:.3g}" if value < 1000 else f"{value:.0f}") + (
            f"\N{NO-BREAK SPACE}{self.unit}" if self.unit else ""
        )


MEASURES = {
    "speedup": Measure(
        "Speed beside stock nbgrader",
        "The time that stock nbgrader takes for the whole class, divided by the engine's.",
        "×", "20 × or more", lambda value: value >= 20,
    ),
    "warm_seconds": Measure(
        "One submission of many",
        "From its file to its feedback page, while the engine is running; the median of the different answers.",
        "s", "0.25 s or less", lambda value: value <= 0.25,
    ),
    "cold_seconds": Measure(
        "One submission alone",
        "The whole command for one learner, with the engine's start.",
        "s", "5 s or less", lambda value: value <= 5,
    ),
    "overhead_ms": Measure(
        "Cost of the sandbox and of the second process",
        "What one submission takes beyond the time of its own cells in one bare process; the median.",
        "ms", "100 ms or less", lambda value: value <= 100,
    ),
    "memory_ratio": Measure(
        "Memory for a class ten times as large",
        "The grader's own memory at its highest, divided by that for the smaller class.",
        "×", "1.3 × or less", lambda value: value <= 1.3,
    ),
    "unearned_points": Measure(
        "Points not earned, engine",
        "Points above what the answers deserve, over all cases of the corpus.",
        "", "0", lambda value: value == 0,
    ),
    "unearned_points_stock": Measure(
        "Points not earned, stock nbgrader", "The same over the cases that stock nbgrader was given."
    ),
    "honest_differences": Measure(
        "Scores that differ",
        "Scores of the class in which the two differ, but for those where stock nbgrader takes a warning for a failure.",
        "", "0", lambda value: value == 0,
    ),
    "batch_aborts": Measure(
        "Submissions without a state",
        "Cases of the corpus after which the engine had not said what became of them.",
        "", "0", lambda value: value == 0,
    ),
}  # fmt: skip
PEAK = """
import sys
from sealed_grading import cli
code = cli.main(sys.argv[1:])
# not ru_maxrss, which at first is that of the process that started this one
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
sys.exit(code)
"""


def copy_of_the_course(place: Path, takeover: bool) -> Path:
    """Return a copy of the course without submissions; with `takeover` False, nbgrader's own commands stay as they are."""
    course = place / "exercises"
    course.mkdir(parents=True)
    shutil.copy2("_config.yml", place)
    config = (EXERCISES / "nbgrader_config.py").read_text(encoding="utf-8")
    if not takeover:
        config = config.replace("takeover.install()", "")
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for name in ("source", "release"):
        shutil.copytree(EXERCISES / name, course / name)
    shutil.copy2(gradebook().removeprefix("sqlite:///"), course)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student in list(book.students):
            book.remove_student(student.id)
    return course


def fill(course: Path, count: int) -> None:
    """Hand in the answers files in turn, as `count` students."""
    answers = itertools.islice(itertools.cycle(Assignment(COURSE).answers), count)
    for number, answer in enumerate(answers):
        hand_in(Assignment(COURSE), answer, course / "submitted" / f"s{number:04}" / COURSE)


def timed(command: list[str], course: Path) -> float:
    """Return the seconds that a command takes in the course's folder.

    Raises:
        SystemExit: it failed; the message holds its last words.
    """
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *command], cwd=course, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {course}:\n{done.stdout[-500:]}{done.stderr[-2000:]}")
    return time.monotonic() - began


def in_turns(engine: Path, stock: Path) -> tuple[float, float]:
    """Return the seconds that the engine takes for the class, and stock nbgrader.

    A shared machine is faster at one time than at another. So the engine grades the class before, between and after the two
    halves that stock nbgrader grades, and the mean counts.
    """
    ours, theirs = [], []
    for half in ("[02468]", "[13579]", None):
        ours.append(timed(["sealed_grading.cli", "grade", COURSE, "--again"], engine))
        say(f"  engine {ours[-1]:.1f} s")
        if half:
            theirs.append(timed(["nbgrader", "autograde", COURSE, f"--student=s*{half}"], stock))
            say(f"  stock nbgrader, one half {theirs[-1]:.1f} s")
    return statistics.mean(ours), sum(theirs)


def points(course: Path) -> dict[tuple[str, str], float | None]:
    """Return every automatic score by student and item."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            (submission.student.id, mark.name): mark.auto_score
            for submission in book.assignment_submissions(COURSE)
            for mark in submission.notebooks[0].grades
        }


def differences(engine: Path, stock: Path) -> list[dict]:
    """Return where points of the class differ, each with the reason where stock nbgrader's own rule gives one."""
    ours, theirs = points(engine), points(stock)
    found = []
    for student, item in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get((student, item)), theirs.get((student, item))
        if one == other:
            continue
        notebook = nbformat.read(stock / f"autograded/{student}/{COURSE}/{COURSE}.ipynb", as_version=4)
        cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == item)
        warned = any(output.get("name") == "stderr" for output in cell.outputs)
        reason = "stock nbgrader takes a warning on stderr for a failure" if warned and one and not other else None
        found.append({"student": student, "item": item, "engine": one, "stock": other, "reason": reason})
    return found


def one_by_one(course: Path) -> dict:
    """Return seconds from file to feedback of each different submission, one after the other, with a warm engine."""
    assignment = read_assignment(open_course(course), COURSE)
    warm, writer = Warm(Limits(), FULL, assignment.warm_up), Writer(assignment, FULL, {})
    seconds = {}
    try:
        for number, answer in enumerate(Assignment(COURSE).answers):
            began = time.monotonic()
            outcome = grade.grade_one(warm.parent(), assignment, f"s{number:04}", Limits(), "bench")
            grade.write(assignment, outcome, writer)
            seconds[answer.stem] = time.monotonic() - began
    finally:
        warm.stop()
    return seconds


def own_time(course: Path) -> dict:
    """Return the seconds that the cells of each different submission take in one warm process, without any boundary."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_own_time, (str(course),))


def _own_time(folder: str) -> dict:
    from sealed_grading import intake
    from sealed_grading.shell import Runner

    assignment = read_assignment(open_course(Path(folder)), COURSE)
    original = assignment.notebooks[COURSE]
    runner, seconds = Runner(), {}
    runner.run(
        "import pandas as pd\n"
        + "\n".join(f"import {name}" for name in assignment.warm_up["modules"] if "display.display" not in name)
    )
    runner.run("display(pd.DataFrame({'a': [1]}))")
    for number, answer in enumerate(Assignment(COURSE).answers):
        place = assignment.folder("submitted", f"s{number:04}")
        taken = intake.rebuild(original, (place / f"{COURSE}.ipynb").read_bytes())
        reader, writer = os.pipe()
        if (pid := os.fork()) == 0:
            os.chdir(place)
            runner.plug()
            began = time.monotonic()
            for cell, role, source in execute.roles(original, taken.notebook):
                runner.run(source if role == execute.TEST else cell.source)
            os.write(writer, json.dumps(time.monotonic() - began).encode())
            os._exit(0)
        os.close(writer)
        seconds[answer.stem] = json.loads(os.read(reader, 100))
        os.close(reader)
        os.waitpid(pid, 0)
    return seconds


def peak(place: Path, count: int) -> int:
    """Return the coordinator's peak memory, in kilobytes, over a class of `count` in the corpus's small course."""
    course = make_course(place)
    for number in range(count):
        hand_in_case(Case(f"s{number:04}", "honest", "a class", base=RIGHT), course)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "grade", NAME, "--course", str(course)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"a class of {count} was not graded:\n{done.stderr[-2000:]}")
    return int(done.stdout)


def measure(place: Path, submissions: int, class_size: int, stock_cases: int | None) -> dict:
    """Return all that bench.json holds."""
    engine, stock = copy_of_the_course(place / "engine", True), copy_of_the_course(place / "stock", False)
    say(f"{submissions} submissions of {COURSE} through the engine and through stock nbgrader, one after the other")
    for course in (engine, stock):
        fill(course, submissions)
    ours, theirs = in_turns(engine, stock)
    say("  one by one, cold and warm")
    found = differences(engine, stock)
    cold = timed(["sealed_grading.cli", "grade", COURSE, "--student", "s0000", "--again"], engine)
    warm, own = one_by_one(engine), own_time(engine)
    say(f"a class of {class_size} against one of {class_size // 10}, for the coordinator's memory")
    small, large = peak(place / "small", class_size // 10), peak(place / "large", class_size)
    say(f"the corpus, {len(CASES)} cases, through the engine")
    for name in ("corpus", "corpus-stock"):
        (place / name).mkdir()
    safe = [case for case in CASES.values() if case.stock]
    step = max(1, len(safe) // (stock_cases or len(safe)))
    hostile = corpus.run_engine(CASES.values(), place / "corpus")
    say(f"  {hostile['seconds']:.0f} s; {len(safe[::step])} of the {len(safe)} safe ones through stock nbgrader")
    plain = corpus.run_stock(safe[::step], place / "corpus-stock")
    return {
        "speedup": theirs / ours,
        "warm_seconds": statistics.median(warm.values()),
        "cold_seconds": cold,
        "overhead_ms": 1000 * statistics.median(warm[name] - own[name] for name in warm),
        "memory_ratio": large / small,
        "unearned_points": hostile["unearned_points"],
        "unearned_points_stock": plain["unearned_points"],
        "honest_differences": sum(1 for difference in found if difference["reason"] is None),
        "batch_aborts": hostile["batch_aborts"],
        "details": {
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
            "submissions": submissions,
            "engine_seconds": ours,
            "stock_seconds": theirs,
            "engine_per_minute": 60 * submissions / ours,
            "stock_per_minute": 60 * submissions / theirs,
            "seconds_by_answer": warm,
            "own_seconds_by_answer": own,
            "differences_from_stock": found,
            "peak_kilobytes": {str(class_size // 10): small, str(class_size): large},
            "corpus": {
                "cases": len(CASES),
                "wrong": hostile["wrong"],
                "engine": hostile["cases"],
                "stock": plain["cases"],
            },
        },
    }


def table(found: dict) -> str:
    """Return the instructor's table of the measures, and that of the attacks, as Markdown."""
    details, rows = found["details"], found["details"]["corpus"]
    lines = [
        f"{details['submissions']} submissions of `{COURSE}` took the engine {details['engine_seconds']:.0f} s "
        f"({details['engine_per_minute']:.0f} a minute), stock nbgrader {details['stock_seconds']:.0f} s "
        f"({details['stock_per_minute']:.0f} a minute), on {details['machine']['cpus']} processors. Of the corpus's {rows['cases']} cases "
        f"stock nbgrader was given {len(rows['stock'])}.",
        "",
        *measures(found),
    ]
    return "\n".join(lines) + "\n\n" + corpus.table({"cases": rows["engine"]}, {"cases": rows["stock"]}) + "\n"


def measures(found: dict) -> list[str]:
    """Return the lines of the table of measures, and below it a sentence on the bounds that were missed."""
    lines = ["| measure | found | wanted |", "| --- | --- | --- |"]
    for key, measure in MEASURES.items():
        lines.append(f"| **{measure.label}.** {measure.meaning} | {measure.shown(found[key])} | {measure.wanted} |")
    over = [
        f"{MEASURES[key].label} ({MEASURES[key].shown(found[key])}, wanted {MEASURES[key].wanted})"
        for key in missed(found)
    ]
    if over:
        lines += ["", f"What was wanted was not reached in this run for: {'; '.join(over)}."]
    return lines


def missed(found: dict) -> list[str]:
    """Return the keys whose bound does not hold."""
    return [key for key, measure in MEASURES.items() if not measure.holds(found[key])]


def say(words: str) -> None:
    print(words, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--submissions", type=int, default=200, help="of the class that both grade")
    parser.add_argument(
        "--class", dest="class_size", type=int, default=2000, help="for the memory; a tenth is the other"
    )
    parser.add_argument(
        "--stock-cases", type=int, help="of the corpus, at most about so many, evenly; all when not given"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = measure(Path(folder), options.submissions, options.class_size, options.stock_cases)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    made = table(found)
    say(made)
    if PAGE.is_file():
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(TABLE.sub(lambda match: match[1] + made + match[2], text), encoding="utf-8")
    say(str(RESULT))
    lines = [f"{key}: {found[key]:.3g}, expected {MEASURES[key].wanted}" for key in missed(found)]
    lines += found["details"]["corpus"]["wrong"]
    for line in lines:
        say(line)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
