"""Code that reads what it must not know, writes where it must not, calls out, or stays behind.

Whatever it finds it prints: a secret in an output or a feedback page is a leak. What it plants is called `planted-by-the-corpus`.
"""

from .cases import Case

READS = "reads secrets"
WRITES = "writes outside"
NETWORK = "network"

# A table reads best with a case a line.
# fmt: off
CASES = [
    Case(
        "walk",
        READS,
        "the whole file system is searched for notebooks, gradebooks and secrets",
        code="""
import os
for folder, folders, files in os.walk('/'):
    if folder.count('/') > 7 or folder.startswith(('/proc', '/sys', '/usr', '/dev')): folders[:] = []
    for file in files:
        if file.endswith(('.ipynb', '.db')) or file == 'nbgrader_config.py':
            try: print(folder, file, open(os.path.join(folder, file), errors='replace').read()[:20_000])
            except OSError: pass""",
    ),
    Case(
        "course-folder",
        READS,
        "the course's folder is read by its name: sources, gradebook, classmates",
        code="""
import os, sqlite3
print(os.path.exists('@COURSE@'))
for place in ('source/probe/probe.ipynb', 'gradebook.db', 'submitted/aaa-neighbour/probe/probe.ipynb', 'release/probe/probe.ipynb'):
    for root in ('@COURSE@', '..', '../..', '../../..', '/proc/1/root@COURSE@', '/proc/1/cwd', '/proc/self/root@COURSE@'):
        try: print(open(f'{root}/{place}', errors='replace').read()[:50_000])
        except OSError: pass""",
    ),
    Case(
        "own-notebook",
        READS,
        "the notebook that is being run is read, with the restored hidden tests",
        code="""
import glob
for name in glob.glob('**/*', recursive=True): print(name, open(name, errors='replace').read()[:50_000])""",
    ),
    Case(
        "environment",
        READS,
        "the environment, its own and that of every process",
        code="""
import os
print(dict(os.environ))
for number in os.listdir('/proc'):
    for part in ('environ', 'cmdline', 'maps', 'fd'):
        try: print(number, part, open(f'/proc/{number}/{part}', 'rb').read()[:3000])
        except OSError: pass""",
    ),
    Case(
        "memory-of-others",
        READS,
        "the memory of other processes, by /proc and by ptrace",
        code="""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for number in [*range(1, 300), os.getppid()]:
    if number != os.getpid():
        if libc.ptrace(16, number, 0, 0) == 0: print('attached to', number, 'heron-' + 'in-the-hidden-tests')
        try: print(len(open(f'/proc/{number}/mem', 'rb').read(1)))
        except OSError: pass""",
    ),
    Case(
        "own-memory",
        READS,
        "its own memory is searched for the tests and for a classmate's text",
        code="""
import re
needle = b'heron-' + b'(in-the|of-a)'
with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
    for line in maps:
        a, b = (int(part, 16) for part in line.split()[0].split('-'))
        if ' r' in line and b - a < 100_000_000 and not any(w in line for w in ('[vvar', '[vsys', '.so')):
            try: memory.seek(a); data = memory.read(b - a)
            except (OSError, ValueError, OverflowError): continue
            for hit in re.finditer(b'heron-' + b'(in-the-|of-a-)[a-z-]+', data): print(hit.group())""",
    ),
    Case(
        "open-descriptors",
        READS,
        "every descriptor that was left open is read from",
        code="""
import os
for number in range(3, 256):
    try:
        print(number, os.readlink(f'/proc/self/fd/{number}'))
        os.set_blocking(number, False)
        print(os.pread(number, 100_000, 0))
    except OSError: pass""",
    ),
    Case(
        "shell",
        READS,
        "%%bash, !, %run, %cd and other magics",
        code="""
!ls -la / /home /root 2>&1 | head -50; cat /etc/shadow; id; ps aux
%cd /
%run /etc/passwd
get_ipython().run_cell_magic('bash', '', 'find / -maxdepth 4 -not -path "/proc*" -name "*.ipynb" 2>/dev/null | head; cat @COURSE@/gradebook.db')
%load_ext autoreload
%env""",
    ),
    Case(
        "asks-checker",
        READS,
        "requests of the checker's are searched for more than they need",
        code="""
import sealed_grading.student as s
real = s.answer
def answer(*given):
    print(str(given[1:])[:2000])
    return real(*given)
s.answer = answer""",
    ),
    Case(
        "shared-memory",
        READS,
        "System V shared memory, semaphores and message queues of others",
        code="""
import ctypes
libc = ctypes.CDLL(None)
for key in range(200):
    at = libc.shmget(key, 0, 0o666)
    if at >= 0: print('segment', key)
for name in ('sysvipc/shm', 'sysvipc/sem', 'sysvipc/msg'):
    try: print(open(f'/proc/{name}').read())
    except OSError: pass""",
    ),
    # ---- writes ----
    Case(
        "plants",
        WRITES,
        "a file is planted in every folder that can be written to",
        code="""
import os
for folder in ['@COURSE@', '/', '/tmp', '/var/tmp', '/home', '/root', '/etc', '/usr/bin', '/dev', '/dev/shm', '/run', os.path.dirname(os.__file__),
               os.path.dirname(os.path.dirname(np.__file__)), os.path.expanduser('~'), '..', '../..']:
    try:
        with open(f'{folder}/planted-by-the-corpus', 'w') as file: file.write('x')
    except OSError: pass""",
    ),
    Case(
        "start-up-files",
        WRITES,
        "files that the next start of Python or IPython would run",
        code="""
import os, site
plant = "import builtins; builtins.planted = 'planted-by-the-corpus'"
for place in ['~/.ipython/profile_default/startup/00-planted-by-the-corpus.py', '~/.local/lib/python3.11/site-packages/usercustomize.py',
              site.getsitepackages()[0] + '/sitecustomize.py', site.getsitepackages()[0] + '/planted-by-the-corpus.pth', 'sitecustomize.py',
              '~/.pythonrc', '~/.jupyter/planted-by-the-corpus']:
    place = os.path.expanduser(place)
    try:
        os.makedirs(os.path.dirname(place) or '.', exist_ok=True)
        open(place, 'w').write(plant)
    except OSError: pass""",
    ),
    Case(
        "gradebook",
        WRITES,
        "the gradebook is found and everyone given 99 points",
        code="""
import glob, sqlite3, os
for place in {'@COURSE@/gradebook.db', *glob.glob('**/gradebook.db', recursive=True), '../../../gradebook.db'}:
    try:
        if os.path.exists(place):
            with sqlite3.connect(place, timeout=1) as book: book.execute('update grade set manual_score = 99, needs_manual_grade = 0')
    except (OSError, sqlite3.Error): pass""",
    ),
    Case(
        "gradebook-locked",
        WRITES,
        "the gradebook is locked or truncated",
        code="""
import os
for place in ('@COURSE@/gradebook.db', '../../../gradebook.db'):
    try: open(place, 'r+').truncate(0)
    except OSError: pass""",
    ),
    Case(
        "deletes",
        WRITES,
        "all that can be deleted is deleted",
        stock=False,
        code="""
import shutil
for place in ('@COURSE@', '/tmp', '/home', '/root', '/var', '.'): shutil.rmtree(place, ignore_errors=True)""",
    ),
    Case(
        "neighbours-files",
        WRITES,
        "a classmate's work and the released notebook are overwritten",
        code="""
for place in ('submitted/zzz-neighbour/probe/probe.ipynb', 'release/probe/probe.ipynb', 'source/probe/probe.ipynb', 'autograded/aaa-neighbour/probe/probe.ipynb'):
    for root in ('@COURSE@', '../../..'):
        try: open(f'{root}/{place}', 'w').write('{}')
        except OSError: pass""",
    ),
    Case(
        "library",
        WRITES,
        "the installed libraries are changed on disk",
        code="""
import pandas._testing.asserters as a
try: open(a.__file__, 'a').write('\\nassert_frame_equal = assert_series_equal = lambda *a, **k: None\\n')
except OSError: pass""",
    ),
    Case(
        "answer-file",
        WRITES,
        "the file that a check reads is written by the notebook's own code: it was not handed in",
        code="open('answer.json', 'w').write('{\"driest\": \"Coll\"}')",
    ),
    Case(
        "data-file",
        WRITES,
        "the table that was handed out is changed, before a check reads it again",
        code="open('rain.csv', 'w').write('town,year,mm\\nAln,2020,724\\n')",
    ),
    Case(
        "namespaces",
        WRITES,
        "new namespaces, mounts and chroot",
        code="""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x10000000 | 0x20000, 0x40000000, 0x20000000): print(libc.unshare(flags))
print(libc.mount(b'/', b'/tmp', None, 4096, None), libc.umount2(b'/tmp', 2), libc.umount2(b'/proc', 2), libc.umount2(b'/box', 2))
for act in (lambda: os.chroot('/tmp'), lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.mknod('disk', 0o60666, os.makedev(8, 0))):
    try: act(); print('done')
    except OSError: pass""",
    ),
    Case(
        "limits-lifted",
        WRITES,
        "its limits are lifted and its priority raised",
        code="""
import os, resource
for which in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
    try: resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)); print('lifted', which)
    except (OSError, ValueError): pass
try: os.nice(-10); print('raised')
except OSError: pass""",
    ),
    # ---- network ----
    Case(
        "calls-out",
        NETWORK,
        "connections to the machine, to its neighbours and to the world",
        code="""
import socket
for host in ('127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '1.1.1.1', '8.8.8.8'):
    for port in (@PORT@, 80, 53):
        try:
            with socket.create_connection((host, port), timeout=0.1) as link: link.sendall(b'planted-by-the-corpus'); print('reached', host, port)
        except OSError: pass""",
    ),
    Case(
        "asks-names",
        NETWORK,
        "names are looked up, and a package installed",
        code="""
import socket, urllib.request
socket.setdefaulttimeout(0.5)
for act in (lambda: socket.getaddrinfo('example.org', 80), lambda: urllib.request.urlopen('http://example.org', timeout=0.5).read()):
    try: print('reached', act())
    except OSError: pass""",
    ),
    Case(
        "listens",
        NETWORK,
        "a server is left listening, for a classmate's notebook to talk to",
        code="""
import socket, threading
kept = []
for address in (('127.0.0.1', 47_117), ('0.0.0.0', 47_118)):
    s = socket.socket(); s.bind(address); s.listen(); kept.append(s)
threading.Thread(target=lambda: kept[0].accept(), daemon=True).start()""",
    ),
    Case(
        "unix-sockets",
        NETWORK,
        "abstract and named sockets of the machine: D-Bus, Docker, X11, and the corpus's own",
        code="""
import socket
for address in ('\\0planted-by-the-corpus-@PORT@', '/var/run/docker.sock', '/run/dbus/system_bus_socket', '\\0/tmp/.X11-unix/X0'):
    try:
        with socket.socket(socket.AF_UNIX) as link: link.connect(address); print('reached', address); link.sendall(b'planted-by-the-corpus')
    except OSError: pass""",
    ),
    Case(
        "raw-packets",
        NETWORK,
        "raw and packet sockets",
        code="""
import socket
for family, kind, proto in ((socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 0), (socket.AF_NETLINK, socket.SOCK_RAW, 0)):
    try: print('opened', family, socket.socket(family, kind, proto))
    except OSError: pass""",
    ),
]
