"""The corpus of hostile, broken and honest submissions (tests/grading/corpus), graded by the engine and by stock nbgrader.

python -m tools.corpus [engine|stock|table] [CASE …]     as JSON; `table` is the instructor's table of both, as Markdown

Both run in courses made for the occasion in a folder of their own. Stock nbgrader, which shuts nothing in, runs below
bubblewrap, one case at a time, as nobody, without network and with limits: no case ever runs outside a sandbox.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from sealed_grading.course import open_course, read_assignment
from sealed_grading.grade import Batch
from sealed_grading.sandbox import NOBODY, Limits, bubblewrap, start
from tests.grading.corpus import CASES, ITEMS, SECRETS, Case, hand_in, make_course
from tests.grading.corpus.cases import NAME, RIGHT

BEFORE, AFTER = "aaa-neighbour", "zzz-neighbour"  # honest, graded first and last
NEIGHBOURS = [
    Case(name, "neighbour", "an honest classmate", base=RIGHT, answers={"memo": "heron-of-a-classmate"})
    for name in (BEFORE, AFTER)
]
LIMITS = dataclasses.replace(Limits(), cell_seconds=6, submission_seconds=60, memory=3 << 29)
STOCK_COURSE = "/tmp/course"  # where the sandbox shows it
STOCK_SECONDS = 120  # that stock nbgrader may take for a case and its neighbours


def unearned(case: Case, points: dict[str, float | None]) -> float:
    """Return what the points are above what the answers deserve."""
    return sum(max(0.0, (points.get(item) or 0.0) - deserved) for item, deserved in case.deserved.items())


def rows(course: Path, student: str) -> dict[str, float] | None:
    """Return the points of every item in the gradebook, marks by hand included; None where there is no submission."""
    try:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook(NAME, NAME, student).grades
            return {grade.name: grade.score for grade in grades}
    except MissingEntry:
        return None


# ---- the engine ----


class Listener:
    """Sockets that no submission may reach: one for IP, one that only this kernel's abstract names lead to."""

    def __init__(self):
        self.reached: list[str] = []
        self.sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        self.port = self.sockets[0].getsockname()[1]
        self.sockets[1].bind(f"\0planted-by-the-corpus-{self.port}")
        self.sockets[1].listen()
        for each in self.sockets:
            threading.Thread(target=self._accept, args=[each], daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            self.reached.append(str(listening.getsockname()))
            link.close()

    def close(self) -> None:
        for each in self.sockets:
            each.close()


def fingerprint(*folders: Path) -> dict[str, str]:
    """Return a hash of every plain file and the target of every link below the folders."""
    found = {}
    for path in (path for folder in folders for path in folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink())
        elif path.is_file() and path.stat().st_size < 50_000_000:
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def planted() -> list[str]:
    """Return what the submissions planted in the places where they try it."""
    places = [
        "/",
        "/tmp",
        "/var/tmp",
        "/home",
        "/root",
        "/etc",
        "/usr/bin",
        "/dev",
        "/dev/shm",
        "/run",
        "~",
        "~/.ipython/profile_default/startup",
    ]
    places += [*sys.path, "."]
    return [str(path) for place in places for path in Path(place).expanduser().glob("*planted-by-the-corpus*")]


def run_engine(cases: Iterable[Case], folder: Path, limits: Limits = LIMITS) -> dict:
    """Grade the cases between two honest neighbours with the engine in a new course in `folder`.

    Returns:
        `cases`: by name, the state, sentences and points of each; `unearned_points`; `batch_aborts`; `wrong`: what was not as
        the cases expect; `seconds`. All of it can be written as JSON.
    """
    cases, listener = list(cases), Listener()
    course = make_course(folder / "course")
    for case in (*NEIGHBOURS, *cases):
        hand_in(case, course, port=listener.port)
    before = fingerprint(course / "source", course / "release", course / "submitted")
    assignment = read_assignment(open_course(course), NAME)
    order = [BEFORE, *(case.name for case in cases), AFTER]
    verdicts, wrong, began = {}, [], time.monotonic()
    warm = start(limits, "full", list(course.iterdir()), assignment.warm_up)
    said: list[str] = []
    try:
        verdicts = {
            verdict.student: verdict
            for verdict in Batch(assignment, limits, "full", said.append).run(warm, order, True)
        }
    finally:
        warm.stop()
        listener.close()
    seconds = time.monotonic() - began
    if listener.reached:
        wrong.append(f"a submission reached {listener.reached}")
    if fingerprint(course / "source", course / "release", course / "submitted") != before:
        wrong.append("sources, release or submissions were changed")
    wrong += [f"{path} was planted" for path in planted()]
    results = {}
    for case in (*NEIGHBOURS, *cases):
        result = {"attack": case.attack, "state": "none", "sentences": [], "points": rows(course, case.name) or {}}
        if verdict := verdicts.get(case.name):
            result |= {"state": verdict.state, "sentences": verdict.sentences, "seconds": verdict.seconds.get(NAME, {})}
        result["unearned"] = unearned(case, result["points"])
        results[case.name] = result
        wrong += [f"{case.name}: {fault}" for fault in faults(case, result, course)]
    wrong += [line for line in said if "the grader failed" in line or "could not be written" in line]
    neighbours = {case.name: results.pop(case.name) for case in NEIGHBOURS}
    return {
        "cases": results,
        "neighbours": neighbours,
        "unearned_points": sum(result["unearned"] for result in results.values()),
        "batch_aborts": sum(result["state"] == "none" for result in results.values()),
        "wrong": wrong,
        "seconds": seconds,
    }


def notebook_outputs(path: Path) -> str:
    """Return, as text, what the cells of the submission itself showed."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    theirs = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") not in ITEMS]
    return json.dumps([cell.get("outputs", []) for cell in theirs])


class Active(HTMLParser):
    """What of a page can do something by itself, or leads elsewhere."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data):
        if self.found and self.found[-1] == "<script>":
            self.found[-1] += data

    def handle_starttag(self, tag, attributes):
        if tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "base",
            "link",
            "svg",
            "math",
            "video",
            "audio",
        ):
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            leads = name in ("href", "src", "action", "srcset", "data") and not (value or "").startswith(
                ("#", "data:image/")
            )
            if leads or name.startswith("on") or (name == "http-equiv" and value.lower() == "refresh"):
                self.found.append(f"<{tag} {name}={value!r:.60}>")


