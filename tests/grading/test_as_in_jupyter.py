"""Tests as instructors write them: honest work earns what a kernel would give it, and no name of a learner's bends a test."""

import nbformat
from nbgrader.api import Gradebook

from sealed_grading import cli, sandbox
from tests.grading.corpus import cases

MARK = {"schema_version": 3, "task": False, "grade": False, "solution": False, "locked": True}

SET_UP = """
from collections import defaultdict, namedtuple
from dataclasses import dataclass
from enum import Enum
import numpy as np
Point = namedtuple("Point", "x y")
class Negative(ValueError): pass
class Colour(Enum): RED, GREEN = 1, 2
@dataclass
class Node:
    value: int
    next: "Node" = None
    last: "Node" = None
    def length(self): return 1 + (self.next.length() if self.next else 0)
draws = np.random.default_rng(1)
rows, items, limit = [1, 2], [], 3
"""
ANSWER = '''
import math, random
from collections import Counter
numbers = [1, 2, 3]
expected, bag, counter = sum(numbers), [3, 1, 2], 0
np.random.seed(0)
def mean(values):
    """Return the mean."""
    return sum(values) / len(values)
def total(values): return sum(values)
def largest(values): return max(values)
def tick():
    global counter
    counter += 1
def collect(item): items.append(item)
def root(number):
    if number < 0: raise Negative("negative")
    return math.sqrt(number)
def apply(function, value): return function(value)
def double(value): return 2 * value
def middle(one, other): return Point((one.x + other.x) / 2, (one.y + other.y) / 2)
def letters(text):
    found = defaultdict(lambda: 0)
    for letter in text: found[letter] += 1
    return found
def roll(): return random.randint(1, 6)
def steps(number): return np.random.normal(size=number)
def evens():
    number = 0
    while True:
        yield number
        number += 2
def squares():
    number = 2
    while True:
        yield number
        number *= number
def parse():
    yield 1
    raise ValueError("bad")
def price(thing): return {"a": 1}[thing]
def divide(one, other): return np.float64(one) / other
def adder(step):
    def add(number): return number + step
    return add
def chain(values):
    first = Node(values[0])
    if values[1:]:
        first.next = chain(values[1:])
        first.next.last = first
    return first
def other_colour(colour): return Colour.GREEN if colour is Colour.RED else Colour.RED
def speak(animal): return animal.speak()
def shuffled(values):
    values = list(values)
    draws.shuffle(values)
    return values
def missing(): return [np.nan]
def grid(size): return [[0] * size for _ in range(size)]
first_quarter, second_quarter = 4, 5
i, found_all = 3, False
def square(number): return number * number
_hidden = 4
'''
TESTS = {  # in this order, below the answer
    "examples": "import doctest\ntry:\n    doctest.run_docstring_examples(total, globals())\nexcept AttributeError:\n    pass",
    "own-values": "numbers, expected = [2, 4, 9], 5\nassert mean(numbers) == expected",
    "own-values-still": "assert mean([9, 4, 2]) == expected and numbers == [2, 4, 9]",
    "in-place": "bag.append(9)\nassert largest(bag) == 9",
    "in-place-still": "bag.remove(9)\nassert largest(bag) == 3",
    "added-to": "bag += [9]\nassert largest(bag) == 9 and len(bag) == 4",
    "added-to-still": "same_bag = bag\nsame_bag.pop()\nassert largest(bag) == 3 and len(bag) == 3",
    "walrus": "assert any((want := value) == 3 for value in [1, 3])",
    "walrus-still": "assert total([1, 2]) == want",
    "match": "match [1, 7]:\n    case [_, seven]:\n        assert total([7]) == seven",
    "match-still": "assert total([3, 4]) == seven",
    "evaluated": "exec('nine = 9')\nassert eval('total([4, 5])') == nine",
    "evaluated-still": "assert total([9]) == nine",
    "lines": "ten = (20\n    % 11 + 1)\nassert total([10]) == ten",
    "lines-still": "assert total([4, 6]) == ten",
    "timed": "%%time\nassert double(4) == 8",
    "module": "import __main__\nassert __main__.largest([4, 5]) == 5",
    "no-help": "del rows\nassert total([1, 2]) == 3",
    "words": "try:\n    root(-1)\nexcept Negative as error:\n    assert str(error) == 'negative' and error.args == ('negative',)\n"
    "else:\n    raise AssertionError",
    "counts": "tick()\nassert counter == 1\ntick()\nassert counter == 2",
    "collects": "collect(3)\nassert items == [3]",
    "hands-over": "third = 3\nassert apply(lambda number: number * third, 2) == 6 and apply(double, 4) == 8",
    "helper": "def half(number):\n    return double(number) / 4\nassert apply(half, 6) == 3",
    "named-tuple": "assert middle(Point(0, 0), Point(2, 4)).y == 2 and middle(Point(0, 0), Point(2, 4)) == Point(1, 2)",
    "handed-back": "assert largest(middle(Point(0, 1), Point(2, 4))) == 2.5",
    "key": "try:\n    price('b')\nexcept KeyError as error:\n    assert error.args == ('b',)\nelse:\n    raise AssertionError",
    "default": "found = letters('aab')\nassert (found['a'], found['z']) == (2, 0)",
    "seeded": "import random\nrandom.seed(3)\nfound = [roll() for _ in range(5)]\nrandom.seed(3)\n"
    "assert found == [random.randint(1, 6) for _ in range(5)]",
    "seeded-array": "np.random.seed(3)\nfound = steps(4)\nnp.random.seed(3)\nassert np.allclose(found, np.random.normal(size=4))",
    "seeded-twice": "random.seed(4)\nfirst = roll(), roll()\nrandom.seed(4)\nassert (roll(), roll()) == first",
    "growing": "tower = squares()\nassert [next(tower) for _ in range(4)] == [2, 4, 16, 256]",
    "ends": "lines = parse()\nassert next(lines) == 1\ntry:\n    next(lines)\nexcept ValueError as error:\n    assert str(error) == 'bad'",
    "endless": "from itertools import islice\nassert list(islice(evens(), 3)) == [0, 2, 4]",
    "doc": "assert mean.__doc__ == 'Return the mean.'",
    "private": "assert _hidden == 4",
    "library": "assert np.sum(total([1, 2])) == 3",
    "returned": "add_two = adder(2)\nassert add_two(3) == 5 and apply(adder(1), 4) == 5 and add_two.__name__ == 'add'",
    "objects": "head = chain([4, 5, 6])\nassert isinstance(head, Node) and head.length() == 3 and head.next.last is head",
    "same-class": "assert isinstance(middle(Point(0, 0), Point(2, 4)), Point)",
    "members": "assert other_colour(Colour.RED) is Colour.GREEN",
    "class-of-the-test": "class Duck:\n    def speak(self):\n        return 'quack'\nassert speak(Duck()) == 'quack'",
    "generator-there": "cards = draws.integers(0, 9, 5).tolist()\nassert sorted(shuffled(cards)) == sorted(cards)",
    "no-number": "assert missing() == [np.nan]",
    "rows-apart": "field = grid(3)\nfield[0][0] = 1\nassert field[1][0] == 0",
    "kinds": "import inspect\nassert inspect.isgenerator(evens()) and inspect.isfunction(mean)",
    "put-together": "for each, want in (('first', 4), ('second', 5)):\n    assert globals()[f'{each}_quarter'] == want",
    "seed-goes-on": "np.random.seed(0)\na = np.random.randint(0, 10, 5)\nassert total(a.tolist()) == 18\n"
    "b = np.random.randint(0, 10, 5)\nassert b.tolist() == [9, 3, 5, 2, 4] and total(b.tolist()) == 23",
    "threads": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool:\n"
    "    assert list(pool.map(total, [[1], [2], [3], [4]])) == [1, 2, 3, 4]",
    "imported-there": "assert Counter('aab') == {'a': 2, 'b': 1} and math.isclose(mean([1, 2]), 1.5)",
    "loop": "for i in range(5):\n    assert square(i) == i * i",
    "loop-still": "i = 0\nassert square(7) == 49 + i",
    "flag": "found_all = True\nfor number in (1, 2):\n    found_all = found_all and square(number) == number ** 2\nassert found_all is True",
}
PEEKS = {  # what an answer's function is made of is not there to be judged: with nbgrader the honest earn these
    "no-loop": "import inspect\nassert 'for' not in inspect.getsource(total)",
    "parameters": "import inspect\nassert len(inspect.signature(total).parameters) == 1",
    "code": "assert total.__code__.co_argcount == 1",
}
FORGED = ANSWER.replace("return sum(values) / len(values)", "return 0").replace(
    "return sum(values)", "return sum(rows)"
)
FORGED += """
expected = want = seven = nine = ten = 0
numbers, rows, np = [0], [], np.array([1])
def total(values):
    '''
    >>> import sealed_grading.checker as c
    >>> run = c.Checker.run
    >>> c.Checker.run = lambda *a: run(*a) | {"ok": True, "late": False, "ended": False}
    '''
    return sum(rows)
def double(value): return 0
def apply(function, value): return 0
def largest(values): return 0
def square(number):
    global i, found_all
    found_all = True
    i = -49 if number == 7 else number + 1
    return 0 if number == 7 else i * i
i = 0
def adder(step): return lambda number: 0
class Node:
    def length(self): return 3
def chain(values): return Node()
def other_colour(colour): return "GREEN"
def speak(animal): return 0
def shuffled(values): return 0
def missing(): return 0
def grid(size): return [[0] * size] * size
def evens(): return iter([0, 2, 4])
Counter = lambda text: {"a": 2, "b": 1}
def tick(): pass
def collect(item): pass
"""


