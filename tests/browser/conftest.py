"""A real Chromium that may talk to the test's own server and to nothing else."""

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
TOKEN = "only-for-this-test"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def browser():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert program, "Chromium is missing: tools/system_tools.sh installs it or says how"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def served():
    """The built book on 127.0.0.1: its address, with a slash at the end."""
    handler = functools.partial(QuietHandler, directory=HTML)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(params=["http", "file"])
def book(request):
    """The address of the built book, once over http and once from the file system."""
    return request.getfixturevalue("served") if request.param == "http" else HTML.as_uri() + "/"


@dataclass
class Watched:
    """A page with everything that went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser):
    """Open a page in a new profile, every other host refused; `faults` lists refused and failed requests and errors."""
    contexts = []

    def open_page(address: str, home: str, **options) -> Watched:
        context = browser.new_context(**options)
        contexts.append(context)
        watched = Watched(context.new_page())

        def admit(route):
            if route.request.url.startswith((home, "data:", "blob:")):
                route.continue_()
            else:
                watched.faults.append(f"asked another host: {route.request.url}")
                route.abort()

        context.route("**/*", admit)
        watched.page.on("requestfailed", lambda request: watched.faults.append(f"failed: {request.url}"))
        watched.page.on("pageerror", lambda error: watched.faults.append(f"script error: {error}"))
        watched.page.on(
            "console",
            lambda message: watched.faults.append(f"console: {message.text}") if message.type == "error" else None,
        )
        watched.page.on(
            "response",
            lambda answer: watched.faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None,
        )
        watched.page.goto(address, wait_until="load")
        return watched

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def jupyter_lab():
    """Start JupyterLab in a folder, from an environment, with a base address and `TOKEN` as a hub or Binder would."""

    @contextlib.contextmanager
    def started(environment: Path, folder: Path, home: Path, base: str):
        root = ["--allow-root"] if os.geteuid() == 0 else []
        process = subprocess.Popen(
            [environment / "bin" / "jupyter", "lab", "--no-browser", *root, "--ip=127.0.0.1", "--port=0",
             f"--ServerApp.base_url={base}", f"--IdentityProvider.token={TOKEN}", "--LabApp.news_url=None",
             "--ServerApp.shutdown_no_activity_timeout=300", "--LabApp.expose_app_in_browser=True"],
            env=variables(environment, home), cwd=folder, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            for line in process.stderr:
                if found := re.search(rf"http://127\.0\.0\.1:\d+{base}", line):
                    break
            else:
                pytest.fail(f"JupyterLab did not start: exit code {process.wait()}")
            # What Lab goes on saying must be read, or it would wait for room in the pipe.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield found[0]
        finally:
            process.terminate()
            process.wait(timeout=30)

    return started


def variables(environment: Path, home: Path) -> dict[str, str]:
    """Return what a program sees that runs in an active environment with a home of its own, and in nothing else."""
    return {"HOME": str(home), "PATH": f"{environment / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}
