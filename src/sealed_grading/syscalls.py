"""System calls that no cell needs and that would get round a limit: refused in every child, by a filter in the kernel (seccomp).

In a user namespace of its own a process could mount memory without bound as a disk; files in memory (memfd) and System V
segments count in no limit of a process.
"""

import ctypes
import errno
import platform
import struct

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
REFUSED = {  # number on x86_64, on aarch64
    "unshare": (272, 97), "setns": (308, 268), "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "io_uring_setup": (425, 425), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)
NEW_NAMESPACES = 0x7E020080  # flags of clone; those of clone3 lie in memory, so it is as if the kernel had none
X32 = 0x40000000  # numbers of a second set of calls on x86_64
LOAD, EQUAL, AT_LEAST, ANY_OF, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets of what the filter looks at
SET_SECCOMP, FILTER = 22, 2


def program(machine: str) -> bytes:
    """Return the filter for a machine: pairs of a test and what is answered where it holds, then leave to go on."""
    which = list(ARCHITECTURES).index(machine)
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    tests = [(AT_LEAST, X32, UNKNOWN)] if machine == "x86_64" else []
    tests += [(EQUAL, numbers[which], REFUSE) for numbers in REFUSED.values()]
    tests += [(EQUAL, CLONE3[which], UNKNOWN)]
    for kind, value, answer in tests:
        lines += [(kind, 0, 1, value), (RETURN, 0, 0, answer)]
    lines += [(EQUAL, 0, 3, CLONE[which]), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_OF, 0, 1, NEW_NAMESPACES)]
    lines += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def restrict(libc: ctypes.CDLL) -> None:
    """Put the filter on this process and all that it will start; privileges must have been given up before.

    Raises:
        OSError: the kernel takes no filter.
    """
    code = program(platform.machine())
    kept = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(kept))
    if libc.prctl(SET_SECCOMP, FILTER, ctypes.c_char_p(header), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls (CONFIG_SECCOMP_FILTER)")
