"""A real Chromium that may talk to the test's own server and to nothing else."""

import functools
import http.server
import re
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
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

        def refuse(route):
            watched.faults.append(f"asked another host: {route.request.url}")
            route.abort()

        context.route(re.compile(f"^(?!{re.escape(home)}|data:|blob:)"), refuse)
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