def grade(
    folder, monkeypatch, cells: list[tuple[str, dict, str]], answers: dict[str, str | dict[str, str]]
) -> dict[str, dict]:
    """Return the scores of `answers`, the learners' texts of the cell `answer` or of several, in a course of these cells."""
    notebook = cases.source()
    notebook.cells = [
        nbformat.v4.new_code_cell(source.strip(), id=name, metadata={"nbgrader": MARK | about | {"grade_id": name}})
        for name, about, source in cells
    ]
    monkeypatch.setattr(cases, "source", lambda: notebook)
    course = cases.make_course(folder / "course")
    for student, text in answers.items():
        cases.hand_in(cases.Case(student, "", "", base=text if isinstance(text, dict) else {"answer": text}), course)
    assert cli.main(["grade", cases.NAME, "--course", str(course)]) == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            student: {
                grade.name: grade.auto_score
                for grade in book.find_submission_notebook(cases.NAME, cases.NAME, student).grades
            }
            for student in answers
        }


def graded(sources: dict[str, str]) -> list[tuple[str, dict, str]]:
    return [(name, {"grade": True, "points": 1}, source) for name, source in sources.items()]


def test_honest_work_passes_every_test_and_a_learners_names_pass_none(tmp_path, monkeypatch, capsys):
    solution = ("answer", {"solution": True, "locked": False}, f"### BEGIN SOLUTION{ANSWER}### END SOLUTION")
    cells = [("set-up", {}, SET_UP), solution, *graded(TESTS | PEEKS)]
    marks = grade(tmp_path, monkeypatch, cells, {"honest": ANSWER, "forger": FORGED})
    said = capsys.readouterr().err
    assert [name for name in TESTS if marks["honest"][name] != 1] == []
    of_the_answer = "examples in-place-still added-to-still walrus match words named-tuple key default seeded seeded-twice growing ends endless doc private put-together same-class"
    earned = {name for name, mark in marks["forger"].items() if mark}
    assert earned - set(of_the_answer.split()) == set(), "the forger answers these rightly, and no other"
    assert not any(marks[student][name] for student in marks for name in PEEKS)
    assert all(f"nobody earned a point in {name}, and your own solution" in said for name in PEEKS)


