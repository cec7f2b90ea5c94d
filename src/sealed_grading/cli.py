"""sealed-grading: grade an nbgrader assignment so that no submission can forge its points, or look at one beforehand."""

import argparse
import contextlib
import gc
import os
import sys
from pathlib import Path

from . import sandbox
from .sandbox import Limits, SandboxError, Zygote

# At import, jsonschema builds a grammar of web addresses if it can: a second of every start, and no notebook's schema uses it.
sys.modules.setdefault("rfc3987_syntax", None)


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when every submission has its state, 2 for wrong usage or a machine that cannot, 3 when the grader failed,
    130 when Ctrl-C has stopped it, 141 when nobody reads any more what it prints.

    `doctor` returns 0 for what can be handed in, 1 for what cannot.
    """
    parser = argparse.ArgumentParser(prog="sealed-grading", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    grading = commands.add_parser("grade", help="grade an assignment's submissions, write gradebook and feedback")
    renewing = commands.add_parser("feedback", help="write the feedback pages again, with the marks given by hand")
    for command in (grading, renewing):
        command.add_argument("assignment")
        command.add_argument("--course", type=Path, default=Path(), help="the course folder; here, when not given")
        command.add_argument(
            "--student",
            action="append",
            help="only these: a name or a pattern such as 'a*'; may be given more than once",
        )
    grading.add_argument("--again", action="store_true", help="also what was graded before and has not changed")
    grading.add_argument(
        "--dry-run", action="store_true", help="grade, write nothing, and say which scores would change"
    )
    tiers = "; ".join(f"{name}: {words}" for name, words in sandbox.TIERS.items())
    grading.add_argument("--tier", choices=sandbox.TIERS, default=sandbox.FULL, help=tiers)
    grading.add_argument("--json", action="store_true", help="the verdicts as JSON, a line each, on standard output")
    examining = commands.add_parser("doctor", help="say what grading would make of a notebook, before it is handed in")
    examining.add_argument("file", type=Path, help="the notebook, or the folder that it lies in")
    examining.add_argument(
        "--release", type=Path, help="the released assignment; looked for around the file, when not given"
    )
    options = parser.parse_args(arguments)
    begun = None
    if options.command == "grade":
        with contextlib.suppress(SandboxError):  # whatever the machine lacks is said when it is seen to be needed
            begun = Zygote(Limits(), options.tier)
    try:
        gc.disable()
        from .commands import perform  # nbgrader: a second, in which the warm parent imports pandas

        gc.freeze()  # what was imported stays, and need not be looked through for what can go
        gc.enable()
        code = perform(options, begun)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read this has read enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes at its end
        return 141
    finally:
        if begun:
            begun.stop()


if __name__ == "__main__":
    sys.exit(main())
