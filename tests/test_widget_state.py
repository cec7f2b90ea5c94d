"""The widgets' state in a page: code once a class, and no text that the widget's table holds already."""

import json

from military_diplomacy.directives import widget_state

TABLE = (
    '<details class="md-alternative" data-model="{}" open><summary>As a table</summary>\n<table><tbody><tr>'
    "<td><strong>Agreement signed.</strong> Soldiers &amp; ministers meet.</td>"
    '<td><a href="https://example.org/?a=1&amp;b=2">A source</a></td></tr></tbody></table></details>'
)
DATA = [
    {
        "title": "Agreement signed",
        "summary": "Soldiers & ministers meet.",
        "url": "https://example.org/?a=1&b=2",
        "n": 3,
    }
]


def page():
    def widget(code, rows):
        return {"model_name": "AnyModel", "state": {"_esm": code, "_css": "p {}", "layout": "x", "rows": rows}}

    models = {
        "a": widget("// why\nexport default { render }", DATA),
        "b": widget("// why\nexport default { render }", ["Stands in no table </script>"]),
        "x": {"model_name": "LayoutModel", "state": {}},
    }
    state = json.dumps({"state": models}).replace("</", "<\\/")
    tables = TABLE.format("a") + TABLE.format("b")
    return f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>{tables}'


def test_code_is_kept_once_and_texts_of_the_table_are_referred_to():
    light = widget_state.lighten(page())
    state = json.loads(widget_state.STATE.search(light)[2])
    assert state["modules"] == ["export default{render}"]
    assert set(state["state"]) == {"a", "b"}
    rows = [{"title": {"$": [1, 1]}, "summary": {"$": [2, 0]}, "url": {"@": 0}, "n": 3}]
    assert state["state"]["a"]["state"] == {"rows": rows, "_esm": 0}
    assert state["state"]["b"]["state"] == {"rows": ["Stands in no table </script>"], "_esm": 0}
    assert light.count("</script>") == 1
    assert widget_state.lighten(light) == light