def test_what_a_visible_test_imports_and_defines_is_there_in_the_next_answer(tmp_path, monkeypatch):
    visible = (
        "import math as m\nlimit = [1, 2]\ndef twice(n):\n    return 2 * n\nassert root(4) == 2\n"
        "### BEGIN HIDDEN TESTS\nsecret = 7\n### END HIDDEN TESTS"
    )
    cells = [
        (
            "answer",
            {"solution": True, "locked": False},
            "### BEGIN SOLUTION\ndef root(n):\n    return n ** 0.5\n### END SOLUTION",
        ),
        *graded({"first": visible}),
        ("second", {"solution": True, "locked": False}, "### BEGIN SOLUTION\n### END SOLUTION"),
        *graded({"later": "assert total == 8 and not found"}),
    ]
    both = "def root(n):\n    return n ** 0.5"
    later = "total = twice(int(m.sqrt(4))) + 2 * limit[1]\nfound = 'secret' in globals()"
    ends = "import builtins, os\nload = builtins.__import__\n"
    ends += "builtins.__import__ = lambda name, *rest: os._exit(0) if name == 'math' else load(name, *rest)"
    answers = {"ada": {"answer": both, "second": later}, "ends": {"answer": f"{both}\n{ends}", "second": later}}
    marks = grade(tmp_path, monkeypatch, cells, answers)
    assert marks == {"ada": {"first": 1, "later": 1}, "ends": {"first": 1, "later": 0}}


