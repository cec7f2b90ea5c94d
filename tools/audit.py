"""Measure every page of the built book against its limits: `make audit`.

    python -m tools.audit [PAGE …]      pages by their path below _build/html; without one, all

A page is every HTML file of the book, search, index and the redirect at the book's address among them; what lies in `_static` and
`_sources` is not. The book is served on 127.0.0.1 as a real server does, text gzipped. For each page: what a phone fetches, at first
and with a chart in use; Lighthouse's four scores as on a phone (performance: median of three runs); what axe finds on a
phone and on a desk, in both schemes, as the page opens and with everything unfolded; what the Nu Html Checker, which is the
checker of the standard's own editors, calls an error; requests to other hosts. The result goes to _build/audit.json and, as a
table, to stdout. Exit status: 0 if every limit holds, 1 if one is broken, 2 if the audit could not be made.

Lighthouse's performance depends on what else the machine does: run it on a calm one.
"""

import contextlib
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Request, sync_playwright

from tools.screenshot import FLAGS

HTML = Path("_build/html")
RESULT = Path("_build/audit.json")
MODULES = Path("_build/audit/node_modules")  # from tools/audit/package-lock.json
LIMITS = {
    "transfer_kib": 160,
    "transfer_with_chart_kib": 360,
    "lighthouse": {"performance": 95, "accessibility": 100, "best_practices": 100, "seo": 100},
    "axe": 0,
    "html_errors": 0,
    "outside_requests": 0,
}
RUNS = 3
WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COMPRESSED = (".woff2", ".png", ".jpg", ".webp")  # sent as they are


class AuditError(Exception):
    """The audit could not be made."""


class GzipHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files as a real server does: text gzipped, connections kept open, kept ten minutes by the browser."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        zipped = path.suffix not in COMPRESSED
        body = gzip.compress(body, 6) if zipped else body
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path) + ("; charset=utf-8" if zipped else ""))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Serve the book while the block runs; give its address, with a slash at the end."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(GzipHandler, directory=HTML)) as server:
        server.handle_error = lambda *_: None  # a browser that closes before it has read all is no fault of the book
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


def chromium() -> str:
    """Return the path of Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


def pages() -> list[str]:
    """Return the book's pages by their path below `_build/html`."""
    paths = (path.relative_to(HTML) for path in HTML.rglob("*.html"))
    return sorted(path.as_posix() for path in paths if not {"_static", "_sources"} & set(path.parts))


def open_page(browser: Browser, base: str, name: str, width: int, scheme: str, outside: set[str]) -> tuple:
    """Return a page opened in a profile of its own, and the list of what it fetches.

    What it asks of another host is refused and added to `outside`.
    """
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)

    def admit(route):
        url = route.request.url
        if url.startswith((base, "data:", "blob:")):
            route.continue_()
        else:
            outside.add(url)
            route.abort()

    context.route("**/*", admit)
    page = context.new_page()
    fetched: list[Request] = []
    page.on("requestfinished", lambda request: fetched.append(request))
    page.goto(base + name, wait_until="networkidle")
    return page, fetched


def weigh(browser: Browser, base: str, name: str, outside: set[str]) -> tuple[float, float]:
    """Return what a phone fetches in KiB, as the page opens and with its first chart in use."""
    page, fetched = open_page(browser, base, name, 390, "light", outside)

    def kib() -> float:
        own = [request for request in fetched if request.url.startswith(base)]
        return round(sum(request.sizes()["responseBodySize"] for request in own) / 1024, 1)

    before = kib()
    chart = page.locator(".md-chart").first
    if chart.count():
        chart.scroll_into_view_if_needed()
        page.mouse.wheel(0, 100)
        page.locator(".md-chart[data-live]").first.wait_for()
        page.wait_for_load_state("networkidle")
    after = kib()
    page.context.close()
    return before, after


def axe(browser: Browser, base: str, name: str, outside: set[str]) -> list[str]:
    """Return axe's violations, each with width, scheme, rule and the first places."""
    code = (MODULES / "axe-core/axe.min.js").read_text(encoding="utf-8")
    check = """async rules => (await axe.run({ runOnly: { type: "tag", values: rules } })).violations.map(fault =>
        `${fault.id}: ${fault.help}: ${fault.nodes.map(node => node.target.join(" ")).slice(0, 3).join(", ")}`)"""
    found = {}
    for width in WIDTHS:
        for scheme in SCHEMES:
            page, _ = open_page(browser, base, name, width, scheme, outside)
            page.evaluate(code)
            faults = page.evaluate(check, RULES)
            page.evaluate("document.querySelectorAll('main details').forEach(element => { element.open = true })")
            page.wait_for_timeout(400)
            faults += page.evaluate(check, RULES)
            found |= {f"{width} px, {scheme}: {fault}": None for fault in faults}
            page.context.close()
    return list(found)


