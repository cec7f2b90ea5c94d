"""IPython without a Jupyter kernel: ipykernel's own shell, whose messages go into a list."""

import ast
import asyncio
import builtins
import contextlib
import contextvars
import fcntl
import getpass
import io
import marshal
import os
import re
import sys
import traceback
from types import CodeType
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell as KernelShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

from .prepared import code_name

MOST_OUTPUT = 1_000_000  # bytes of one cell's output; what comes after is left out, and said so
OF_IPYTHON = re.compile(r"_+|_i+\d*|_\d+|_[dio]h|In|Out")  # names that it makes beside a cell's own
LEFT_OUT = "\n… more output was left out\n"
LONGEST_ERROR = 20_000  # characters of an error's message, and of each line of its traceback


class Outbox:
    """The messages of the running cell."""

    def __init__(self):
        self.messages: list[list] = []
        self.size = self.errors = 0
        # With an error, also one of a cell inside the cell, or words on standard error, as nbgrader has it.
        self.failed = False
        self.descriptors: dict[str, list[int]] = {}  # name → [file, bytes read]

    def add(self, kind: str, content: dict) -> None:
        if kind == "error":
            self.failed = True
            lines = [line[:LONGEST_ERROR] for line in content["traceback"][-40:]]
            content = {"ename": content["ename"][:200], "evalue": content["evalue"][:LONGEST_ERROR], "traceback": lines}
            self.errors += LONGEST_ERROR + len("".join(lines))
            if self.errors <= MOST_OUTPUT:
                self.messages.append([kind, content])
            return
        was = self.size
        self.size += 200 + len("".join(str(part) for part in content.get("data", {}).values()))
        if self.size <= MOST_OUTPUT:
            self.messages.append([kind, content | {"metadata": {}}])  # which nobody reads, and which has no limit
        elif was <= MOST_OUTPUT:
            self.messages.append(["stream", {"name": "stdout", "text": [LEFT_OUT]}])

    def text(self, name: str, text: str) -> None:
        self.failed |= name == "stderr"
        if self.size > MOST_OUTPUT:
            return
        self.size += len(text)
        if self.size > MOST_OUTPUT:
            text = text[: max(0, len(text) - self.size + MOST_OUTPUT)] + LEFT_OUT
        last = self.messages[-1] if self.messages else None
        if last and last[0] == "stream" and last[1]["name"] == name:
            last[1]["text"].append(text)
        else:
            self.messages.append(["stream", {"name": name, "text": [text]}])

    def drain(self) -> None:
        """Take what was written to the file descriptors 1 and 2, by other programs or C code."""
        for name, state in self.descriptors.items():
            try:
                size = os.fstat(state[0]).st_size
            except OSError:  # a cell has closed it
                continue
            if size > state[1]:
                data = os.pread(state[0], min(size - state[1], MOST_OUTPUT), state[1])
                state[1] = size
                self.text(name, data.decode("utf-8", "replace"))

    def take(self) -> list[list]:
        self.drain()
        for state in self.descriptors.values():  # what one cell wrote takes nothing from the next one's share
            with contextlib.suppress(OSError):
                os.ftruncate(state[0], 0)
                state[1] = 0
        messages, self.messages = self.messages, []
        self.size = self.errors = 0
        for kind, content in messages:
            if kind == "stream":
                content["text"] = "".join(content["text"])
        return messages


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of the cells."""

    encoding, errors = "UTF-8", "strict"

    def __init__(self, outbox: Outbox, name: str, descriptor: int):
        self.outbox, self.name, self.descriptor = outbox, name, descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor

    def flush(self) -> None:
        self.outbox.drain()

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self.outbox.text(self.name, text)
        return len(text)


class Compiler(XCachingCompiler):
    """IPython's compiler, which takes the next cell's code from `ready` where it is there: to take a cell apart takes longer than to run it."""

    def __init__(self):
        super().__init__()
        self.ready: list[tuple[bool, CodeType]] | None = None
        self.first_flags = self.flags

    def get_code_name(self, raw_code, code, number):
        return code_name(raw_code)

    def ast_parse(self, source, filename="<unknown>", symbol="exec"):
        codes, self.ready = self.ready, None  # a cell may run another one: that is compiled
        if codes is None:
            return super().ast_parse(source, filename, symbol)
        nodes = []
        for shows, code in codes:
            nodes.append(ast.Expr() if shows else ast.Pass())
            nodes[-1].code = code
        return ast.Module(nodes, [])

    def __call__(self, source, filename, symbol, **options):
        statements = source.body if isinstance(source, ast.Module | ast.Interactive) else ()
        code = getattr(statements[0], "code", None) if statements else None
        return code or super().__call__(source, filename, symbol, **options)


class ListSession(Session):
    """What displays go through."""

    outbox: Outbox = None

    def msg(self, msg_type, content=None, **_):
        return {"msg_type": msg_type, "header": {"msg_type": msg_type}, "parent_header": {}, "content": content}

    def send(self, _stream, msg_or_type, content=None, *_, **__):
        if isinstance(msg_or_type, dict):
            self.outbox.add(msg_or_type["msg_type"], msg_or_type["content"])
        else:
            self.outbox.add(msg_or_type, content)


class ZMQInteractiveShell(KernelShell):  # libraries look at the class's name
    def enable_gui(self, gui=None):
        self.active_eventloop = gui

    def ask_exit(self):
        print("exit() and quit() do nothing while a notebook is graded.")

    def _format_exception_for_storage(self, *_, **__):
        return {}  # for a history that nobody reads


def no_input(*_, **__):
    raise StdinNotImplementedError("input() was called, and there is nobody to answer while a notebook is graded.")


class Runner:
    """One shell; `run` is one cell."""

    def __init__(self):
        config = Config()
        config.HistoryManager.enabled = False
        config.IPKernelApp.connection_file = ""
        self.shell = ZMQInteractiveShell.instance(config=config, compiler_class=Compiler)
        self.outbox = Outbox()
        session = ListSession()
        session.outbox = self.outbox
        self.shell.displayhook.session = self.shell.display_pub.session = session
        self.shell.displayhook.topic = b"execute_result"
        self.loop = asyncio.new_event_loop()
        self.context = contextvars.copy_context()  # as one cell leaves it for the next
        self.ahead: list[tuple[str, dict]] = []  # cells run before they were asked for, with what came of them
        self.asked = 0  # how many of these have been asked for since
        self.beside: list[dict[str, Any]] = []  # the names that each cell made which was run ahead for the tests
        builtins.input = getpass.getpass = no_input

    @property
    def names(self) -> dict[str, Any]:
        return self.shell.user_ns

    def forget(self) -> None:
        """Be as new: without names, controls and pictures of cells that were run."""
        if "ipywidgets" in sys.modules:
            sys.modules["ipywidgets"].Widget.close_all()
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        self.outbox.take()
        self.context = contextvars.copy_context()
        self.shell.reset(new_session=True)
        self.shell.execution_count = 1

    def answer(self, source: str, plain: str | None = None) -> dict:
        """Return what `run` says of a cell, or said of it when it was run ahead; cells after another one are run anew."""
        if self.asked < len(self.ahead):
            known, reply = self.ahead[self.asked]
            if source == known:
                self.asked += 1
                return reply
            self.settle()
        return self.run(source, plain)[0]

    def settle(self) -> None:
        """Be as if only those cells had been run that were asked for."""
        if self.asked == len(self.ahead):
            return
        done, self.ahead, self.asked = self.ahead[: self.asked], [], 0
        self.forget()
        for source, _ in done:
            self.run(source)

    def plug(self) -> None:
        """Catch output from here on."""
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            caught = os.memfd_create(name)
            fcntl.fcntl(caught, fcntl.F_SETFL, os.O_APPEND)
            os.dup2(caught, descriptor)
            os.close(caught)
            self.outbox.descriptors[name] = [descriptor, 0]
        sys.stdout = Stream(self.outbox, "stdout", 1)
        sys.stderr = Stream(self.outbox, "stderr", 2)

    def run(
        self, source: str, plain: str | None = None, quiet: bool = False, code: bytes | None = None
    ) -> tuple[dict, Any]:
        """Return what the cell showed, with `ok` when its last statement was reached, `failed` as for `Outbox`, and its last
        expression's value.

        `plain` is the source as IPython transforms it, and `code` what `compiled` made of it, where these are known; a `quiet`
        cell formats nothing to show.
        """
        count, value, self.outbox.failed = self.shell.execution_count, None, False
        self.shell.compile.ready = marshal.loads(code) if code and self._usual() else None
        try:
            with self._nothing_formatted() if quiet else contextlib.nullcontext():
                task = self.loop.create_task(self._run(source, plain), context=self.context)
                result = self.loop.run_until_complete(task)
            done, value = result.success is True, result.result
        except BaseException as error:  # also what a cell raises to end the process
            done = False
            words = "".join(traceback.format_exception_only(error)).strip()[:2000]
            self.outbox.add("error", {"ename": type(error).__name__, "evalue": words, "traceback": [words]})
        messages = self.outbox.take()
        return {"count": count, "messages": messages, "ok": done, "failed": self.outbox.failed}, value

    async def _run(self, source: str, plain: str | None):
        # As ipykernel does, but the cell is transformed once: run_cell would do it twice more.
        shell, failed = self.shell, None
        if plain is None:
            try:
                plain = shell.transform_cell(source)
            except Exception:
                plain, failed = source, sys.exc_info()
        options = {"transformed_cell": plain, "preprocessing_exc_tuple": failed}
        result = None
        try:
            result = await shell.run_cell_async(source, store_history=True, silent=False, **options)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _usual(self) -> bool:
        """Return whether no cell has changed how cells are compiled."""
        shell = self.shell
        usual = shell.autoawait and shell.ast_node_interactivity == "last_expr" and not shell.ast_transformers
        return usual and shell.compile.flags == shell.compile.first_flags

    @contextlib.contextmanager
    def _nothing_formatted(self):
        formatter, hook = self.shell.display_formatter, self.shell.displayhook
        formatter.format = lambda *_, **__: ({}, {})
        hook.quiet = lambda: False  # it would look for a semicolon
        try:
            yield
        finally:
            del formatter.format, hook.quiet
