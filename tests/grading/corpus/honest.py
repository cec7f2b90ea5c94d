"""Right answers in the many ways in which people write them: each earns full points."""

from .cases import RIGHT, Case

HONEST = "honest"


def honest(name: str, why: str, code: str = "", **more) -> Case:
    return Case(f"honest-{name}", HONEST, why, code, base=RIGHT, **more)


def own_cells(notebook: dict) -> None:
    """Cells of the learner's own, at the top, between and at the end."""
    cells = notebook["cells"]
    made = [
        {"cell_type": "code", "id": f"mine-{n}", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for n, text in enumerate(
            ["import math\nhelper = 41", "def step(a, b):\n    return b - a", "print(helper)", "1 / 0"]
        )
    ]
    cells.insert(0, made[0])
    cells.insert(4, made[1])
    cells[:] = [
        *cells,
        made[2],
        made[3],
        {"cell_type": "markdown", "id": "note", "metadata": {}, "source": ["# Notes\n", "mine"]},
    ]


def pasted_picture(notebook: dict) -> None:
    memo = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "memo")
    memo["source"] += "\n\n![a map](attachment:map.png)\n![lost](attachment:lost.png)"
    memo["attachments"] = {"map.png": {"image/png": PIXEL}}
    own = {"cell_type": "markdown", "id": "drawn", "metadata": {}, "source": "![mine](attachment:map.png)"}
    notebook["cells"].append({**own, "attachments": memo["attachments"]})


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


def old_outputs(notebook: dict) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "error", "ename": "NameError", "evalue": "old", "traceback": ["old"]}]


