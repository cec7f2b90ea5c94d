"""Pages that arrive quickly on a poor line, read well with a screen reader, and still do all that the theme's own did."""

import base64
import gzip
import io
import json
import re
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError
from tinyhtml5.parser import HTMLParser
from waiting import bring_to_life, settle

from military_diplomacy.directives import fonts, light_pages, page_mends, stylesheet
from tools.notebooks import chapters

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.rglob("*.html")
    if not {"_static", "_sources"} & set(path.relative_to(HTML).parts) and path != HTML / "index.html"
)
CHAPTERS = [path.with_suffix(".html").as_posix() for path in chapters()]
KOREA = "book/cases/korean-peninsula.html"
WHOLE_STYLE = ROOT / "_build" / "assets" / "whole-book.css"  # with the rules that the book's stylesheet leaves out
AXE = resources.files("axe_playwright_python") / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that the scheme changes, and nine tenths of axe's time
ALL_RULES = {"runOnly": {"type": "tag", "values": TAGS}}
ALL_BUT_COLOUR = {**ALL_RULES, "rules": {name: {"enabled": False} for name in OF_COLOUR}}
ONLY_COLOUR = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
# Of a long table and of the references the first rows are looked at: the others are made alike.
ALIKE = ["article tbody tr:nth-child(n + 5)", "div.citation:nth-of-type(n + 5)"]
WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
COMPRESSED = (".woff2", ".png", ".jpg")
PAGE_KIB, PAGE_WITH_CHART_KIB = 160, 360


def open_page(served, visit, name, width=1280, scheme="light", **options):
    return visit(served + name, served, viewport={"width": width, "height": 844}, color_scheme=scheme, **options)


def open_everything(page):
    """Unfold what a page folds: code, tables, data of figures; and bring its charts to life."""
    page.evaluate("document.querySelectorAll('article details').forEach(element => { element.open = true })")
    bring_to_life(page)


def answer(question):
    """Give the first answer that comes, whatever the kind of question, and have it checked."""
    for number, field in enumerate(question.query_selector_all("input[type=number]")):
        field.fill(str(number + 1))
    if option := question.query_selector("input:not([type=number])"):
        option.check()
    question.query_selector("button[type=submit]").click()


def kib(bodies):
    """Return what the responses weigh as a server sends them: text gzipped, fonts and pictures as they are."""
    return sum(
        len(body if url.split("?")[0].endswith(COMPRESSED) else gzip.compress(body, 6)) for url, body in bodies.items()
    ) / 1024  # fmt: skip


def test_a_chapter_weighs_little_until_and_after_its_chart_is_used(served, visit):
    page = visit("about:blank", served, viewport={"width": 390, "height": 844}).page
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(served + KOREA, wait_until="networkidle")

    def bodies():
        return {answer.url: answer.body() for answer in answers if answer.url.startswith(served)}

    before = bodies()
    assert not any("vega" in url for url in before)
    assert kib(before) <= PAGE_KIB, {url: round(kib({url: body}), 1) for url, body in before.items()}
    chart = page.locator(".md-chart").first
    chart.scroll_into_view_if_needed()
    page.mouse.wheel(0, 100)
    page.locator(".md-chart[data-live]").first.wait_for()
    after = bodies()
    assert any("vega.js" in url for url in after)
    assert kib(after) <= PAGE_WITH_CHART_KIB, {url: round(kib({url: body}), 1) for url, body in after.items()}


# Every page on a phone, and one page of each kind on a desk; each in both schemes.
VISITS = [(page, 390) for page in PAGES] + [(page, 1280) for page in PAGES if page == KOREA or page not in CHAPTERS]