def unreadable(notebook: Path) -> list[str]:
    """Return why a notebook cannot be opened, or is none; nothing where it can."""
    try:
        nbformat.validate(nbformat.read(notebook, as_version=4))
    except (ValueError, RecursionError, nbformat.ValidationError) as error:
        return [f"the autograded notebook is none: {type(error).__name__} {str(error):.200}"]
    return []


def active(page: str) -> list[str]:
    """Return the parts of an HTML page that act by themselves or lead elsewhere."""
    parser = Active()
    parser.feed(page)
    return parser.found


def faults(case: Case, result: dict, course: Path) -> list[str]:
    """Return what about the case is not as it expects: state, points, sentence, feedback page, leaks."""
    found = []
    if result["state"] not in case.states:
        found.append(f"ended as {result['state']}, expected {' or '.join(case.states)}: {result['sentences']}")
    points = {item: result["points"].get(item) for item in ITEMS}
    differing = {item: (points[item], case.expected[item]) for item in ITEMS if points[item] != case.expected[item]}
    if case.may_lose:
        differing = {item: (given, most) for item, (given, most) in differing.items() if given is None or given > most}
    if differing:
        found.append(f"points given and expected differ: {differing}")
    if any(result["points"].get(item) for item in ("memo", "sketch")):
        found.append("points for what a person marks")
    if not result["sentences"] or not all(result["sentences"]):
        found.append("no sentence for the learner")
    if case.says not in " ".join(result["sentences"]):
        found.append(f"nobody says {case.says!r}: {result['sentences']}")
    page = course / f"feedback/{case.name}/{NAME}/{NAME}.html"
    if not page.is_file():
        return [*found, "no feedback page"]
    text = page.read_text(encoding="utf-8")
    notebook = course / f"autograded/{case.name}/{NAME}/{NAME}.ipynb"
    found += unreadable(notebook) if notebook.is_file() else []
    outputs = notebook_outputs(notebook) if notebook.is_file() else ""
    if case not in NEIGHBOURS:
        found += [f"its outputs hold {secret}" for secret in SECRETS if secret in outputs]
        found += [f"the feedback holds {secret}" for secret in SECRETS if secret in text]
    found += [f"the feedback page is active: {what}" for what in active(text)]
    if len(text) > 5_000_000:
        found.append(f"a feedback page of {len(text)} characters")
    return found


# ---- stock nbgrader ----


