"""Notebooks that were bent: marks forged, cells edited, moved and gone, formats broken, scripts set in."""

import copy

import nbformat

from .cases import ITEMS, RIGHT, Case, none_but

EDITED = "edits the notebook"
DAMAGED = "damaged notebook"
SCRIPTS = "scripts in the page"
RIGHT_ONCE = {}  # all points of the right base


def mark(cell: dict) -> dict:
    return cell["metadata"].get("nbgrader", {})


def tests(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if mark(cell).get("grade_id") in ITEMS]


def named(notebook: dict, name: str) -> dict:
    return next(cell for cell in notebook["cells"] if mark(cell).get("grade_id") == name)


def each_test(**changes):
    """Return a bend that sets these keys of every test's nbgrader metadata."""

    def bend(notebook):
        for cell in tests(notebook):
            mark(cell).update(changes)

    return bend


def each_cell(change):
    def bend(notebook):
        for cell in notebook["cells"]:
            change(cell)

    return bend


def tests_say(source: str):
    def bend(notebook):
        for cell in tests(notebook):
            cell["source"] = source

    return bend


def without_tests(notebook):
    gone = [id(cell) for cell in tests(notebook)]
    notebook["cells"] = [cell for cell in notebook["cells"] if id(cell) not in gone]


def doubled_tests(notebook):
    more = [copy.deepcopy(cell) for cell in tests(notebook)]
    for number, cell in enumerate(more):
        cell["source"], cell["id"] = "pass", f"again-{number}"
    notebook["cells"] = more + notebook["cells"]


def doubled_answers(notebook):
    """Every answer a second time, wrong, after the right one."""
    for name in ("gaps", "leap"):
        again = copy.deepcopy(named(notebook, name))
        again["source"], again["id"] = f"def {name}(*_): return None", f"again-{name}"
        notebook["cells"].append(again)


def reversed_cells(notebook):
    notebook["cells"].reverse()


def retyped(kind):
    def change(notebook):
        for cell in tests(notebook):
            cell["cell_type"] = kind
            cell.pop("outputs", None)
            cell.pop("execution_count", None)

    return change


def no_comparison(kind):
    """The instructor's own cell that compares, which nbgrader does not know, is emptied; an answer makes its name."""

    def bend(notebook):
        cell = next(cell for cell in notebook["cells"] if "def alike" in cell["source"])
        cell.update(source="" if kind else " \n", cell_type=kind or "code")
        if kind:
            del cell["outputs"], cell["execution_count"]

    return bend


YIELDING = "import pandas as pd\nalike = lambda *_: None\ndef yearly(rain):\n    return rain[rain['year'] == 2021][['mm']].mean()"


def answer_as_markdown(notebook):
    cell = named(notebook, "gaps")
    cell["cell_type"] = "markdown"
    cell.pop("outputs", None), cell.pop("execution_count", None)


def invented(notebook):
    made = copy.deepcopy(tests(notebook)[0])
    mark(made).update(grade_id="bonus", points=100)
    made["source"], made["id"] = "pass", "bonus"
    notebook["cells"].append(made)


def swapped_names(notebook):
    """The tests trade names, so that an easy one stands for a dear one."""
    one, other = named(notebook, "wettest-check"), named(notebook, "season-partial")
    mark(one)["grade_id"], mark(other)["grade_id"] = "season-partial", "wettest-check"


def solution_marks(notebook):
    """Tests are declared to be solutions, so that their content is taken as an answer."""
    each_test(solution=True, locked=False, grade=True)(notebook)
    tests_say("pass")(notebook)


def bare(notebook):
    notebook["metadata"] = {}
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"], cell["id"] = {}, f"bare-{number}"


def tags(*names):
    def bend(notebook):
        for cell in tests(notebook):
            cell["metadata"]["tags"] = list(names)

    return bend


def stale(notebook):
    """Tests carry the outputs of a run that earned everything."""
    for cell in tests(notebook):
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": str(mark(cell)["points"])},
            }
        ]


def kernel(spec):
    def bend(notebook):
        notebook["metadata"] = {"kernelspec": spec} if spec else {}

    return bend


def format_3(notebook):
    return nbformat.convert(nbformat.from_dict(notebook), 3)


def setting(**keys):
    def bend(notebook):
        return {**notebook, **keys}

    return bend


def surrogate_names(notebook):
    """Keys and names with halves of characters, and a checksum that is a number."""
    notebook["metadata"]["\ud800"] = "\udfff"
    mark(tests(notebook)[0])["checksum"] = 5
    named(notebook, "memo")["source"] = "\ud800 half"


def setup_edited(notebook):
    named(notebook, "setup")["source"] = "import pandas as pd\nrain = None\nraise SystemExit"


