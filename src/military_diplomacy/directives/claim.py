"""`{claim}` and `{claims}`: claims of the source article as the ledger rates them, where they belong in the argument."""

from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .. import claims, references
from .chapter import ChapterDirective, ChapterError, raw

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    app.add_directive("claim", ClaimDirective)
    app.add_directive("claims", ClaimsDirective)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", require_all)


def shown(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the ids of the claims that each page shows."""
    if not hasattr(env, "md_claims"):
        env.md_claims = {}
    return env.md_claims


def forget(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    shown(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    shown(env).update({name: ids for name, ids in shown(other).items() if name in docnames})


def require_all(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of a chapter that leaves out a claim that is its own, or shows one twice."""
    for docname in sorted(env.found_docs):
        ids = shown(env).get(docname, [])
        own = [claim.id for claim in claims.of_chapter(docname.rsplit("/", 1)[-1])]
        if missing := [claim_id for claim_id in own if claim_id not in ids]:
            logger.warning(
                "claims.csv gives this chapter claims that it does not show: %s; show each with {claim} or {claims}",
                ", ".join(missing),
                location=docname,
            )
        if repeated := sorted({claim_id for claim_id in ids if ids.count(claim_id) > 1}):
            logger.warning("shown more than once: %s; show a claim once", ", ".join(repeated), location=docname)


class _Rated(ChapterDirective):
    has_content = True

    def note(self, claim_id: str) -> claims.Claim:
        shown(self.env).setdefault(self.env.docname, []).append(claim_id)
        return claims.find(claim_id)

    def level(self, claim: claims.Claim) -> list[nodes.Node]:
        """Return where the rating stands on its scale, linked to what the scale means: the page with the label `rating-scale`."""
        return self.inline(f"{{ref}}`{claim.level} of 4 <rating-scale>`")

    def evidence(self, claim: claims.Claim) -> list[nodes.Node]:
        works = [key for key in claim.evidence if key in references.load()]
        tables_named = [f"`{key}`" for key in claim.evidence if key not in works]
        parts = [f"{{cite:t}}`{','.join(works)}`"] if works else []
        if tables_named:
            parts.append(f"{'table' if len(tables_named) == 1 else 'tables'} {', '.join(tables_named)}")
        return self.inline("; ".join(parts) + ".")


class ClaimDirective(_Rated):
    """One claim. The content is what the evidence says here; without it the ledger's reason stands there."""

    required_arguments = 1

    def build(self) -> list[nodes.Node]:
        claim = self.note(self.arguments[0])
        label = f"claim-{claim.id}"
        answer = self.body() if self.content else [nodes.paragraph("", "", *self.inline(claim.reason))]
        why = [raw('<p class="md-why"><strong>Why this rating.</strong> '), *self.inline(claim.reason), raw("</p>")]
        return [
            raw(
                f'<section class="md-claim" id="{label}" data-rating="{slug(claim.rating)}" aria-labelledby="{label}-is">'
                f'<p class="md-rating" id="{label}-is">{escape(claim.rating.capitalize())} <span>'
            ),
            *self.level(claim),
            raw(
                f" · claim {claim.id}, in {escape(origin(claim))}</span></p>"
                '<div class="md-two"><div><p class="md-label">What the article says</p><p>'
            ),
            *self.inline(claim.text),
            raw('</p></div><div><p class="md-label">What the evidence says</p>'),
            *answer,
            raw("</div></div>"),
            *(why if self.content else []),
            raw('<details class="md-more"><summary>Evidence for this rating</summary><p>'),
            *self.evidence(claim),
            raw("</p></details></section>"),
        ]


class ClaimsDirective(_Rated):
    """Several claims, each a line that opens to its reason. The content introduces them."""

    required_arguments = 1
    final_argument_whitespace = True

    def build(self) -> list[nodes.Node]:
        ids = directives.unchanged_required(self.arguments[0]).split()
        if len(ids) < 2:
            raise ChapterError(f"expected two or more ids of claims, found {ids}; for one use {{claim}}")
        lines = [node for claim_id in ids for node in self.line(self.note(claim_id))]
        return [raw('<div class="md-claims">'), *self.body(), *lines, raw("</div>")]

    def line(self, claim: claims.Claim) -> list[nodes.Node]:
        return [
            raw(
                f'<details class="md-claim" id="claim-{claim.id}" data-rating="{slug(claim.rating)}"><summary>'
                f'<span class="md-rating">{escape(claim.rating.capitalize())} <span>{claim.id}</span></span>'
            ),
            *self.inline(claim.text),
            raw("</summary><p>"),
            *self.inline(claim.reason),
            raw('</p><p class="md-why">'),
            *self.level(claim),
            raw(f". In {escape(origin(claim))}. Evidence: "),
            *self.evidence(claim),
            raw("</p></details>"),
        ]


def origin(claim: claims.Claim) -> str:
    """Return where in the article a claim stands, by the heading of its section; two sections have none."""
    return f"its {claim.heading[1:-1]}" if claim.heading.startswith("(") else f"“{claim.heading}”"


def slug(rating: str) -> str:
    """Return a rating as the styles name it."""
    return rating.replace(" ", "-")