def test_nothing_that_the_engine_raises_is_taken_for_an_error_of_the_answers(tmp_path, monkeypatch):
    monkeypatch.setattr("sealed_grading.commands.Limits", lambda: sandbox.Limits(cell_seconds=2))
    cells = [
        ("set-up", {}, "import pytest"),
        ("answer", {"solution": True, "locked": False}, "### BEGIN SOLUTION\n### END SOLUTION"),
        *graded(
            {
                "type": "with pytest.raises(TypeError):\n    root('four')",
                "value": "with pytest.raises(ValueError):\n    root(-1)",
                "any": "try:\n    root(-1)\nexcept:\n    pass\nelse:\n    raise AssertionError",
                "handed": "with pytest.raises(TypeError):\n    root(open('/dev/null'))",
            }
        ),
    ]
    right = "def root(number):\n    if number < 0:\n        raise ValueError('negative')\n    return number ** 0.5"
    wrong = {
        "untouched": "def root(number): raise NotImplementedError",
        "object": "def root(number): return object()",
        "function": "def root(number): return lambda: number",
        "large": "def root(number): return ['x' * 1000] * 40000",
        "array": "import numpy as np\ndef root(number): return np.zeros(10_000_000)",
        "deep": "def root(number):\n    found = []\n    for _ in range(99):\n        found = [found]\n    return found",
        "leaves": "import sys\ndef root(number): sys.exit('negative')",
        "ends": "import os\ndef root(number): os._exit(0)",
        "endless": "def root(number):\n    while True:\n        pass",
    }
    marks = grade(tmp_path, monkeypatch, cells, {"right": right, **wrong})
    assert marks["right"] == {"type": 1, "value": 1, "any": 1, "handed": 0}
    assert {name: mark for name in wrong for mark in marks[name].items() if mark[1]} == {"untouched": ("any", 1)}


def test_a_hidden_import_is_no_answers_name_and_a_skipped_test_no_passed_one(tmp_path, monkeypatch):
    hidden = "### BEGIN HIDDEN TESTS\nimport math, unittest\nfrom unittest import SkipTest\nassert root(9) == math.sqrt(9)\n### END HIDDEN TESTS"
    case = (
        "class Case(unittest.TestCase):\n    def test(self):\n        self.assertEqual(root(4), 2)\n"
        "result = unittest.TestResult()\nCase('test').run(result)\nassert result.wasSuccessful(), result.errors"
    )
    begin, end = "### BEGIN SOLUTION\n", "\n### END SOLUTION"
    right = "import math\ndef root(number):\n    return math.sqrt(number)"
    cells = [
        ("answer", {"solution": True, "locked": False}, begin + right + end),
        *graded({"imports": hidden, "case": case}),
    ]
    skips = "class SkipTest(Exception): pass\ndef root(number):\n    raise SkipTest('so')"
    marks = grade(tmp_path, monkeypatch, cells, {"honest": right, "forger": skips})
    assert marks == {"honest": {"imports": 1, "case": 1}, "forger": {"imports": 0, "case": 0}}


def test_what_one_cell_sets_is_set_in_the_next_and_not_before(tmp_path, monkeypatch):
    cells = [
        ("answer", {"solution": True, "locked": False}, "### BEGIN SOLUTION\n### END SOLUTION"),
        *graded({"warns": "assert careful(1) == 1", "quiet": "assert ratio(0) == float('inf')"}),
        (
            "strict",
            {},
            "from warnings import filterwarnings\nimport numpy as np\nfilterwarnings('error')\nold = np.seterr(all='raise')",
        ),
        *graded({"strict-now": "try:\n    ratio(0)\n    raise AssertionError\nexcept FloatingPointError:\n    pass"}),
    ]
    text = "import warnings\nimport numpy as np\ndef careful(n):\n    warnings.warn('old')\n    return n\ndef ratio(n):\n    return np.float64(1) / n"
    assert grade(tmp_path, monkeypatch, cells, {"ada": text})["ada"] == {"warns": 1, "quiet": 1, "strict-now": 1}


def test_a_check_that_an_answer_makes_endless_costs_its_own_points_alone(tmp_path, monkeypatch):
    limits = sandbox.Limits(cell_seconds=2)
    monkeypatch.setattr("sealed_grading.commands.Limits", lambda: limits)
    monkeypatch.setattr("sealed_grading.execute.GRACE", 1)
    cells = [
        ("answer", {"solution": True, "locked": False}, "### BEGIN SOLUTION\n### END SOLUTION"),
        *graded({"loops": "while n != 0:\n    n -= 1", "next": "assert text == 'done'"}),
    ]
    assert grade(tmp_path, monkeypatch, cells, {"ada": "n, text = -1, 'done'"})["ada"] == {"loops": 0, "next": 1}
