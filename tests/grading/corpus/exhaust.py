"""Code that uses up what it is given, or ends what runs it."""

from .cases import RIGHT, Case, none_but

LIMITS = "time, memory, disk"
PROCESSES = "ends processes"
OUTPUT = "output and exceptions"
LEFT = none_but(file_check=2)  # a check that asks the notebook's process nothing
ENDED = "ended the process"

# A table reads best with a case a line.
# fmt: off
CASES = [
    Case("endless", LIMITS, "an endless loop is stopped, and the rest is graded", base=RIGHT, state="timed out",
         says="took longer", answers={"gaps": "while True: pass"}, points={"gaps-check": 0}),
    Case("endless-stubborn", LIMITS, "an endless loop that swallows every exception", base=RIGHT, state="timed out", says="took longer",
         answers={"wettest": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass"},
         points=none_but(gaps_check=2, yearly_check=2, file_check=2)),
    Case("endless-in-c", LIMITS, "an endless computation in C, which no signal handler interrupts", base=RIGHT, state="timed out",
         answers={"gaps": "import itertools\nsum(itertools.repeat(0))"}, points=LEFT),
    Case("endless-in-check", LIMITS, "a function that never returns", base=RIGHT, state="timed out", says="which did not end",
         answers={"gaps": "def gaps(numbers):\n    while True: pass"}, points={"gaps-check": 0}),
    Case("endless-in-check-stubborn", LIMITS, "a function that never returns, and hears no signal", base=RIGHT, state="timed out", says="which did not end",
         answers={"gaps": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ndef gaps(numbers):\n    while True: pass"}, points=LEFT),
    Case("slow-in-each", LIMITS, "every function sleeps for too long", base=RIGHT, state="timed out", points=none_but(file_check=2, wettest_check=1, table_check=2),
         answers={name: f"import time\ndef {name}(_): time.sleep(1000)" for name in ("gaps", "yearly", "leap", "season")}),
    Case("sleeps-in-each", LIMITS, "a sleep in each cell", state="timed out", says="took longer",
         answers={name: "import time\ntime.sleep(1000)" for name in ("gaps", "yearly", "wettest", "table", "leap", "season")}),
    Case("regex", LIMITS, "a regular expression that takes for ever", base=RIGHT, state="timed out",
         answers={"gaps": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')"}, points={"gaps-check": 0}),
    Case("fork-bomb", LIMITS, "a fork bomb", code="import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
         state=("timed out", "crashed", "graded"), stock=False),
    Case("thread-bomb", LIMITS, "threads until there are no more", base=RIGHT, stock=False,
         answers={"gaps": "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()"},
         points={"gaps-check": 0}),
    Case("memory-bomb", LIMITS, "a list that grows for ever", base=RIGHT, stock=False, state=("graded", "out of memory", "crashed", "timed out"),
         answers={"season": "x = []\nwhile True: x.append(b'x' * (1 << 24) + bytes(len(x)))"}, points={"season-partial": 0}),
    Case("memory-at-once", LIMITS, "40 GB at once", base=RIGHT, answers={"gaps": "x = bytearray(40 << 30)"}, points={"gaps-check": 0}),
    Case("disk-fill", LIMITS, "files until the disk is full", base=RIGHT, stock=False, answers={"gaps": """
for place in ('.', '/tmp', '/dev/shm'):
    for number in range(1000):
        with open(f'{place}/fill-{number}', 'wb') as file: file.write(b'x' * 20_000_000)"""}, points={"gaps-check": 0}),
    Case("big-file", LIMITS, "one file of 10 GB", base=RIGHT, stock=False, answers={"gaps": """
with open('big', 'wb') as file:
    while True: file.write(b'x' * 10_000_000)"""}, points={"gaps-check": 0}),
    Case("descriptors", LIMITS, "every file descriptor that there is", base=RIGHT,
         answers={"gaps": "import os\nkept = []\nwhile True: kept.append(os.open('/dev/null', os.O_RDONLY))"}, points={"gaps-check": 0}),
    Case("many-files", LIMITS, "twenty thousand empty files", base=RIGHT, stock=False, state=("graded", "timed out"),
         code="import os\nos.makedirs('many', exist_ok=True)\nfor n in range(20_000): os.close(os.open(f'many/{n}', os.O_CREAT))"),
    Case("deep-recursion", LIMITS, "recursion without end, with the limit lifted", base=RIGHT, state=("graded", "crashed", "timed out"), stock=False,
         answers={"season": "import sys\nsys.setrecursionlimit(10**9)\ndef season(month): return season(month)"}, points={"season-partial": 0}),
    Case("huge-list", LIMITS, "a function returns ten million numbers: too much to check, and no other item's loss", base=RIGHT, stock=False, state=("graded", "timed out"),
         answers={"gaps": "def gaps(numbers):\n    return list(range(10_000_000))"}, points={"gaps-check": 0}),
    Case("huge-list-value", LIMITS, "a list of ten million numbers where a name is wanted", base=RIGHT, stock=False,
         answers={"wettest": "wettest = list(range(10_000_000))"}, points={"wettest-check": 0}),
    Case("huge-frame", LIMITS, "a table of 12 million cells", base=RIGHT, stock=False, state=("graded", "timed out"),
         answers={"table": "table = pd.DataFrame(np.zeros((1_500_000, 8)))"}, points={"table-check": 0}),
    Case("huge-string", LIMITS, "a string of 30 MB where a name is wanted", base=RIGHT,
         answers={"wettest": "wettest = 'Bree' * 7_000_000"}, points={"wettest-check": 0}),
    Case("huge-integer", LIMITS, "an integer of a million digits", base=RIGHT,
         answers={"gaps": "def gaps(numbers):\n    return 1 << 4_000_000"}, points={"gaps-check": 0}),
    Case("huge-range", LIMITS, "a range of 10**18 in place of a list", base=RIGHT,
         answers={"gaps": "def gaps(numbers):\n    return range(10**18)"}, points={"gaps-check": 0}),
    Case("nested-deep", LIMITS, "a list nested a hundred thousand deep", base=RIGHT, stock=False, answers={"gaps": """
def gaps(numbers):
    found = []
    for _ in range(100_000): found = [found]
    return found"""}, points={"gaps-check": 0}),
    Case("nested-in-itself", LIMITS, "a list that holds itself", base=RIGHT,
         answers={"gaps": "def gaps(numbers):\n    found = []\n    found.append(found)\n    return found"}, points={"gaps-check": 0}),
    Case("fraction-bomb", LIMITS, "a number whose text is short and whose value is not", base=RIGHT,
         answers={"gaps": "from decimal import Decimal\ndef gaps(numbers):\n    return Decimal('1E+999999999')"}, points={"gaps-check": 0}),
    Case("endless-iterator", LIMITS, "a list's subclass whose iteration never ends", base=RIGHT, state=("timed out", "graded"),
         answers={"season": "class Endless(dict):\n    def items(self):\n        while True: yield 1, 1\ndef season(month): return Endless()"},
         points={"season-partial": 0}),
    # ---- ends what runs it ----
    Case("os-exit", PROCESSES, "os._exit: what came before is graded", base=RIGHT, state="crashed", says=ENDED,
         answers={"wettest": "import os\nos._exit(0)"}, points=none_but(gaps_check=2, yearly_check=2, file_check=2)),
    Case("os-exit-in-check", PROCESSES, "os._exit in a function, with success", base=RIGHT,
         answers={"gaps": "import os\ndef gaps(numbers):\n    os._exit(0)"}, state=("crashed", "graded"), points=LEFT),
    Case("system-exit", PROCESSES, "raise SystemExit at the top, sys.exit in a function", base=RIGHT,
         answers={"gaps": "import sys\ndef gaps(numbers):\n    sys.exit(0)\nraise SystemExit(0)"}, points={"gaps-check": 0}),
    Case("quit", PROCESSES, "quit(), exit and the shell's own ways out", base=RIGHT,
         answers={"season": RIGHT["season"] + "\nget_ipython().exit_now = True\nquit()\nexit()\nget_ipython().ask_exit()"}),
    Case("keyboard-interrupt", PROCESSES, "KeyboardInterrupt and GeneratorExit raised by an answer", base=RIGHT,
         answers={"gaps": "def gaps(numbers):\n    raise KeyboardInterrupt", "leap": "def leap(year):\n    raise GeneratorExit"},
         points={"gaps-check": 0, "leap-hidden": 0}),
    Case("kernel-shutdown", PROCESSES, "the kernel is asked to shut down", code="""
try: get_ipython().kernel.do_shutdown(False)
except Exception: pass
try:
    from IPython import Application
    Application.instance().exit(0)
except BaseException: pass"""),
    Case("segfault", PROCESSES, "a segmentation fault", base=RIGHT, state="crashed", says=ENDED,
         answers={"table": "import ctypes\nctypes.string_at(0)"},
         points=none_but(gaps_check=2, yearly_check=2, wettest_check=1, file_check=2)),
    Case("abort", PROCESSES, "os.abort", base=RIGHT, state="crashed", says=ENDED,
         answers={"season": "import os\nos.abort()"}, points={"season-partial": 0}),
    Case("kill-parent", PROCESSES, "the parent process is killed", code="import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
         state=("graded", "crashed")),
    Case("kill-all", PROCESSES, "every process that can be seen is killed", code="import os, signal\nos.kill(-1, signal.SIGKILL)",
         state=("graded", "crashed")),
    Case("kill-group", PROCESSES, "the own process group is killed", code="import os, signal\nos.killpg(0, signal.SIGKILL)",
         state=("graded", "crashed")),
    Case("kill-by-number", PROCESSES, "processes are killed by their numbers, thousands of them", code="""
import os, signal
for number in range(2, 33000):
    try: os.kill(number, signal.SIGKILL)
    except OSError: pass""", state=("graded", "crashed")),
    Case("stop-itself", PROCESSES, "the process stops itself, and is never continued", base=RIGHT,
         code="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", state=("graded", "timed out"), points={}),
    Case("signals-ignored", PROCESSES, "every signal is ignored, then an endless loop", base=RIGHT, state="timed out", answers={"season": """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass"""}, points={"season-partial": 0}),
    Case("daemon", PROCESSES, "a process that lives on in a session of its own", code="""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)"""),
    Case("fork-in-cell", PROCESSES, "a forked copy goes on as if it were the notebook", base=RIGHT, code="import os\nos.fork()"),
    Case("fork-in-function", PROCESSES, "a function forks, and both return", base=RIGHT,
         answers={"gaps": "import os\ndef gaps(numbers):\n    os.fork()\n    return [b - a for a, b in zip(numbers, numbers[1:])]"}),
    Case("subprocesses", PROCESSES, "multiprocessing and subprocess, used as one should", base=RIGHT, code="""
import subprocess, multiprocessing, sys
print(subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True, text=True).stdout)
with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]))"""),
    Case("exec", PROCESSES, "the process becomes another program", base=RIGHT, state="crashed",
         answers={"season": "import os\nos.execv('/bin/true', ['true'])"}, points={"season-partial": 0}),
    # ---- output ----
    Case("output-200-mb", OUTPUT, "200 MB of output through print", base=RIGHT, stock=False,
         code="for n in range(200): print('x' * 1_000_000)"),
    Case("output-descriptor", OUTPUT, "a flood through file descriptor 1, past Python", base=RIGHT, stock=False, code="""
import os
for n in range(3000):
    try: os.write(1, b'x' * 100_000)
    except OSError: break"""),
    Case("many-displays", OUTPUT, "five thousand displays", base=RIGHT, stock=False, state=("graded", "timed out"),
         code="for n in range(5_000): display(n)"),
    Case("output-odd", OUTPUT, "NULs, escape codes, halves of characters, bytes that are no text", base=RIGHT, code="""
import os, sys
print('\\x00\\x1b[2J\\x1b]0;title\\x07\\ud800 \\u202e')
os.write(1, bytes(range(256)))
sys.stderr.write('\\udfff')"""),
    Case("long-message", OUTPUT, "an exception with a message of 40 MB", base=RIGHT,
         answers={"gaps": "raise ValueError('x' * 40_000_000)"}, points={"gaps-check": 0}),
    Case("long-message-in-check", OUTPUT, "a function raises with a message of 40 MB", base=RIGHT,
         answers={"gaps": "def gaps(numbers):\n    raise ValueError('x' * 40_000_000)"}, points={"gaps-check": 0}),
    Case("long-difference", OUTPUT, "a comparison whose message would hold 30 MB twice", base=RIGHT,
         answers={"table": "table = pd.DataFrame({'town': ['x' * 9_000_000] * 3, 'total': [1, 2, 3]})"}, points={"table-check": 0}),
    Case("str-raises", OUTPUT, "an exception whose text and repr raise", base=RIGHT, answers={"gaps": """
class Odd(Exception):
    def __str__(self): raise self
    __repr__ = __str__
def gaps(numbers): raise Odd
raise Odd"""}, points={"gaps-check": 0}),
    Case("str-loops", OUTPUT, "an exception whose text never comes", base=RIGHT, state="timed out", answers={"gaps": """
class Slow(Exception):
    def __str__(self):
        while True: pass
def gaps(numbers): raise Slow"""}, points={"gaps-check": 0}),
    Case("repr-exits", OUTPUT, "a value whose repr ends the process", base=RIGHT, state="crashed", answers={"season": """
import os
class Exit:
    def __repr__(self): os._exit(0)
Exit()"""}, points={"season-partial": 0}),
    Case("chained-errors", OUTPUT, "an exception with ten thousand causes", base=RIGHT, state=("graded", "timed out"), answers={"season": """
def season(month):
    error = ValueError()
    for n in range(10_000):
        new = ValueError(n); new.__cause__ = error; error = new
    raise error
season(1)"""}, points={"season-partial": 0}),
    Case("group-of-errors", OUTPUT, "an ExceptionGroup, nested", base=RIGHT, answers={"gaps": """
def gaps(numbers):
    error = ValueError('x')
    for n in range(50): error = ExceptionGroup('g', [error])
    raise error"""}, points={"gaps-check": 0}),
    Case("unicode-error", OUTPUT, "exceptions whose classes want more than words", base=RIGHT, answers={
        "gaps": "def gaps(numbers):\n    return b'\\xff'.decode()", "leap": "def leap(year):\n    raise OSError(2, 'no', 'file')"},
         points={"gaps-check": 0, "leap-hidden": 0}),
    Case("deep-display", OUTPUT, "JSON nested so deep that programs which read notebooks give up", base=RIGHT, code="""
deep = 1
for n in range(900): deep = {'a': deep}
display({'application/json': deep, 'text/plain': 'deep'}, raw=True)"""),
    Case("forms-swapped", OUTPUT, "JSON under the types of texts and pictures", base=RIGHT, code="""
for form in ('plain', 'html', 'latex', 'markdown'): display({f'text/{form}': {'a': [form]}}, raw=True)
for form in ('png', 'jpeg', 'svg+xml'): display({f'image/{form}': [{'a': form}]}, raw=True)
display({'application/javascript': {}, 'application/json': [1, {'a': float('nan')}]}, raw=True)"""),
    Case("clears-output", OUTPUT, "clear_output without end", base=RIGHT, stock=False, code="""
from IPython.display import clear_output
for n in range(2000): clear_output(wait=True); print(n)"""),
    Case("late-threads", OUTPUT, "threads that go on printing into other cells", base=RIGHT, code="""
import threading, time
def late():
    for n in range(300): print('late', n); time.sleep(0.01)
for n in range(4): threading.Thread(target=late, daemon=True).start()"""),
    Case("stdout-replaced", OUTPUT, "stdout is closed, replaced, set to None",
         code="import sys, os\nsys.stdout.close()\nsys.stdout = None\nsys.stderr = 5\nos.close(1)\nos.close(2)",
         state=("graded", "crashed")),
    Case("input", OUTPUT, "input() where nobody answers", base=RIGHT, answers={"gaps": "x = input('name? ')"}, points={"gaps-check": 0}),
    Case("getpass", OUTPUT, "reading from stdin and the terminal", base=RIGHT, state=("graded", "timed out"),
         answers={"season": "import sys\nsys.stdin.read()\nopen('/dev/tty').read()"}, points={"season-partial": 0}),
]
