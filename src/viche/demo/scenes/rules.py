"""Scene: next year's contest of the city as a draft that two officials wrote and that waits for a second one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from rulebook.presets import preset
from viche.communities.models import Community
from viche.contests.actions import create_contest, decision_text, propose_rules, revise_rules
from viche.contests.models import Contest, RulesVersion
from viche.contests.planning import day_of, suggested_schedule
from viche.contests.queries import draft_of
from viche.foundation import clock
from viche.foundation.actor import Actor

PRESET = "vinnytsia-2021"
TOTAL, LARGEST = 1_400_000_000, 150_000_000


def stage(bodies: Mapping[str, Community], officials: Mapping[str, Sequence[Actor]]) -> None:
    """The draft, the revisions of both and the proposal; run once, at the moment of now.

    officials: of "poltava" an administrator, who begins, dates and proposes, and an editor of the regulation.
    """
    city = bodies["poltava"]
    administrator = next(each for each in officials["poltava"] if "administrator" in each.roles)
    editor = next(each for each in officials["poltava"] if "editor" in each.roles)
    now = clock.now()
    with clock.at(now - timedelta(days=9)):
        contest = _begun(city, administrator)
    with clock.at(now - timedelta(days=7)):
        _revised(contest, administrator, "projects", size_classes=_classes(contest))
        _revised(contest, administrator, "money", total=TOTAL)
    with clock.at(now - timedelta(days=5)):
        _revised(contest, editor, "people", voter={**_draft(contest).document["voter"], "min_age": 16})
        _revised(contest, editor, "review", review=_review(contest))
    with clock.at(now - timedelta(days=1)):
        day = day_of(clock.now()) - timedelta(days=2)
        propose_rules(
            contest=contest, decision=decision_text("31-8", day), decision_date=day,
            decision_url="https://poltava.example/rishennia/31-8", by=administrator,
        )  # fmt: skip


def _begun(city: Community, by: Actor) -> Contest:
    year = day_of(clock.now()).year + 1
    title = {"uk": f"Громадський бюджет Полтави {year}", "en": f"Participatory budget of Poltava {year}"}
    rules = preset(PRESET).rules
    return create_contest(
        community=city, slug=str(year), year=year, title=title,
        rules={**rules.as_document(), "title": title, "source": ""},
        schedule=suggested_schedule(rules, day_of(clock.now()) + timedelta(days=60)), by=by, note=f"preset:{PRESET}",
    )  # fmt: skip


def _revised(contest: Contest, by: Actor, section: str, **settings: Any) -> None:
    draft = _draft(contest)
    revise_rules(
        contest=contest, base=draft.number, document={**draft.document, **settings}, by=by, note=section
    )


def _draft(contest: Contest) -> RulesVersion:
    draft = draft_of(contest)
    assert draft is not None
    return draft


def _classes(contest: Contest) -> list[dict[str, Any]]:
    """Large projects may cost more than in the preset."""
    return [
        {**each, "max_cost": LARGEST} if each["id"] == "large" else each
        for each in _draft(contest).document["size_classes"]
    ]


def _review(contest: Contest) -> list[dict[str, Any]]:
    """The review has a term."""
    return [{**each, "days": 20, "day_kind": "working"} for each in _draft(contest).document["review"]]