def html_errors(names: list[str]) -> dict[str, list[str]]:
    """Return for each page what the Nu Html Checker calls an error, with its line."""
    jar, files = MODULES / "vnu-jar/build/dist/vnu.jar", [str(HTML / name) for name in names]
    command = ["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout", *files]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError) as error:
        raise AuditError(f"the Nu Html Checker gave no result: {done.stderr.strip() or done.stdout.strip()}") from error
    errors: dict[str, list[str]] = {name: [] for name in names}
    for message in messages:
        name = next(name for name in names if message["url"].endswith(f"{HTML.as_posix()}/{name}"))
        errors[name].append(f"line {message.get('lastLine', '?')}: {message['message']}")
    return errors


def lighthouse(url: str) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Return the four scores from 0 to 100, and for each the names of the audits that cost points."""
    first, *others = (_lighthouse(url, full=run == 0) for run in range(RUNS))
    scores = {key.replace("-", "_"): round(100 * part["score"]) for key, part in first["categories"].items()}
    runs = [each["categories"]["performance"]["score"] for each in (first, *others)]
    scores["performance"] = round(100 * statistics.median(runs))
    results, unscored = first["audits"], ("notApplicable", "manual", "informative")
    costs = {}
    for key, part in first["categories"].items():
        scored = [each["id"] for each in part["auditRefs"] if each["weight"]]
        scored = [name for name in scored if results[name]["scoreDisplayMode"] not in unscored]
        costs[key.replace("-", "_")] = [name for name in scored if (results[name]["score"] or 0) < 1]
    return scores, costs


def _lighthouse(url: str, full: bool) -> dict:
    categories = "performance,accessibility,best-practices,seo" if full else "performance"
    command = [
        "node", str(MODULES / "lighthouse/cli/index.js"), url, "--output=json", "--output-path=stdout", "--quiet",
        "--no-enable-error-reporting", f"--only-categories={categories}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": chromium()}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    try:
        result = json.loads(done.stdout)
    except ValueError as error:
        raise AuditError(f"Lighthouse gave no result for {url}: {done.stderr.strip()}") from error
    if problem := result.get("runtimeError"):
        raise AuditError(f"Lighthouse could not measure {url}: {problem['message']}")
    return result


def failures(name: str, page: dict, costs: dict[str, list[str]]) -> list[str]:
    """Return the limits that a page breaks, each with what was found."""
    broken = [
        f"{name}: {key} is {page[key]}, the limit {LIMITS[key]}"
        for key in ("transfer_kib", "transfer_with_chart_kib")
        if page[key] > LIMITS[key]
    ]
    broken += [
        f"{name}: Lighthouse's {key} is {page['lighthouse'][key]}, the limit {limit}: {', '.join(costs[key])}"
        for key, limit in LIMITS["lighthouse"].items()
        if page["lighthouse"][key] < limit
    ]
    broken += [f"{name}: {key}: {each}" for key in ("axe", "html_errors", "outside_requests") for each in page[key]]
    return broken


def versions() -> dict[str, str]:
    """Return the version of each tool that measured."""
    found = {
        name: json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))["version"]
        for name in ("lighthouse", "axe-core", "vnu-jar")
    }
    for program in (chromium(), "node"):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        found[Path(program).name] = said.strip()
    return found


def table(measured: dict[str, dict]) -> str:
    """Return the result as text: one line a page."""
    width = max(map(len, measured))
    head = f"{'page':{width}}  KiB  +chart  perf  access  best  SEO  axe  HTML  outside"
    lines = [
        f"{name:{width}}{page['transfer_kib']:5.0f}{page['transfer_with_chart_kib']:8.0f}"
        f"{page['lighthouse']['performance']:6}{page['lighthouse']['accessibility']:8}{page['lighthouse']['best_practices']:6}"
        f"{page['lighthouse']['seo']:5}{len(page['axe']):5}{len(page['html_errors']):6}{len(page['outside_requests']):9}"
        for name, page in measured.items()
    ]
    return "\n".join([head, *lines])


def audit(names: list[str]) -> dict:
    """Measure the pages `names` and return the result as it is written."""
    errors = html_errors(names)
    measured, broken = {}, []
    with served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name in names:
            outside: set[str] = set()
            weight, with_chart = weigh(browser, base, name, outside)
            measured[name] = {
                "transfer_kib": weight,
                "transfer_with_chart_kib": with_chart,
                "lighthouse": {},
                "axe": axe(browser, base, name, outside),
                "html_errors": errors[name],
                "outside_requests": sorted(outside),
            }
        browser.close()  # Lighthouse measures alone
        for number, name in enumerate(names, 1):
            print(f"Lighthouse {number} of {len(names)}: {name}", file=sys.stderr, flush=True)
            measured[name]["lighthouse"], costs = lighthouse(base + name)
            broken += failures(name, measured[name], costs)
    return {"pages": measured, "limits": LIMITS, "failures": broken, "versions": versions()}


def main(arguments: list[str]) -> int:
    known = pages()
    if strange := [name for name in arguments if name not in known]:
        print(f"tools.audit: {HTML} holds no page {', '.join(strange)}; it holds: {', '.join(known)}", file=sys.stderr)
        return 2
    try:
        result = audit(arguments or known)
    except AuditError as error:
        print(f"tools.audit: {error}", file=sys.stderr)
        return 2
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(result["pages"]))
    print("\n".join(result["failures"]) or "Every limit holds.")
    print(RESULT)
    return 1 if result["failures"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
