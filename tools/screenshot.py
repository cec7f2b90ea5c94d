"""The picture in the README: the timeline of the Korea chapter with an event read out, from the built book.

python -m tools.screenshot
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGE = Path("_build/html/book/cases/korean-peninsula.html")
PICTURE = Path("docs/korean-peninsula.png")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def main() -> None:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1330})
        page.goto(PAGE.resolve().as_uri())
        timeline = page.locator(".md-w:has(.md-timeline)")
        timeline.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="19 September 2018: Comprehensive Military Agreement signed").click()
        timeline.evaluate("element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 90)")
        page.mouse.move(5, 5)
        page.wait_for_timeout(500)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()
    print(PICTURE)


if __name__ == "__main__":
    main()
