"""What can be done to an instructor's cell once for all submissions."""

import ast
import json
import marshal
import re
import warnings
import zlib
from functools import cache

from .names import bound, declared_global, loaded, plain, starred


def code_name(source: str) -> str:
    """Return a cell's file name, of ipykernel's form; its own hash, in Python, takes longer than most cells."""
    return f"/tmp/ipykernel_0/{zlib.crc32(source.encode(errors='replace'))}.py"


@cache
def for_checker(source: str) -> tuple[bytes, bytes]:
    """Return an instructor's cell as two frames: JSON with the names that it reads and binds, and its code as `_compiled` makes it."""
    about = {"source": source, "plain": plain(source)}
    for what, find in (("loads", loaded), ("binds", bound)):
        about[what] = sorted(find(source))
    about["starred"] = starred(source)
    about["global"] = declared_global(source)
    about["words"] = sorted(set(re.findall(r"\w+", source)))  # also in texts, which it may evaluate
    return json.dumps(about).encode(), _compiled(source, about["plain"])


def _compiled(source: str, plain: str) -> bytes:
    """Return the code of a cell's statements, one by one, with whether its value is shown; nothing where IPython must compile it.

    `plain` is the source as IPython transforms it.
    """
    name, found = code_name(source), []
    # Without `optimize`, a grader's own -O or PYTHONOPTIMIZE would drop what the cells assert.
    options = {"flags": ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, "dont_inherit": True, "optimize": 0}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # they are shown where the cell is run
            nodes = ast.parse(plain).body
            for node in nodes:
                if node is nodes[-1] and isinstance(node, ast.Expr):  # its value is shown
                    found.append((True, compile(ast.Interactive([node]), name, "single", **options)))
                else:
                    found.append((False, compile(ast.Module([node], []), name, "exec", **options)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""  # it is said where the cell is run
    return b"" if "__future__" in plain else marshal.dumps(found)