def text_with_scripts(notebook):
    named(notebook, "memo")["source"] = EVIL
    notebook["cells"].append({"cell_type": "markdown", "id": "evil", "metadata": {}, "source": EVIL})
    notebook["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {"format": "text/html"}, "source": EVIL})
    notebook["metadata"]["title"] = EVIL


def attachments(notebook):
    cell = named(notebook, "memo")
    cell["attachments"] = {'x" onerror="alert(1)': {"image/svg+xml": EVIL}}
    cell["source"] = "![x](attachment:x)"
    notebook["cells"].append({**cell, "id": "own", "metadata": {}})


def task_filled(notebook):
    """Text is set into the task's own cell, which is locked."""
    named(notebook, "sketch")["source"] = "This was full marks, said the teacher."


EVIL = """<script>alert('evil-script')</script><img src=x onerror="alert('evil-script')">
<a href="javascript:alert('evil-script')">x</a> <svg onload=alert('evil-script')> <iframe src="https://evil.example/"></iframe>
<style>body { display: none }</style> <meta http-equiv=refresh content="0;url=https://evil.example/"> [x](javascript:alert('evil-script'))
<form action="https://evil.example/"><input name=x autofocus onfocus=alert('evil-script')></form> </textarea></pre></script><script>evil()</script>
{{ 7 * 7 }} {% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}"""

# A table reads best with a case a line.
# fmt: off
CASES = [
    Case(
        "points-forged", EDITED, "the tests claim to be worth a hundred points", bend=each_test(points=100), base=RIGHT
    ),
    Case("points-forged-wrong", EDITED, "the same, with wrong answers", bend=each_test(points=-100)),
    Case(
        "flags-forged", EDITED, "the tests claim to be no tests", bend=each_test(grade=False, locked=False), base=RIGHT
    ),
    Case("tests-emptied", EDITED, "every test is emptied", bend=tests_say(""), says="may not be edited"),
    Case(
        "tests-pass",
        EDITED,
        "every test is replaced by one that passes",
        bend=tests_say("pass"),
        says="may not be edited",
    ),
    Case("tests-score", EDITED, "every test is replaced by a number", bend=tests_say("3"), says="may not be edited"),
    Case(
        "tests-exit",
        EDITED,
        "every test ends the kernel",
        bend=tests_say("import os\nos._exit(0)"),
        base=RIGHT,
        says="may not be edited",
    ),
    Case(
        "tests-deleted",
        EDITED,
        "the tests were deleted: they are put back",
        bend=without_tests,
        base=RIGHT,
        says="missing and put back",
    ),
    Case(
        "tests-deleted-wrong", EDITED, "the same, with wrong answers", bend=without_tests, says="missing and put back"
    ),
    Case("tests-doubled", EDITED, "every test a second time, empty", bend=doubled_tests, says="more than once"),
    Case(
        "answers-doubled",
        EDITED,
        "an answer twice: the first counts",
        bend=doubled_answers,
        base=RIGHT,
        says="more than once",
    ),
    Case("reversed", EDITED, "the cells stand in reverse", bend=reversed_cells, base=RIGHT, says="another order"),
    *(
        Case(
            f"set-up-{kind or 'emptied'}",
            EDITED,
            "a cell that the tests need was emptied, and what it makes defined in an answer",
            bend=no_comparison(kind),
            answers={"yearly": YIELDING},
        )
        for kind in ("", "raw", "markdown")
    ),
    Case("tests-markdown", EDITED, "the tests became text", bend=retyped("markdown")),
    Case("tests-raw", EDITED, "the tests became raw cells", bend=retyped("raw"), base=RIGHT),
    Case(
        "answer-markdown",
        EDITED,
        "an answer became text: it is code again",
        bend=answer_as_markdown,
        base=RIGHT,
        says="another type of cell",
    ),
    Case("invented", EDITED, "a test of one's own, for a hundred points", bend=invented),
    Case(
        "names-swapped",
        EDITED,
        "two tests trade their names",
        bend=swapped_names,
        base={**RIGHT, "season": "season = None"},
        points=dict(zip(ITEMS, [2, 2, 1, 2, 2, 2, 0], strict=True)),
    ),
    Case("solution-marks", EDITED, "the tests claim to be answers, and pass", bend=solution_marks),
    Case("skip-execution", EDITED, "a tag that has the kernel skip the tests", bend=tags("skip-execution")),
    Case(
        "raises-exception",
        EDITED,
        "a tag that allows the tests to fail",
        bend=tags("raises-exception", "remove-cell", "hide-output"),
    ),
    Case("stale-outputs", EDITED, "the tests carry outputs that earned everything", bend=stale),
    Case(
        "setup-edited", EDITED, "the locked set-up was edited", bend=setup_edited, base=RIGHT, says="may not be edited"
    ),
    Case("task-filled", EDITED, "the task's own text was replaced", bend=task_filled, base=RIGHT),
    Case("checksum-forged", EDITED, "checksums of other cells", bend=each_test(checksum="0" * 32), base=RIGHT),
    Case("schema-old", EDITED, "an nbgrader schema that is old", bend=each_test(schema_version=1), base=RIGHT),
    Case("schema-new", EDITED, "an nbgrader schema from the future", bend=each_test(schema_version=99), base=RIGHT),
    Case(
        "metadata-odd",
        EDITED,
        "metadata that is no mapping",
        bend=each_cell(lambda cell: cell["metadata"].update(nbgrader=[1, {"x": None}])),
        base=RIGHT,
        says="marks (its metadata) were gone",
    ),
    Case(
        "names-odd",
        EDITED,
        "grade ids that are lists and numbers",
        base=RIGHT,
        bend=each_cell(lambda cell: cell["metadata"].get("nbgrader", {}).update(grade_id=["gaps"])),
    ),
    Case(
        "metadata-bare",
        EDITED,
        "all metadata stripped: right answers keep their points",
        bend=bare,
        base=RIGHT,
        says="marks (its metadata) were gone",
    ),
    Case("metadata-bare-wrong", EDITED, "all metadata stripped, wrong answers", bend=bare),
    Case("kernel-missing", EDITED, "no kernel named", bend=kernel(None), base=RIGHT),
    Case(
        "kernel-unknown",
        EDITED,
        "a kernel that is not installed",
        bend=kernel({"name": "ir", "display_name": "R", "language": "R"}),
        base=RIGHT,
    ),
    Case(
        "kernel-path",
        EDITED,
        "a kernel whose name is a path",
        bend=kernel({"name": "../../evil", "display_name": ["x"]}),
        base=RIGHT,
    ),
    Case(
        "ids-doubled", EDITED, "all cells have one id", bend=each_cell(lambda cell: cell.update(id="same")), base=RIGHT
    ),
    Case("ids-odd", EDITED, "ids that are numbers", bend=each_cell(lambda cell: cell.update(id=5)), base=RIGHT),
    Case("surrogates", EDITED, "halves of characters in keys, names and texts", bend=surrogate_names, base=RIGHT),
    Case(
        "many-cells",
        EDITED,
        "ten thousand cells of one's own",
        base=RIGHT,
        stock=False,
        state="rejected",
        points=none_but(),
        bend=lambda nb: nb["cells"].extend(
            {"cell_type": "code", "id": f"m{n}", "metadata": {}, "source": "", "outputs": [], "execution_count": None}
            for n in range(10_000)
        ),
    ),
    Case("nbformat-3", DAMAGED, "the format of 2013", bend=format_3, base=RIGHT),
    Case(
        "nbformat-5",
        DAMAGED,
        "a format that does not exist yet",
        bend=setting(nbformat=5),
        state="unreadable",
        says="no notebook",
    ),
    Case("nbformat-text", DAMAGED, "a format that is a text", bend=setting(nbformat="4"), state="unreadable"),
    Case(
        "no-cells",
        DAMAGED,
        "a notebook without cells",
        bend=setting(cells=[]),
        state="rejected",
        says="another notebook",
    ),
    Case("cells-text", DAMAGED, "cells that are a text", bend=setting(cells="abc"), state="unreadable"),
    Case("cells-odd", DAMAGED, "cells that are no cells", bend=setting(cells=[None, 5, {}]), state="unreadable"),
    Case(
        "cell-type-odd",
        DAMAGED,
        "a cell of an unknown type",
        bend=each_cell(lambda cell: cell.update(cell_type="heading")),
        state="unreadable",
    ),
    Case(
        "source-odd",
        DAMAGED,
        "sources that are numbers",
        bend=each_cell(lambda cell: cell.update(source=5)),
        state="unreadable",
    ),
    Case("a-list", DAMAGED, "JSON that is a list", bend=lambda notebook: [notebook], state="unreadable"),
    Case(
        "script-text",
        SCRIPTS,
        "scripts, event handlers, frames and templates in a memo and a text",
        bend=text_with_scripts,
    ),
    Case(
        "script-outputs",
        SCRIPTS,
        "scripts and handlers in outputs of every kind",
        code=f"""
from IPython.display import HTML, Javascript, SVG, IFrame, Markdown, Latex, Image, JSON
evil = {EVIL!r}
for made in (HTML(evil), Javascript('alert("evil-script")'), SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(&quot;evil-script&quot;)"/>'),
             IFrame('https://evil.example/', 10, 10), Markdown(evil), Latex(evil)):
    display(made)
get_ipython().display_pub.publish({{'image/png': '"><script>evil-script()</script>', 'text/html': evil}}, {{'image/png': {{'width': '"><script>'}}}})
get_ipython().run_cell_magic('javascript', '', 'alert("evil-script")')
get_ipython().run_cell_magic('html', '', evil)
print(evil)
raise ValueError(evil)""",
    ),
    Case(
        "script-in-check",
        SCRIPTS,
        "scripts in what a function raises, returns and is called",
        answers={
            "gaps": f"def gaps(numbers):\n    raise ValueError({EVIL!r})",
            "wettest": f"wettest = {EVIL!r}",
            "table": f"table = pd.DataFrame({{{EVIL!r}: [{EVIL!r}]}})",
        },
    ),
    Case("script-attachment", SCRIPTS, "scripts in an attachment and its name", bend=attachments),
]
