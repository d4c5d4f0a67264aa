"""The pages that explain a count: what ``rulebook.explaining`` makes of the stored dossier."""

import base64
import hashlib
import re
from dataclasses import replace

from rulebook.counting import RULES, Outcome
from rulebook.counting import count as count_ballots
from rulebook.dossier import Dossier
from rulebook.explaining import compare, page
from rulebook.explaining.comparing import under_rule
from rulebook.rules import problems
from viche.communities.models import Territory
from viche.results.models import Count

KINDS = EXPLANATION, COMPARISON = ("explanation", "comparison")
LANGUAGES = ("uk", "en")
LARGEST_AT_ONCE = 100_000
"""Ballots times projects up to which a page is written while the visitor waits: half a second at most."""

_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


def is_large(count: Count) -> bool:
    """Whether the pages take too long to be written within a request."""
    outcome = count.outcome
    ballots = outcome["voters"] + sum(outcome["invalid"].values())
    return bool(ballots * len(outcome["totals"]) > LARGEST_AT_ONCE)


def written_pages(count: Count) -> dict[tuple[str, str], str]:
    """Every page of the count, by kind and language. Counts again; takes seconds for a large city.

    Raises ValueError where the dossier does not lead to the stored outcome.
    """
    dossier = Dossier.from_json(count.dossier)
    outcome = count_ballots(dossier)
    if outcome.digest != count.outcome_digest:
        raise ValueError(f"count {count.pk}: the dossier leads to another outcome than the stored one")
    return {
        (kind, language): _written(count, dossier, outcome, kind, language)
        for kind in KINDS
        for language in LANGUAGES
    }


def _written(count: Count, dossier: Dossier, outcome: Outcome, kind: str, language: str) -> str:
    title = count.contest.title
    shown = _with_names(replace(dossier, contest=title.get(language) or title["uk"]))
    if kind == COMPARISON:
        return compare(shown, readable_rules(dossier), language)
    slug = count.contest.slug
    command = f"python -m rulebook verify {slug}-dossier.json {slug}-outcome.json"
    return page(shown, outcome, language, command=command)


def readable_rules(dossier: Dossier) -> list[str]:
    """The counting rules that can read ballots of this kind, with their usual options."""
    return [
        rule
        for rule in RULES
        if not any(
            problem.path.startswith("/counting/options")
            for problem in problems(under_rule(dossier, rule).rules)
        )
    ]


def _with_names(dossier: Dossier) -> Dossier:
    """The dossier with names of territories instead of the codifier's codes, where nothing depends on the codes."""
    codes = {project.territory for project in dossier.projects if project.territory}
    names = {area.code: area.full_name for area in Territory.objects.filter(pk__in=codes)}
    is_told_apart = len(set(names.values())) == len(names)
    if "winners_per_territory" in dossier.rules.counting.options or not is_told_apart:
        return dossier
    projects = [
        replace(project, territory=names.get(project.territory or "", project.territory))
        for project in dossier.projects
    ]
    return replace(dossier, projects=tuple(projects))


def style_policy(html: str) -> str:
    """The Content-Security-Policy of a page: its own style sheet by its hash, and nothing else."""
    digests = [
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in _STYLE.findall(html)
    ]
    styles = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; script-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