def colab(notebook: dict) -> None:
    notebook["metadata"] = {
        "colab": {"provenance": []},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell["metadata"] = {
            **cell["metadata"],
            "id": "x" + cell.pop("id", ""),
            "colab": {"base_uri": "https://localhost"},
        }
        cell["source"] = cell["source"].splitlines(keepends=True)


def windows(notebook: dict) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n") if isinstance(cell["source"], str) else cell["source"]


# A table reads best with a case a line.
# fmt: off
CASES = [
    honest("plain", "the plain right answers"),
    honest("warns", "warnings on stderr cost nothing",
           "import warnings, sys, logging\nwarnings.warn('careful')\nprint('loud', file=sys.stderr)\nlogging.warning('more')",
           answers={"yearly": "def yearly(rain):\n    import warnings\n    warnings.warn('old')\n    return rain.groupby('year')['mm'].mean()"}),
    honest("prints", "much printing, in cells and in functions", "for n in range(3000): print('line', n)",
           answers={"gaps": "def gaps(numbers):\n    print('called with', numbers)\n    return [b - a for a, b in zip(numbers, numbers[1:])]"}),
    honest("slow", "slow, and within the limit", answers={
        "gaps": "import time\ndef gaps(numbers):\n    time.sleep(0.4)\n    return [b - a for a, b in zip(numbers, numbers[1:])]"}),
    honest("threads", "threads, a pool and a queue", answers={"season": """
from concurrent.futures import ThreadPoolExecutor
names = ['winter', 'spring', 'summer', 'autumn']
def season(month):
    with ThreadPoolExecutor(2) as pool: return list(pool.map(lambda m: names[m % 12 // 3], [month]))[0]"""}),
    honest("class", "a class, whose bound methods are the functions", answers={"gaps": """
class Solver:
    def gaps(self, numbers): return [b - a for a, b in zip(numbers, numbers[1:])]
gaps = Solver().gaps""", "leap": """
class Leap:
    def __call__(self, year): return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
leap = Leap()"""}),
    honest("functional", "lambda, partial, a cache, a decorator", answers={
        "gaps": "import functools, operator\ngaps = lambda numbers: list(map(operator.sub, numbers[1:], numbers))",
        "leap": "import functools\n@functools.lru_cache\ndef leap(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)",
        "season": "def pick(names, month):\n    return names[month % 12 // 3]\nseason = functools.partial(pick, ['winter', 'spring', 'summer', 'autumn'])"}),
    honest("global-state", "a table outside the function, filled as it goes", answers={
        "season": "table_of = {}\nfor m in range(1, 13): table_of[m] = ('winter', 'spring', 'summer', 'autumn')[m % 12 // 3]\ndef season(month):\n    return table_of[month]"}),
    honest("generator", "a generator, turned into a list", answers={"gaps": """
def pairs(numbers):
    for number in range(len(numbers) - 1): yield numbers[number + 1] - numbers[number]
def gaps(numbers): return list(pairs(numbers))"""}),
    honest("numpy", "numpy's numbers in place of Python's", answers={"gaps": "def gaps(numbers):\n    return list(np.diff(numbers))",
                                                                      "wettest": "wettest = rain.groupby('town')['mm'].mean().index[1]"}),
    honest("recursive", "a recursion", answers={
        "gaps": "def gaps(n):\n    return [] if len(n) < 2 else [n[1] - n[0]] + gaps(n[1:])"}),
    honest("loops", "loops, lists and dicts in place of pandas", answers={"yearly": """
def yearly(rain):
    found = {}
    for row in rain.to_dict('records'): found.setdefault(row['year'], []).append(row['mm'])
    years = sorted(found)
    return pd.Series([sum(found[y]) / len(found[y]) for y in years], index=pd.Index(years, name='year'), name='mm')""",
        "table": "rows = []\nfor town in sorted(set(rain['town'])): rows.append({'town': town, 'total': rain.loc[rain['town'] == town, 'mm'].sum()})\ntable = pd.DataFrame(rows)"}),
    honest("pivot", "another way through pandas", answers={
        "yearly": "def yearly(rain):\n    return rain.pivot_table(index='year', values='mm')['mm']",
        "table": "table = rain.groupby('town').agg(total=('mm', 'sum')).reset_index()"}),
    honest("own-cells", "helpers in cells of one's own, one of which fails", bend=own_cells,
           answers={"gaps": "def gaps(numbers):\n    return [step(a, b) for a, b in zip(numbers, numbers[1:])]"}),
    honest("names-of-tests", "names that a test uses within an expression of its own, for what no test could be given",
           "month = name = (n for n in range(3))"),
    honest("magics", "harmless magics and displays", """%time x = sum(range(10))
%precision 3
%pwd
from IPython.display import HTML
display(rain.head(), HTML('<b>rain</b>'))
rain.describe()"""),
    honest("timed-cell", "a cell magic over an answer", answers={
        "wettest": "%%time\nwettest = rain.groupby('town')['mm'].mean().idxmax()"}),
    honest("async", "await at the top of a cell", "import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')"),
    honest("future", "from __future__, type hints, dataclasses, match", answers={"season": """from __future__ import annotations
from dataclasses import dataclass
@dataclass
class Part: name: str
def season(month: int) -> str:
    match month % 12 // 3:
        case 0: return Part('winter').name
        case 1: return Part('spring').name
        case 2: return Part('summer').name
        case _: return Part('autumn').name"""}),
    honest("words", "names and comments in other scripts", "größe = '雨'  # الأمطار\nprint(größe)", answers={
        "memo": "我会搬到 Bree. 🌧️ <b>bold</b> & $x^2$"}),
    honest("shadows", "a builtin's name taken for something else", "list_ = 1\nsum = 5\nmax = None\nfile = 'x'"),
    honest("constants", "the value written down rather than computed", answers={
        "wettest": "wettest = 'Bree'", "table": "table = pd.DataFrame({'town': ['Aln', 'Bree', 'Coll'], 'total': [1365, 1985, 942]})"}),
    honest("late-definition", "a helper that is defined in a later cell than the function that calls it, before its check", answers={
        "leap": "def leap(year): return by_four(year) and (year % 100 != 0 or by_four(year // 100))\ndef by_four(n): return n % 4 == 0"}),
    honest("tries", "an error that is caught, and one that is not, after the answer", answers={
        "wettest": "try: 1 / 0\nexcept ZeroDivisionError: pass\nwettest = 'Bree'\nraise ValueError('left over')"}),
    honest("changes-copy", "the handed-out table is changed in place, after a copy", "rain = rain.copy()\nrain['wet'] = rain['mm'] > 600"),
    honest("picture", "a picture pasted into the memo, one that was lost, and one in a cell below the task", bend=pasted_picture),
    honest("old-outputs", "outputs of an earlier, failing run are in the file", bend=old_outputs),
    honest("colab", "saved by Colab: sources as lists, no ids, its own metadata", bend=colab),
    honest("windows", "saved with Windows' line ends", bend=windows),
    honest("extra-files", "a picture and notes beside the notebook",
           place=lambda folder: [(folder / "notes.txt").write_text("x"), (folder / "map.png").write_bytes(b"\x89PNG")]),
    honest("checkpoints", "the folder that JupyterLab leaves behind",
           place=lambda folder: [(folder / ".ipynb_checkpoints").mkdir(), (folder / ".ipynb_checkpoints/probe-checkpoint.ipynb").write_text("{}")]),
    honest("captures", "output is caught, by hand and by IPython", """import io, sys, contextlib
with contextlib.redirect_stdout(io.StringIO()) as caught: print('x')
keep, sys.stdout = sys.stdout, io.StringIO()
print('y')
sys.stdout = keep
with __import__('IPython').utils.capture.capture_output() as out: print('z'); display(1)"""),
    honest("spaced-json", "the answer's file with other spaces", answers={"answer.json": '\n{\n  "driest" :\t"Coll"\n}\n'}),
]
