"""What `make audit` says of a page that breaks a limit, and of one that breaks none."""

from tools import audit

GOOD = {
    "transfer_kib": 111.0,
    "transfer_with_chart_kib": 311.0,
    "lighthouse": {"performance": 95, "accessibility": 100, "best_practices": 100, "seo": 100},
    "axe": [],
    "html_errors": [],
    "outside_requests": [],
}


def test_a_page_within_all_limits_is_not_named():
    assert audit.failures("a.html", GOOD, {}) == []


def test_each_broken_limit_is_named_with_what_was_found():
    bad = GOOD | {
        "transfer_kib": 160.1,
        "lighthouse": GOOD["lighthouse"] | {"seo": 99},
        "axe": ["390 px, dark: color-contrast: Too little: p"],
        "outside_requests": ["https://example.org/x.js"],
    }
    assert audit.failures("a.html", bad, {"seo": ["meta-description"]}) == [
        "a.html: transfer_kib is 160.1, the limit 160",
        "a.html: Lighthouse's seo is 99, the limit 100: meta-description",
        "a.html: axe: 390 px, dark: color-contrast: Too little: p",
        "a.html: outside_requests: https://example.org/x.js",
    ]


def test_an_unknown_page_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "a.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/b.html").write_text("<p>", encoding="utf-8")
    monkeypatch.setattr(audit, "HTML", tmp_path)
    assert audit.main(["b.html"]) == 2
    assert "holds no page b.html; it holds: a.html" in capsys.readouterr().err