def run_stock(cases: Iterable[Case], folder: Path, workers: int = 2) -> dict:
    """Grade the cases that are safe for it with stock nbgrader, each in a sandbox and a course of its own in `folder`, with a neighbour after it.

    Returns:
        `cases`: by name, points, exit code, and whether the neighbour kept its points; `unearned_points`; `batch_aborts`: in how
        many the neighbour, graded after, got no grade; `neighbours_hurt`: in how many it has not what it earned; `seconds`.
    """
    folder.chmod(0o755)
    course = make_course(folder / "stock")
    cases, began = [case for case in cases if case.stock], time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        results = dict(pool.map(lambda case: (case.name, _stock(case, course, folder / f"stock-{case.name}")), cases))
    return {
        "cases": results,
        "unearned_points": sum(result["unearned"] for result in results.values()),
        "batch_aborts": sum(not result["neighbour_graded"] for result in results.values()),
        "neighbours_hurt": sum(not result["neighbour_unhurt"] for result in results.values()),
        "seconds": time.monotonic() - began,
    }


def _stock(case: Case, made: Path, place: Path) -> dict:
    """Grade one case in a copy of the course, which is deleted afterwards."""
    course = place / "course"
    shutil.copytree(made, course)
    hand_in(case, course, seen=STOCK_COURSE)
    hand_in(NEIGHBOURS[1], course)
    try:
        code, words = _shut_in(course)
        points, neighbour = rows(course, case.name), rows(course, AFTER)
    except Exception as error:  # a gradebook that the case has destroyed
        code, words, points, neighbour = -1, f"the gradebook cannot be read: {error}", None, None
    finally:
        _delete(place)
    whole = {item: float(worth) for item, worth in ITEMS.items()}
    unhurt = neighbour is not None and {item: neighbour.get(item) for item in ITEMS} == whole
    return {
        "attack": case.attack,
        "points": points or {},
        "unearned": unearned(case, points or {}) + sum((points or {}).get(item) or 0 for item in ("memo", "sketch")),
        "exit": code,
        "neighbour_graded": neighbour is not None,
        "neighbour_unhurt": unhurt,
        "said": words[-500:],
    }


def _shut_in(course: Path) -> tuple[int, str]:
    """Run `nbgrader autograde` below bubblewrap, where only the course can be written; return its exit code and last words."""
    if os.getuid() == 0:  # bubblewrap's words make it nobody
        subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", str(course)], check=True)
    words = bubblewrap()
    words[words.index("--chdir") + 1] = STOCK_COURSE
    before = words.index("--proc")  # and before all is made read-only
    words[before:before] = ["--bind", str(course), STOCK_COURSE]
    words += [sys.executable, "-m", "nbgrader", "autograde", NAME, "--create"]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": os.environ["PATH"]},
            preexec_fn=_limits,
        )
        try:
            code = process.wait(STOCK_SECONDS)
        except subprocess.TimeoutExpired:
            code = -9
        finally:
            process.kill()
            process.wait()
        output.seek(max(0, output.seek(0, 2) - 4000))
        return code, output.read().decode(errors="replace")


def _limits() -> None:
    limits = {"AS": 4 << 30, "CPU": 60, "FSIZE": 100_000_000, "NPROC": 200, "CORE": 0}
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def _delete(place: Path) -> None:
    if place.is_symlink():
        raise RuntimeError(f"{place} has become a link")
    shutil.rmtree(place, ignore_errors=True)


# ---- the instructor's table ----


def table(engine: dict, stock: dict) -> str:
    """Return both as Markdown: a line for each class of attack, and the sums."""
    lines = [
        "| attack | cases | states | points not earned, engine | cases in stock | points not earned, stock | neighbour hurt, stock |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for attack in dict.fromkeys(case.attack for case in CASES.values()):
        ours = [result for result in engine["cases"].values() if result["attack"] == attack]
        theirs = [result for result in stock["cases"].values() if result["attack"] == attack]
        states = sorted({result["state"] for result in ours})
        counted = ", ".join(f"{sum(result['state'] == state for result in ours)} {state}" for state in states)
        lines.append(
            f"| {attack} | {len(ours)} | {counted} | {sum(r['unearned'] for r in ours):g} | {len(theirs)} | "
            f"{sum(r['unearned'] for r in theirs):g} | {sum(not r['neighbour_unhurt'] for r in theirs)} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.corpus", description=__doc__)
    parser.add_argument("what", choices=["engine", "stock", "table"])
    parser.add_argument("case", nargs="*")
    options = parser.parse_args()
    cases = [CASES[name] for name in options.case] or list(CASES.values())
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        place = Path(folder)
        if options.what == "engine":
            print(json.dumps(found := run_engine(cases, place), indent=1))
            return 1 if found["wrong"] else 0
        if options.what == "stock":
            print(json.dumps(run_stock(cases, place), indent=1))
        else:
            print(table(run_engine(cases, place), run_stock(cases, place)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