@pytest.mark.parametrize(("name", "width"), VISITS)
def test_no_page_breaks_a_rule_of_accessibility(served, visit, name, width):
    page = open_page(served, visit, f"{name}?q=agreement" if name == "search.html" else name, width).page
    page.wait_for_load_state("networkidle" if name == "search.html" else "load")
    settle(page)
    assert faults_of_accessibility(page, ALL_BUT_COLOUR) == []
    for question in page.query_selector_all("form.md-ask"):
        answer(question)
    for skip in page.query_selector_all(".md-predict button[type=button]"):
        skip.click()
    open_everything(page)
    assert faults_of_accessibility(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    settle(page)
    assert faults_of_accessibility(page, ONLY_COLOUR) == [], "in the dark scheme"


def faults_of_accessibility(page, rules=ALL_RULES, leave_out=ALIKE):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(
        """async ([rules, exclude]) => (await axe.run({ exclude }, { ...rules, resultTypes: ["violations"] })).violations.map(fault =>
            `${fault.id}: ${fault.help}: ${fault.nodes.map(node => node.target.join(" ")).slice(0, 3).join(", ")}`)""",
        [rules, leave_out],
    )


@pytest.mark.parametrize("name", [*PAGES, "index.html"])
def test_pages_are_valid_as_far_as_a_parser_sees(name):
    text = (HTML / name).read_text(encoding="utf-8")
    parser = HTMLParser()
    parser.parse(text)
    assert [f"line {place[0]}: {fault} {values}" for place, fault, values in parser.errors] == []
    ids = re.findall(r"<[^>]*\sid=\"([^\"]+)\"", re.sub(r"(?s)<script.*?</script>", "", text))
    assert sorted({each for each in ids if ids.count(each) > 1}) == []


def test_the_menu_on_a_phone_breaks_no_rule_and_leads_on(served, visit):
    watched = open_page(served, visit, KOREA, 390)
    page = watched.page
    toggle = page.get_by_role("button", name="Toggle primary sidebar")
    contents = page.get_by_role("navigation", name="Main")
    assert not contents.is_visible()
    toggle.click()
    contents.wait_for()
    settle(page)
    assert faults_of_accessibility(page, leave_out=["article"]) == []
    page.keyboard.press("Escape")
    contents.wait_for(state="hidden")
    toggle.click()
    contents.get_by_role("link", name="Military Diplomacy in Conflict Resolution").click()
    page.wait_for_url("**/book/index.html")
    assert watched.faults == []


def test_on_a_wide_screen_search_and_downloads_open_and_the_sidebar_folds_away(book, visit):
    page = visit(book + KOREA, book, viewport={"width": 1280, "height": 844}).page
    page.locator("#pst-primary-sidebar").get_by_role("button", name="Search").click()
    field = page.get_by_role("searchbox")
    field.fill("armistice")
    assert field.is_visible()
    page.keyboard.press("Escape")
    source = page.locator(".dropdown-download-buttons .btn-download-source-button")
    assert not source.is_visible()
    page.get_by_role("button", name="Download this page").click()
    assert source.is_visible()
    page.get_by_role("heading", level=1, name="The Korean Peninsula").click()
    assert not source.is_visible()
    contents = page.get_by_role("navigation", name="Main")
    assert contents.is_visible()
    page.get_by_role("button", name="Toggle primary sidebar").click()
    contents.wait_for(state="hidden")


def test_a_reader_finds_a_word_and_sees_it_marked(served, visit):
    watched = open_page(served, visit, KOREA)
    page = watched.page
    page.keyboard.press("Control+k")
    field = page.get_by_role("searchbox")
    field.wait_for()
    field.fill("agreement")
    field.press("Enter")
    page.wait_for_url("**/search.html?q=agreement")
    result = page.locator("#search-results").get_by_role("link", name="The Korean Peninsula").first
    result.wait_for()
    page.locator("#search-results .context").first.wait_for()
    result.click()
    page.wait_for_url("**/korean-peninsula.html**")
    assert page.locator("span.highlighted").count() > 0
    assert watched.faults == []


def test_the_switch_goes_to_dark_and_stays_dark(book, visit):
    watched = visit(book + KOREA, book, color_scheme="light", viewport={"width": 1280, "height": 844})
    page = watched.page
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    switch = page.get_by_role("button", name="Color mode")
    for _ in range(3):
        if page.locator("html").get_attribute("data-theme") == "dark":
            break
        switch.click()
    page.wait_for_function(f"old => {ground} !== old", arg=light)
    page.reload(wait_until="load")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(ground) != light
    assert watched.faults == []


def test_code_unfolds_and_is_copied(served, visit):
    watched = open_page(served, visit, KOREA, permissions=["clipboard-read", "clipboard-write"])
    page = watched.page
    fold = page.locator("details.hide").first
    code = fold.locator("pre").first
    assert not code.is_visible()
    fold.locator("summary").click()
    assert code.is_visible()
    assert fold.locator("summary").inner_text().strip() == "Hide the code"
    code.hover()
    fold.get_by_role("button", name="Copy").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('import pandas')")
    fold.locator("summary").click()
    assert not code.is_visible()
    assert watched.faults == []


def test_the_download_menu_and_its_tooltips_by_keyboard(served, visit):
    page = open_page(served, visit, KOREA).page
    button = page.get_by_role("button", name="Download this page")
    button.focus()
    page.keyboard.press("ArrowDown")
    assert button.get_attribute("aria-expanded") == "true"
    tip = "getComputedStyle(document.activeElement, '::after').content.includes('Download source file')"
    assert page.evaluate(tip)
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.classList.contains('btn-download-pdf-button')")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("link", name=".md").evaluate("link => link === document.activeElement")
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("button => button === document.activeElement"), "the focus comes back"
    fullscreen = page.get_by_role("button", name="Fullscreen mode")
    fullscreen.focus()
    assert fullscreen.evaluate("button => getComputedStyle(button, '::after').display") == "block"
    page.keyboard.press("Escape")
    assert fullscreen.evaluate("button => getComputedStyle(button, '::after').display") == "none"


def test_the_contents_of_the_page_mark_where_the_reader_is(book, visit):
    page = visit(book + KOREA, book, viewport={"width": 1280, "height": 844}).page
    contents = page.locator("#pst-page-toc-nav")
    contents.get_by_role("link", name="When did it end?").click()
    assert contents.locator("a[aria-current]").all_inner_texts() == ["When did it end?"]
    page.wait_for_timeout(1100)
    page.get_by_role("heading", name="Check yourself").evaluate("heading => heading.scrollIntoView()")
    contents.locator("a[aria-current]", has_text="Check yourself").wait_for()
    assert contents.locator("a.active").count() == 1


def test_the_contents_on_a_phone_lead_to_the_section_and_close(served, visit):
    page = open_page(served, visit, KOREA, 390).page
    page.get_by_role("button", name="Toggle secondary sidebar").click()
    link = page.get_by_role("link", name="When did it end?")
    link.click()
    link.wait_for(state="hidden")
    assert page.get_by_role("heading", name="When did it end?").bounding_box()["y"] < 844
    page.wait_for_timeout(300)
    page.mouse.wheel(0, -200)
    page.wait_for_function("document.getElementById('pst-back-to-top').style.display === 'block'")
    assert not page.locator("#pst-back-to-top").is_visible(), "it would cover what one reads"


def test_without_javascript_the_page_shows_nothing_that_needs_it(served, visit):
    page = open_page(served, visit, KOREA, java_script_enabled=False).page
    assert page.get_by_role("button", name="Color mode").count() == 0
    assert page.get_by_role("heading", level=1).first.is_visible()


def test_every_icon_has_its_glyph_and_text_is_set_in_the_courses_fonts(book, visit):
    page = visit(book + KOREA, book, viewport={"width": 1280, "height": 844}).page
    page.wait_for_function(
        "[...document.fonts].some(font => /Course Icons/.test(font.family) && font.status === 'loaded')"
    )
    shown = page.evaluate(
        """[...document.querySelectorAll("[class*='fa-']")].map(icon =>
            [icon.className, getComputedStyle(icon, "::before").content, getComputedStyle(icon, "::before").fontFamily])"""
    )
    style = (HTML / "_static" / light_pages.STYLE).read_text(encoding="utf-8")
    data = re.search(r"data:font/woff2;base64,([^)]+)", style)[1]
    glyphs = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
    assert len(shown) > 5
    for name, content, family in shown:
        assert "Course Icons" in family, name
        assert ord(content.strip('"')) in glyphs, name
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    )
    assert {"Course Serif", "Course Sans"} <= set(loaded)
    assert page.evaluate(
        "getComputedStyle(document.querySelector('article section[id] > p:not([class])')).fontFamily"
    ).startswith('"Course Serif"')


