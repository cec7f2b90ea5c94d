"""The state of a page's widgets, without what the page holds already.

myst-nb writes each widget's whole state into the page: its code once an instance, its styles, and its data, which stand a
second time in the table that takes its place without JavaScript. Here the code is kept once a class, without comments; styles
go into the book's stylesheet (`page_assets`); a text that stands in the widget's table becomes a reference to it:
`{"$": [i, n]}` is the i-th text of the table without its last n characters, `{"@": i}` the address of its i-th link. The
page's loader reads them.
"""

import html
import json
import re

import rjsmin

STATE = re.compile(r'(<script type="application/vnd\.jupyter\.widget-state\+json">)(.*?)(</script>)', re.DOTALL)
TABLE = r'<details class="md-alternative" data-model="{}".*?</details>'
SHORTEST = 8  # a reference is no shorter than a shorter text


def lighten(page: str) -> str:
    """Return the page with the state of its widgets as the loader reads it; a page that is light already stays as it is."""
    found = STATE.search(page)
    if not found:
        return page
    state = json.loads(found[2])
    if "modules" in state:
        return page
    modules: list[str] = []
    models = {}
    for model_id, model in state["state"].items():
        traits = model["state"]
        if model["model_name"] == "LayoutModel":
            continue
        if "_esm" in traits:
            code = rjsmin.jsmin(traits["_esm"])
            if code not in modules:
                modules.append(code)
            table = re.search(TABLE.format(model_id), page, re.DOTALL)
            refer = _references(table[0]) if table else {}
            traits = {key: _share(value, refer) for key, value in traits.items() if key[0] != "_" and key != "layout"}
            traits["_esm"] = modules.index(code)
        models[model_id] = {"state": traits}
    text = json.dumps({"modules": modules, "state": models}, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c")  # no text ends the script
    return page[: found.start(2)] + text + page[found.end(2) :]


def _references(table: str) -> dict[str, dict]:
    """Return for each text and address of a table's HTML the reference to it."""
    refer: dict[str, dict] = {}
    for i, address in enumerate(re.findall(r'<a [^>]*?href="([^"]*)"', table)):
        refer.setdefault(html.unescape(address), {"@": i})
    for i, raw in enumerate(text for text in re.findall(r">([^<]+)(?=<)", table) if html.unescape(text).strip()):
        text = html.unescape(raw).strip()
        refer.setdefault(text, {"$": [i, 0]})
        refer.setdefault(text[:-1], {"$": [i, 1]})
    return refer


def _share(value, refer: dict[str, dict]):
    if isinstance(value, dict):
        return {key: _share(each, refer) for key, each in value.items()}
    if isinstance(value, list):
        return [_share(each, refer) for each in value]
    if isinstance(value, str) and len(value) >= SHORTEST:
        return refer.get(value, value)
    return value
