"""Waiting for what a page does by itself, no longer than it takes."""

# Widgets are there or say why not, fonts have come, observers have been told, and no transition runs any more.
SETTLED = """async () => {
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const views = document.querySelectorAll("script[type='application/vnd.jupyter.widget-view+json']").length;
    while (document.querySelectorAll(".md-w, .md-failed").length < views) await frame();
    await document.fonts.ready;
    for (let frames = 0; frames < 3; frames++) await frame();
    const ends = animation => animation.effect.getComputedTiming().endTime < Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map(animation => animation.finished));
}"""
LIVE = "chart => 'live' in chart.dataset || chart.querySelector('.md-failed')"


def settle(page):
    """Wait until nothing moves any more."""
    page.evaluate(SETTLED)


def bring_to_life(page):
    """Go past every chart, as a reader does, so that each is live or says why not; then down to the end of the page."""
    page.mouse.move(100, 100)
    for chart in page.query_selector_all(".md-chart"):
        chart.scroll_into_view_if_needed()
        page.wait_for_function(LIVE, arg=chart)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    settle(page)