def test_text_that_is_being_read_does_not_move_when_fonts_and_widgets_come_late(served, browser):
    context = browser.new_context(viewport={"width": 412, "height": 823}, is_mobile=True)
    late = []
    context.route("**/*.woff2", lambda route: late.append(route))
    page = context.new_page()
    page.add_init_script(
        """window.moved = 0; new PerformanceObserver(list => {
            for (const shift of list.getEntries()) window.moved += shift.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto(served + KOREA, wait_until="domcontentloaded")
    page.locator(".md-w").nth(1).wait_for()
    page.wait_for_timeout(300)  # the reader reads; then the fonts are there
    assert late, "the page asked for no font"
    for route in late:
        route.continue_()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    moved = page.evaluate("moved")
    context.close()
    assert moved < 0.01


@pytest.mark.parametrize(
    ("width", "line", "faces"),
    [
        (1280, {"effectiveType": "4g"}, 3),
        (1280, {"effectiveType": "3g"}, 0),
        (1280, {"saveData": True}, 0),
        (390, {}, 0),
    ],
)
def test_fonts_come_with_the_styles_on_a_desk_and_over_a_good_line_only(served, browser, width, line, faces):
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ value: {json.dumps(line)} }})")
    page.goto(served + KOREA)
    asked = page.locator("link[rel=preload]").evaluate_all("links => links.map(link => link.href)")
    assert len(asked) == faces
    for address in asked:
        assert (HTML / address.removeprefix(served)).is_file()
    context.close()


def test_the_cut_fonts_do_not_use_the_reserved_name():
    folder = HTML / "_static" / "fonts"
    assert len(list(folder.glob("*.woff2"))) == 2 * len(fonts.FACES)
    for path in folder.glob("*.woff2"):
        names = {record.nameID: str(record) for record in TTFont(path)["name"].names}
        assert names[1] in ("Course Serif", "Course Sans")
        assert not [text for key, text in names.items() if key not in (0, 13, 14) and "Source" in text]
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8").upper()


def test_fonts_that_the_build_made_are_made_again_only_if_something_changed(monkeypatch):
    monkeypatch.setattr(fonts, "cut", lambda *_: pytest.fail("made again"))
    fonts.make(WHOLE_STYLE.parent)
    monkeypatch.setattr(fonts, "_recipe", lambda: "other versions")
    with pytest.raises(pytest.fail.Exception, match="made again"):
        fonts.make(WHOLE_STYLE.parent)


# Reads every computed style of every element, exchanges the stylesheet in place, and reads them again.
COMPARE = """async ([whole, within]) => {
    // `background: none` is minified to `0 0`, which says the same where there is no picture.
    const keys = [...getComputedStyle(document.body)].filter(key => !/^(--|background-position)/.test(key));
    // Elements alike in all that a rule may ask for, and in their ancestors, get the same rules: of each kind two and the last.
    const asked = /^(class|type|role|open|hidden|lang|data-(?!model|id))/;
    const signatures = new Map();
    const kinds = new Map();
    for (const element of document.querySelectorAll(`body, ${within}`)) {
        // What a closed fold holds has no stable size; it is compared when it is open.
        if (element.closest("details:not([open]) > :not(summary)")) continue;
        const attributes = [...element.attributes].filter(({ name }) => asked.test(name)).map(({ name, value }) => `[${name}=${value}]`);
        const signature = `${signatures.get(element.parentElement)}>${element.tagName}${attributes.join("")}`;
        signatures.set(element, signature);
        kinds.set(signature, [...(kinds.get(signature) ?? []).slice(0, 2), element]);
    }
    const places = [...kinds.values()].flat().flatMap(element => ["", "::before", "::after"]
        .filter(part => !part || getComputedStyle(element, part).content !== "none").map(part => [element, part]));
    const read = () => {
        const scrolled = { left: scrollX, top: scrollY, behavior: "instant" };
        document.body.style.display = "none"; // all is laid out anew: Chromium else reports some sizes of before
        document.body.offsetHeight;
        document.body.style.display = "";
        scrollTo(scrolled);
        return places.map(([element, part]) => {
            const style = getComputedStyle(element, part || null);
            return keys.map(key => style.getPropertyValue(key));
        });
    };
    const light = document.querySelector('link[rel="stylesheet"]');
    const before = read();
    const exchanged = light.cloneNode();
    exchanged.href = whole;
    await new Promise((resolve, reject) => { exchanged.onload = resolve; exchanged.onerror = reject; light.after(exchanged); });
    light.disabled = true;
    await document.fonts.ready;
    const after = read();
    light.disabled = false;
    exchanged.remove();
    return places.flatMap(([element, part], i) => {
        const different = keys.map((key, k) => [key, before[i][k], after[i][k]]).filter(([, light, whole]) => light !== whole);
        return different.length
            ? [`${element.tagName}#${element.id}.${element.getAttribute("class")}${part}: ${JSON.stringify(different.slice(0, 4))}`]
            : [];
    }).slice(0, 8);
}"""


def states(page, width, scheme):
    """Bring the page into each state that a reader can bring about, from the half in the other scheme.

    Yields the state's name and a selector of what it may have changed.
    """
    yield "as it opens", "body *"
    for question in page.query_selector_all("form.md-ask"):
        answer(question)
    open_everything(page)
    yield "unfolded and answered", "body *"
    other = SCHEMES[scheme == SCHEMES[0]]
    page.emulate_media(color_scheme=other, reduced_motion="reduce")
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=other)
    yield "in the other scheme", "body *"
    around = "body *:not(article *)"
    if menu := page.query_selector(".dropdown-download-buttons > button"):
        menu.click()
        yield "download menu open, with its tooltip", around
    if width < 600:
        page.locator(".primary-toggle").click()
        yield "sidebar open", around
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    yield "search open", around


def with_fonts_waited_for(path):
    """Return what serves a stylesheet whose fonts are waited for; as it is, one that is a moment late is left to the next page."""
    text = re.sub("font-display: ?optional", "font-display:block", path.read_text(encoding="utf-8"))
    return lambda route: route.fulfill(body=text, content_type="text/css")


@pytest.mark.parametrize(("width", "scheme"), list(zip(WIDTHS, SCHEMES, strict=True)))
@pytest.mark.parametrize("name", [KOREA, "search.html?q=agreement"])
def test_rules_that_were_left_out_changed_nothing(served, visit, name, width, scheme):
    page = open_page(served, visit, name, width, scheme, reduced_motion="reduce").page
    for path in (WHOLE_STYLE, HTML / "_static" / light_pages.STYLE):
        page.route(f"**/{path.name}*", with_fonts_waited_for(path))
    page.reload(wait_until="networkidle")
    # The button that leads to the top comes and goes with the direction in which the page was scrolled last.
    still = "*, *::before, *::after { transition: none !important; animation: none !important }"
    page.add_style_tag(content=f"{still} #pst-back-to-top {{ display: block !important }}")
    for state, within in states(page, width, scheme):
        settle(page)
        assert page.evaluate(COMPARE, [f"{served}_static/{WHOLE_STYLE.name}", within]) == [], state


def test_the_address_of_the_book_is_a_whole_document(served, visit):
    page = visit(served + "index.html", served, java_script_enabled=False).page
    page.wait_for_url("**/book/index.html")
    start = (HTML / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in start
    assert "<title>Military Diplomacy in Conflict Resolution</title>" in start


def test_the_book_keeps_no_asset_that_no_page_asks_for():
    assert sum(path.stat().st_size for path in (HTML / "_static").rglob("*") if path.is_file()) < 1.5e6


@pytest.mark.parametrize(
    ("styles", "scripts"),
    [(["new-extension.css"], []), ([], [SimpleNamespace(filename="new.js", attributes={})])],
    ids=["style", "script"],
)
def test_an_unknown_asset_stops_the_build_and_says_what_to_do(styles, scripts):
    context = {"css_files": [SimpleNamespace(filename=f"_static/{name}") for name in styles], "script_files": scripts}
    with pytest.raises(ExtensionError, match="page_assets.py"):
        light_pages.one_of_each(None, "page", "page.html", context, None)


def test_an_unknown_setting_stops_the_build():
    script = SimpleNamespace(filename=None, attributes={"body": "let unknown = 1;"})
    with pytest.raises(ExtensionError, match="SETTING"):
        light_pages.one_of_each(None, "page", "page.html", {"css_files": [], "script_files": [script]}, None)


def test_an_asset_from_a_template_stops_the_build():
    with pytest.raises(ExtensionError, match="layout.html"):
        light_pages._require_two_files(Path("p.html"), '<script defer src="_static/scripts/new.js?digest=1"></script>')


def test_a_theme_that_has_changed_stops_the_build():
    with pytest.raises(ExtensionError, match="primary sidebar"):
        page_mends.require_proofs(["<div id='pst-primary-sidebar'>"])


def test_purging_keeps_what_widgets_and_scripts_use():
    css = ".md-later{text-wrap:balance;top:0}.text-wrap{top:3px}.never{top:1px}.by-script{top:2px}.in-page{top:var(--read)}:root{--read:1px;--unread:2px}"
    light = stylesheet.purge(css, '<p class="in-page">', 'element.className = "by-script other"')
    assert (
        light
        == ".md-later{text-wrap:balance;top:0}.text-wrap{top:3px}.by-script{top:2px}.in-page{top:var(--read)}:root{--read:1px}"
    )
