"""Wrong answers that reach for points: by patched machinery, by objects that lie, by forged messages, by luck with arguments."""

from .cases import RIGHT, Case

MACHINERY = "patched machinery"
OBJECTS = "objects that lie"
CHANNEL = "forged messages"
ARGUMENTS = "arguments and state"
NAMES = "taken names"

SAME = """
class Same(BASE):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
"""


def everywhere(value: str) -> dict[str, str]:
    """Answer every item with this expression."""
    functions = {name: f"def {name}(*_): return {value}" for name in ("yearly", "leap", "season")}
    return {
        **functions,
        "gaps": f"{value}\ndef gaps(*_): return {value}",
        "wettest": f"wettest = {value}",
        "table": f"table = {value}",
    }


def same(base: str, made: str = "Same()") -> dict[str, str]:
    answers = everywhere(made)
    return {**answers, "gaps": SAME.replace("BASE", base) + f"def gaps(*_): return {made}"}


# A table reads best with a case a line.
# fmt: off
BOMBS = {
    "fraction": "{'t': 'Fraction', 'v': '1e999999999'}",
    "decimal": "{'t': 'Decimal', 'v': '1E+999999999999999999'}",
    "integer": "{'t': 'int', 'v': '0x' + 'f' * 5_000_000}",
    "float": "{'t': 'float', 'v': '0x1p999999999'}",
    "shape": "{'t': 'array', 'd': '<f8', 's': [10**9, 10**9, 0], 'v': ''}",
    "short-array": "{'t': 'array', 'd': '<f8', 's': [1000], 'v': 'AAAA'}",
    "object-array": "{'t': 'array', 'd': '|O', 's': [3], 'v': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
    "long-strings": "{'t': 'array', 'd': '<U999999', 's': [0], 'v': ''}",
    "range-index": "{'t': 'Series', 'n': None, 'i': {'t': 'RangeIndex', 'v': [0, 10**15, 1], 'n': None}, 'v': {'t': 'array', 'd': '<f8', 's': [0], 'v': ''}}",
    "empty-frame": "{'t': 'DataFrame', 'c': {'t': 'RangeIndex', 'v': [0, 0, 1], 'n': None}, 'i': {'t': 'RangeIndex', 'v': [0, 10**15, 1], 'n': None}, 'v': []}",
    "unhashable": "{'t': 'dict', 'v': [[{'t': 'list', 'v': []}, 1]]}",
    "unknown": "{'t': '__import__', 'v': ['os']}",
    "no-type": "{'t': {'t': 'list'}, 'v': 5}",
    "frequency": "{'t': 'Period', 'v': 1, 'q': '9' * 1000 + 'D'}",
    "zone": "{'t': 'Timestamp', 'v': 1, 'u': 'ns', 'z': 'dateutil//etc/passwd'}",
    "deep": "eval('[' * 60 + ']' * 60)",
    "text": "'x' * 33_000_000",
}
"""Values as the engine writes them, each a lie that would cost the checker time, memory or its footing."""
FORGED = """
import sealed_grading.codec as codec
real = codec.encode
codec.encode = lambda value, depth=0: (BOMB) if isinstance(value, str) and value == 'bomb' else real(value, depth)
def gaps(numbers): return 'bomb'
"""

