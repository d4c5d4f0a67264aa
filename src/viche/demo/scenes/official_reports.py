"""Scene: the official reports that the city's commission has issued about a contest that is over."""

from datetime import timedelta

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.reports.actions import count_tallies
from viche.reports.official.actions import ask_report, make_report, set_letterhead
from viche.reports.official.kinds import KINDS

PEOPLE = {
    "uk": [["Голова комісії", "Ірина Савченко"], ["Секретар комісії", ""]],
    "en": [["Chair of the commission", "Iryna Savchenko"], ["Secretary of the commission", ""]],
}
PLACES = {"uk": "м. Полтава", "en": "Poltava"}
LINES = {
    "uk": ["Полтавська міська рада", "Комісія громадського бюджету"],
    "en": ["Poltava City Council", "Commission of the participatory budget"],
}


def stage(contest: Contest, commission: Actor, administrator: Actor) -> int:
    """Issue what can be issued of a published contest, on the day after its publication; how many reports.

    Every kind in Ukrainian, those for everybody in English too.
    """
    with clock.at(contest.publication.published_at + timedelta(days=1)):
        texts = {
            each: {"lines": LINES[each], "place": PLACES[each], "signatories": PEOPLE[each]}
            for each in PLACES
        }
        set_letterhead(
            community=contest.community, has_emblem=True, texts=texts, revision=0, by=administrator
        )
        count_tallies(contest=contest)
        issued = 0
        for kind in KINDS.values():
            if kind.is_ready(contest):
                continue
            languages = ["uk", "en"] if kind.is_public else ["uk"]
            for report in ask_report(contest=contest, kind=kind.key, languages=languages, by=commission):
                issued += make_report(report=report).state == "made"
    return issued
