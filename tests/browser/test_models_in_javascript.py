"""Each model exists twice, in Python for learners and in JavaScript for its widget: the same numbers in a real browser."""

import importlib
import inspect
import random

import pytest

from military_diplomacy import widgets

TIMES = 500


def reassurance(draw):
    exploitation, conflict, temptation, reward, temptation_greedy = sorted(draw.uniform(-5, 5) for _ in range(5))
    shares = {name: draw.random() for name in ("stake", "rate", "prior", "rate_secure", "rate_greedy")}
    counts = {name: draw.randrange(draw.choice((12, 12, 5000))) for name in ("kept", "broken")}
    payoffs = {"reward": reward, "temptation": temptation, "temptation_greedy": temptation_greedy}
    payoffs |= {"exploitation": exploitation, "conflict": conflict}
    return shares | counts | payoffs | {"error": draw.uniform(0, 0.5)}


# A new model is one line: the widget that carries it, and a function that draws every argument by its name.
MODELS = [("reassurance", widgets.Reassurance, reassurance)]


def test_no_widget_s_model_is_left_out():
    carrying = {getattr(widgets, name) for name in widgets.__all__}
    carrying = {widget for widget in carrying if "export const model" in widget._esm}
    assert carrying == {widget for _, widget, _ in MODELS}, "a widget's model has no line in MODELS, above"


@pytest.mark.parametrize(
    ("name", "widget", "arguments"), MODELS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_python_and_javascript_agree(browser, name, widget, arguments):
    python = importlib.import_module(f"military_diplomacy.models.{name}")
    page = browser.new_page()
    page.evaluate(
        "async code => { window.model = (await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))).model }",
        widget._esm,
    )
    functions = page.evaluate("Object.keys(model)")
    assert functions
    draw = random.Random(f"{name} 2026")
    cases = []
    for function in functions:
        parameters = inspect.signature(getattr(python, function)).parameters.values()
        needed = {parameter.name for parameter in parameters if parameter.default is parameter.empty}
        for time in range(TIMES):
            drawn = arguments(draw)
            # In every tenth case the optional arguments are left out: the defaults agree too.
            cases.append((function, {p.name: drawn[p.name] for p in parameters if time % 10 or p.name in needed}))
    found = page.evaluate("cases => cases.map(([name, given]) => model[name](given))", cases)
    page.close()
    for (function, given), value in zip(cases, found, strict=True):
        assert value == pytest.approx(getattr(python, function)(**given), rel=1e-9, abs=1e-9), (function, given)