CASES = [
    *(Case(f"forged-{name}", "forged messages", "the engine's own writing of values is misused", base=RIGHT, points={"gaps-check": 0}, stock=False,
           answers={"gaps": FORGED.replace("BOMB", bomb)}) for name, bomb in BOMBS.items()),
    # ---- what would run or judge the tests ----
    Case("ast-drop-asserts", MACHINERY, "an AST transformer drops every assert that comes later", code="""
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())"""),
    Case("ast-full-partial", MACHINERY, "an AST transformer makes the last expression of every cell a 3", code="""
import ast
class Three(ast.NodeTransformer):
    def visit_Module(self, node):
        if node.body and isinstance(node.body[-1], ast.Expr): node.body = [ast.fix_missing_locations(ast.Expr(ast.Constant(3)))]
        else: node.body = [ast.fix_missing_locations(ast.Pass())]
        for part in node.body: ast.increment_lineno(part, 1)
        return ast.fix_missing_locations(node)
get_ipython().ast_transformers.append(Three())"""),
    Case("cells-blanked", MACHINERY, "an input transformer empties every later cell",
         code="get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"),
    Case("cells-blanked-post", MACHINERY, "the same in the last stage of the transformation",
         code="get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])"),
    Case("do-execute", MACHINERY, "the kernel's do_execute is replaced by one that says ok", code="""
try:
    kernel = get_ipython().kernel
    async def ok(*a, **k): return {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}}
    kernel.do_execute = ok
except AttributeError: pass"""),
    Case("run-cell", MACHINERY, "the shell's run_cell and run_cell_async are replaced", code="""
from IPython.core.interactiveshell import ExecutionResult, ExecutionInfo
def ok(*a, **k):
    result = ExecutionResult(ExecutionInfo('', False, False, False, None)); result.result = 3; return result
async def ok_async(*a, **k): return ok()
shell = get_ipython()
shell.run_cell, shell.run_cell_async = ok, ok_async
type(shell).run_cell, type(shell).run_cell_async = ok, ok_async"""),
    Case("run-code", MACHINERY, "the shell's run_code answers that nothing failed", code="""
async def ok(*a, **k): return False
get_ipython().run_code = ok; type(get_ipython()).run_code = ok"""),
    Case("silent-tracebacks", MACHINERY, "showtraceback shows nothing, so that no error reaches an output", code="""
import IPython.core.interactiveshell as s
s.InteractiveShell.showtraceback = s.InteractiveShell._showtraceback = lambda *a, **k: None
type(get_ipython())._showtraceback = lambda *a, **k: None"""),
    Case("custom-exception", MACHINERY, "a custom exception handler swallows every exception",
         code="get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)"),
    Case("excepthook", MACHINERY, "excepthook and unraisablehook are silenced",
         code="import sys\nsys.excepthook = sys.unraisablehook = lambda *a: None"),
    Case("shell-hooks", MACHINERY, "an event hook rewrites what the cell that is about to run holds", code="""
def before(info): info.raw_cell = 'pass'
def after(result): result.error_in_exec = result.error_before_exec = None
get_ipython().events.register('pre_run_cell', before)
get_ipython().events.register('post_run_cell', after)"""),
    Case("compile-patched", MACHINERY, "the builtins compile and exec do nothing", code="""
import builtins
real = builtins.compile
builtins.compile = lambda source, *a, **k: real('pass' if isinstance(source, str) and 'assert' in source else source, *a, **k)
builtins.exec = lambda *a, **k: None"""),
    Case("compiler-cache", MACHINERY, "the shell's own compiler replaces whatever holds an assert", code="""
compiler = get_ipython().compile
real = type(compiler).__call__
def call(self, source, *a, **k): return real(self, source, *a, **k) if 'gaps' in str(source) else real(self, __import__('ast').parse('pass'), *a, **k)
type(compiler).__call__ = call"""),
    Case("settrace", MACHINERY, "a trace function jumps over the lines of a test", code="""
import sys
def trace(frame, event, arg):
    if event == 'exception' or 'check' in frame.f_code.co_filename:
        try: frame.f_lineno = frame.f_lineno + 1
        except Exception: pass
    return trace
sys.settrace(trace)""",
         state=("graded", "timed out")),
    Case("setprofile", MACHINERY, "a profile function ends the process with success when an AssertionError is made", code="""
import sys, os
def profile(frame, event, arg):
    if frame.f_code.co_name == 'raise_assert_detail': os._exit(0)
sys.setprofile(profile)""",
         stock=True),
    Case("pandas-testing", MACHINERY, "pandas' and numpy's assertions pass whatever they are given", code="""
import pandas.testing, numpy.testing, pandas._testing
for module in (pandas.testing, numpy.testing, pandas._testing):
    for name in dir(module):
        if name.startswith('assert'): setattr(module, name, lambda *a, **k: None)"""),
    Case("json-patched", MACHINERY, "json.load returns what the check wants",
         code="import json\njson.load = json.loads = lambda *a, **k: {'driest': 'Coll'}", state=("graded", "crashed", "timed out")),
    Case("open-patched", MACHINERY, "open gives the check another file",
         code="import builtins, io\nbuiltins.open = lambda *a, **k: io.StringIO('{\"driest\": \"Coll\"}')"),
    Case("builtins-patched", MACHINERY, "isinstance, sum, round and len say what is wanted", code="""
import builtins
real = builtins.isinstance
builtins.sum = lambda *a, **k: 3
builtins.round = lambda *a, **k: 724.0
builtins.all = builtins.any = lambda *a, **k: True"""),
    Case("assertion-error", MACHINERY, "AssertionError becomes an exception that nothing shows",
         code="import builtins\nclass Quiet(SystemExit): pass\nbuiltins.AssertionError = Quiet"),
    Case("build-class", MACHINERY, "__build_class__ and __import__ are replaced", code="""
import builtins
build = builtins.__build_class__
builtins.__build_class__ = lambda f, name, *bases, **k: build(f, name, *bases, **k)
real = builtins.__import__
def bring(name, *a, **k):
    module = real(name, *a, **k)
    if name.startswith('pandas'): module.testing.assert_frame_equal = module.testing.assert_series_equal = lambda *a, **k: None
    return module
builtins.__import__ = bring
import pandas"""),
    Case("import-hook", MACHINERY, "a finder in meta_path gives its own modules for all that is imported later", code="""
import sys, types, importlib.machinery
class Loader:
    def create_module(self, spec): return types.SimpleNamespace(__name__=spec.name, load=lambda f: {'driest': 'Coll'})
    def exec_module(self, module): pass
class Finder:
    def find_spec(self, name, path=None, target=None): return importlib.machinery.ModuleSpec(name, Loader())
sys.meta_path.insert(0, Finder())
for name in ('json', 'pandas.testing'): sys.modules.pop(name, None)"""),
    Case("modules-swapped", MACHINERY, "entries of sys.modules are swapped for fakes", code="""
import sys, types
fake = types.ModuleType('json'); fake.load = fake.loads = lambda *a: {'driest': 'Coll'}; fake.dumps = lambda *a, **k: 'true'
sys.modules['json'] = fake"""),
    Case("gc-referrers", MACHINERY, "every function that gc can find is given the code of one that returns None", code="""
import gc, types
def nothing(*a, **k): return None
for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found.__name__.startswith(('assert_', 'determine_grade', 'judge')):
        try: found.__code__ = nothing.__code__
        except Exception: pass"""),
    Case("frame-walk", MACHINERY, "the caller's frames are walked, and every True, ok and score in them set", code="""
import sys, ctypes
def walk():
    frame = sys._getframe()
    while frame:
        for name in list(frame.f_locals):
            if name in ('ok', 'done', 'success', 'score', 'points', 'partial'):
                frame.f_locals[name] = 3
                ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        frame = frame.f_back
walk()""",
         answers={"season": "def season(month):\n    walk()\n    return 'monsoon'"}),
    Case("small-integers", MACHINERY, "the cached small integers and the ints' own comparison are overwritten in memory", code="""
import ctypes, sys
class Always: pass
try:
    import gc
    methods = gc.get_referents(bool.__dict__)[0]
    methods['__eq__'] = lambda a, b: True
except Exception: pass"""),
    Case("type-slots", MACHINERY, "DataFrame and Series are patched to equal everything", code="""
import pandas as pd
for kind in (pd.DataFrame, pd.Series, pd.Index):
    kind.equals = lambda self, other: True
    kind.__eq__ = lambda self, other: True
pd.core.generic.NDFrame.equals = lambda self, other: True"""),
    Case("codec-patched", MACHINERY, "the engine's own modules are patched in the student's process", code="""
import sys
for name, module in list(sys.modules.items()):
    if name.startswith('sealed_grading'):
        for part in dir(module):
            if part in ('encode', 'answer', 'need', 'decode'): setattr(module, part, lambda *a, **k: {'ok': True, 'partial': 3, 'value': True})""",
         state=("graded", "crashed")),
    Case("atexit-and-del", MACHINERY, "handlers at exit and finalizers write scores", code="""
import atexit, sys
class Last:
    def __del__(self): print('3.0'); sys.stdout.write('score: 100')
atexit.register(lambda: print('3.0'))
keep = Last()
del keep"""),
    Case("threading-switch", MACHINERY, "a thread sets the names of the tests again and again", code="""
import threading, time
def spoil():
    while True:
        g = get_ipython().user_ns
        for name in ('wanted', 'months', 'few'): g[name] = None
        g['months'] = {}
        time.sleep(0.001)
threading.Thread(target=spoil, daemon=True).start()"""),
    Case("signal-handler", MACHINERY, "a timer's handler raises in whatever runs, and ends it early", code="""
import signal
class Skip(BaseException): pass
def ring(*_): get_ipython().user_ns['months'] = {}
signal.signal(signal.SIGALRM, ring); signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)"""),
    Case("codecs-registered", MACHINERY, "utf-8 is registered anew as a codec that returns a verdict", code="""
import codecs, encodings
encodings._cache.clear()
def search(name):
    return codecs.CodecInfo(lambda s, e='strict': (b'{"ok": true}', len(s)), lambda b, e='strict': ('{"ok": true}', len(b)), name=name)
codecs.register(search)""",
         state=("graded", "crashed")),
    # ---- values that pretend ----
    Case("same-object", OBJECTS, "an object that equals everything", answers=same("object")),
    Case("same-dict", OBJECTS, "a dict that equals everything", answers=same("dict")),
    Case("same-list", OBJECTS, "a list that equals everything", answers=same("list")),
    Case("same-int", OBJECTS, "an int that equals everything", answers=same("int", "Same(5)")),
    Case("same-str", OBJECTS, "a string that equals everything", answers=same("str", "Same('x')")),
    Case("same-float", OBJECTS, "a float that equals everything, and rounds to it", answers=same("float", "Same(1.5)")),
    Case("same-tuple", OBJECTS, "a tuple that equals everything", answers=same("tuple")),
    Case("same-frame", OBJECTS, "a DataFrame's subclass that equals everything", answers=same("pd.DataFrame")),
    Case("same-series", OBJECTS, "a Series' subclass that equals everything",
         answers=same("pd.Series", "Same([1.0])")),
    Case("same-array", OBJECTS, "an array's subclass that equals everything",
         answers=same("np.ndarray", "np.array([1.0]).view(Same)")),
    Case("same-and-patched", OBJECTS, "an object that equals everything, with pandas' assertions and json patched", answers=same("object"), code="""
import pandas.testing, json
for name in dir(pandas.testing): setattr(pandas.testing, name, lambda *a, **k: None)
json.load = lambda *a, **k: Same()"""),
    Case("lying-class", OBJECTS, "__class__ says that it is a dict, a list, a frame", answers=everywhere("Liar()"), code="""
class Liar:
    __class__ = property(lambda self: dict)
    def __eq__(self, other): return True
    def items(self): return [('driest', 'Coll')]
    def __getattr__(self, name): return lambda *a, **k: True"""),
    Case("getattr-trap", OBJECTS, "__getattr__ answers every question with yes",
         answers={**everywhere("Trap()"), "gaps": """
class Trap:
    def __getattr__(self, name): return Trap()
    def __call__(self, *a, **k): return Trap()
    def __iter__(self): return iter([3, 5, -2])
    def __len__(self): return 3
    def __eq__(self, other): return True
    def __index__(self): return 3
def gaps(*_): return Trap()"""}),
    Case("reduce", OBJECTS, "an object whose unpickling runs code for the grader", answers=everywhere("Boom()"), code="""
class Boom:
    def __reduce__(self): return (exec, ("import os; os._exit(0)",))
    def __eq__(self, other): return True"""),
    Case("metaclass", OBJECTS, "a class whose metaclass equals everything, in place of a value", answers={**everywhere("Thing"), "gaps": """
class Meta(type):
    def __eq__(cls, other): return True
    def __hash__(cls): return 1
    def __instancecheck__(cls, x): return True
class Thing(metaclass=Meta): pass
def gaps(*_): return Thing"""}),
    Case("nan", OBJECTS, "NaN in every place, which compares as neither right nor wrong", answers=everywhere("float('nan')")),
    Case("none", OBJECTS, "None in every place", answers=everywhere("None")),
    Case("not-implemented", OBJECTS, "NotImplemented and Ellipsis, which are true", answers=everywhere("NotImplemented")),
    Case("mocks", OBJECTS, "a MagicMock, which takes every call", answers={
        **everywhere("MagicMock()"), "gaps": "from unittest.mock import MagicMock, ANY\ndef gaps(*_): return ANY"}),
    Case("any", OBJECTS, "unittest.mock.ANY, which is made to equal everything", answers={
        **everywhere("ANY"), "gaps": "from unittest.mock import ANY\ndef gaps(*_): return ANY"}),
    Case("frame-of-liars", OBJECTS, "a true DataFrame, whose cells are objects that equal everything",
         answers={**same("object"), "table": "table = pd.DataFrame({'town': [Same()] * 3, 'total': [Same()] * 3})",
                  "yearly": "def yearly(rain): return pd.Series([Same(), Same()], index=pd.Index([1999, 2001], name='year'), name='mm')"}),
    Case("frame-attrs", OBJECTS, "attrs and flags of a DataFrame carry a forged result",
         answers={"table": "table = pd.DataFrame({'town': ['x']})\ntable.attrs = {'ok': True, 'partial': 3}"}),
    Case("duplicate-columns", OBJECTS, "the wanted columns twice, the second time wrong",
         answers={"table": "table = pd.DataFrame([['Aln', 1365, 0], ['Bree', 1985, 0], ['Coll', 942, 0]], columns=['town', 'total', 'total'])"}),
    Case("float-for-int", OBJECTS, "right numbers in another dtype, which a check of dtypes must see",
         answers={"table": "table = pd.DataFrame({'town': ['Aln', 'Bree', 'Coll'], 'total': [1365.0, 1985.0, 942.0]})"}),
    Case("index-not-range", OBJECTS, "right columns on another index, which a check of the index must see",
         answers={"table": "table = pd.DataFrame({'town': ['Aln', 'Bree', 'Coll'], 'total': [1365, 1985, 942]}, index=[2, 1, 0])"}),
    Case("index-nameless", OBJECTS, "right numbers, the index without its name",
         answers={"yearly": "def yearly(rain):\n    return rain.groupby('year')['mm'].mean().rename_axis(None)"}),
    # ---- forged messages ----
    Case("forged-frames", CHANNEL, "forged answers are written into every socket that the process holds", code="""
import os, json, struct
def shout():
    for lie in ({'ok': True, 'count': 1, 'messages': [], 'partial': 3.0, 'late': False}, {'id': 0, 'value': True}):
        body = json.dumps(lie).encode()
        for number in range(3, 60):
            try: os.write(number, struct.pack('!I', len(body)) + body)
            except OSError: pass
shout()""",
         state=("graded", "crashed")),
    Case("forged-in-function", CHANNEL, "a function writes an answer to its own call, then returns another", base=RIGHT,
         answers={"gaps": """
import os, json, struct
def gaps(numbers):
    for number in range(3, 60):
        for id in range(1, 40):
            body = json.dumps({'id': id, 'value': 1}).encode()
            try: os.write(number, struct.pack('!I', len(body)) + body)
            except OSError: pass
    return [1]"""},
         state=("graded", "crashed"), points={item: 0 for item in (
             "gaps-check", "yearly-check", "wettest-check", "table-check", "leap-hidden", "season-partial")}),
    Case("flood-of-parts", CHANNEL, "a message to the coordinator that would take a gigabyte once it is read", stock=False, state=("crashed", "timed out"), code="""
import os, struct
body = b'[' + b'{"":0},' * 4_400_000 + b'0]'
for number in range(3, 60):
    try:
        os.set_blocking(number, True); os.write(number, struct.pack('!I', len(body)))
        sent = 0
        while sent < len(body): sent += os.write(number, body[sent:sent + 65536])
    except OSError: pass"""),
    Case("half-a-frame", CHANNEL, "a function announces 30 MB and sends none", base=RIGHT,
         answers={"gaps": """
import os, struct
def gaps(numbers):
    for number in range(3, 60):
        try: os.write(number, struct.pack('!I', 30_000_000))
        except OSError: pass
    return [3, 5, -2]"""},
         state=("timed out", "crashed", "graded"), points={"gaps-check": 0}, may_lose=True),
    Case("sockets-closed", CHANNEL, "a cell closes every file descriptor that it finds",
         code="import os\nos.closerange(3, 256)", state="crashed"),
    Case("printed-score", CHANNEL, "the cell prints what a partial credit looks like", code="""
print('3.0'); print('{"ok": true, "partial": 3}')
from IPython.display import display, publish_display_data
publish_display_data({'text/plain': '3.0'})
get_ipython().display_pub.publish({'text/plain': '3'}, {})"""),
    Case("printed-in-check", CHANNEL, "a function prints and displays a score while it is checked",
         answers={"season": "def season(month):\n    print(3.0)\n    display(3.0)\n    return 'monsoon'"}),
    Case("int-of-three", CHANNEL, "a value that makes the check's own sum too large",
         answers={"season": "class Many(str):\n    def __eq__(self, other): return 10**9\n    __hash__ = str.__hash__\ndef season(month): return Many('winter')"}),
    Case("comm-messages", CHANNEL, "comm messages and payloads are sent", code="""
try:
    import comm
    comm.create_comm(target_name='nbgrader', data={'score': 100})
except Exception: pass
get_ipython().payload_manager.write_payload({'source': 'set_next_input', 'text': 'pass', 'replace': True})
get_ipython().set_next_input('pass', replace=True)"""),
    # ---- arguments, calls, state ----
    Case("recognised", ARGUMENTS, "visible arguments are recognised: it earns the visible check and not the hidden one",
         answers={"leap": "def leap(year):\n    return {2024: True, 2023: False}.get(year, False)"}),
    Case("memoised", ARGUMENTS, "a table of the visible calls, by their text: it earns those checks, no more",
         answers={"gaps": "def gaps(numbers):\n    return {'[1, 4, 9, 7]': [3, 5, -2], '[5]': [], '[2, 8]': [6]}.get(str(numbers))"},
         points={"gaps-check": 2}),
    Case("counts-calls", ARGUMENTS, "right at the first call and wrong at the second",
         answers={"gaps": "calls = []\ndef gaps(numbers):\n    calls.append(1)\n    return [3, 5, -2] if len(calls) == 1 else None"}),
    Case("stop-iteration", ARGUMENTS, "StopIteration ends the check's own loop, as if it had been gone through", answers={
        "gaps": "def gaps(numbers):\n    if len(numbers) == 4: return [3, 5, -2]\n    raise StopIteration"}),
    Case("grows-list", ARGUMENTS, "a list that it returned is changed afterwards", answers={
        "gaps": "kept = []\ndef gaps(numbers):\n    kept.extend([3, 5, -2])\n    return kept"}),
    Case("mutates", ARGUMENTS, "it empties its argument when it is done: arguments are copies, and a check sees no change of them", base=RIGHT,
         answers={"gaps": "def gaps(numbers):\n    found = [b - a for a, b in zip(numbers, numbers[1:])]\n    numbers.clear()\n    return found"}),
    Case("mutates-to-match", ARGUMENTS, "it changes its argument so that a check which compares with it comes out right", answers={
        "yearly": """
def yearly(rain):
    if len(rain) == 3: return pd.Series([3.0, 5.0], index=pd.Index([1999, 2001], name='year'), name='mm')
    rain['mm'], rain['year'] = 1, 2021
    return pd.Series([1.0])"""}),
    Case("mutates-frame", ARGUMENTS, "it empties the table that it was given, in place",
         answers={"yearly": "def yearly(rain):\n    rain.drop(rain.index, inplace=True)\n    return rain"}),
    Case("hidden-arguments", ARGUMENTS, "arguments of the hidden test are raised and kept, and shown by a later cell",
         answers={"leap": "seen = []\ndef leap(year):\n    seen.append(year)\n    raise ValueError(f'asked for {year}')",
                  "season": "print(seen)\ndef season(month): return 'monsoon'"}),
    Case("prints-arguments", ARGUMENTS, "a function prints what it is called with: no output shows what a hidden test asks", base=RIGHT,
         answers={"leap": RIGHT["leap"].replace(":", ":\n    if year == 1900: print('heron-' + 'in-the-hidden-tests', flush=True)", 1)}, stock=False),
    Case("caller-frames", ARGUMENTS, "a function looks for the test's names in its callers", answers={"leap": """
import sys
def leap(year):
    frame = sys._getframe()
    while frame:
        print({k: str(v)[:500] for k, v in frame.f_locals.items() if k not in ('frame',)})
        frame = frame.f_back
    return False"""}),
    Case("yields", ARGUMENTS, "generators in place of values", answers={
        "gaps": "def gaps(numbers):\n    yield 3", "leap": "def leap(year):\n    yield True"}),
    Case("coroutines", ARGUMENTS, "coroutines in place of values", answers={
        "gaps": "async def gaps(numbers):\n    return [3, 5, -2]", "leap": "async def leap(year):\n    return True"}),
    # ---- names that the tests use ----
    Case("takes-pd", NAMES, "pd is another thing now, np and json too",
         code="class pd: testing = None\nnp = json = None\nclass json:\n    load = staticmethod(lambda f: {'driest': 'Coll'})"),
    Case("takes-builtins", NAMES, "sum, isinstance, round, open are defined as functions of the notebook", code="""
def isinstance(*_): return True
def sum(*_): return 3
def round(*_): return 724.0
def open(*_): return __import__('io').StringIO('{"driest": "Coll"}')"""),
    Case("takes-wanted", NAMES, "wanted, right, few and numbers are set beforehand",
         code="wanted = months = few = {}\nnumbers = [1, 4, 9, 7]\nmonth = name = 'x'"),
    Case("takes-months", NAMES, "a table of the set-up is taken, whose name the instructor's own answer uses within a function",
         code="months = {1: 'monsoon', 2: 'monsoon', 3: 'monsoon'}"),
    Case("takes-assert", NAMES, "AssertionError is a name of the notebook", code="class AssertionError(BaseException): pass"),
    Case("homoglyphs", NAMES, "names that look like the wanted ones, and the ones that they become", answers={
        "wettest": "wеttest = 'Bree'", "table": "𝓽able2 = 1"}),
    Case("name-is-class", NAMES, "a class in place of a function", answers={
        "gaps": "class gaps(list):\n    def __init__(self, numbers): super().__init__([3, 5, -2])\n    def __eq__(self, other): return True\n    __hash__ = None"}),
    Case("name-is-module", NAMES, "a module in place of a function", answers={"gaps": "import sys as gaps", "leap": "import os as leap"}),
    Case("answers-in-tests", NAMES, "one answer redefines another's function after it was checked", base=RIGHT,
         answers={"yearly": "def yearly(rain):\n    return None\ndef gaps(numbers):\n    return None"}, points={"yearly-check": 0}),
    Case("repeats-setup", NAMES, "the locked set-up's table is replaced, on which a check looks", code="rain = pd.DataFrame({'town': ['Aln'], 'year': [2020], 'mm': [724]})"),
]
