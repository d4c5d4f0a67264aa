"""What stands in each table of the archive: values by the name of their column, in the order of the table.

Only what pages show: no names, no contractors, no recipients; of ballots nothing before the result is published.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from django.db.models import Count, JSONField, QuerySet, Sum
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, TruncDate

from rulebook.canonical import canonical
from viche.connectors.open_data.places import contest_address
from viche.connectors.open_data.rows import LEAST
from viche.connectors.open_data.votes import opened_ballots
from viche.connectors.treasury.models import Payment
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.projects.delivery import WON
from viche.projects.models import Contract, Delay, Delivery, Milestone, Project, Signature
from viche.projects.queries import VOTED_ON
from viche.reports.figure import HIDDEN, Figure, Value
from viche.reports.queries import figures_of
from viche.reports.turnout import structure_of, turnout_document
from viche.results.models import Count as Counted
from viche.results.models import Publication
from viche.results.queries import publication_of
from viche.review.models import Decision

Row = dict[str, Any]

AT_ONCE = 2_000


class Source:
    """One contest, read table by table; what several tables need is read once."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest

    @cached_property
    def published(self) -> Publication | None:
        return publication_of(self.contest)

    @cached_property
    def turnout_shown(self) -> dict[str, Any] | None:
        try:
            return turnout_document(self.contest)
        except Refused:
            return None

    @cached_property
    def projects_shown(self) -> QuerySet[Project]:
        return Project.objects.filter(contest=self.contest, published_at__isnull=False).order_by()

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, each with the contest it is of."""
        read: Callable[[], Iterable[Row]] = getattr(self, table)
        for row in read():
            yield {"contest": self.contest.slug, **row}

    # --- the contest --------------------------------------------------------------------------------------------

    def contests(self) -> Iterator[Row]:
        contest, published, shown = self.contest, self.published, self.turnout_shown or {}
        community, rules, window = contest.community, contest.rules, contest.window("voting")
        yield {
            "community": community.slug, "community_code": community.code,
            "community_name": community.name.get("uk", ""), "title": contest.title.get("uk", ""),
            "title_en": contest.title.get("en") or None, "year": contest.year, "currency": contest.currency,
            "origin": contest.origin or None, "ballot_kind": rules.ballot.kind, "counting_rule": rules.counting.rule,
            "rules_sha256": contest.rules_version.digest, "voting_begins_at": window.starts_at if window else None,
            "voting_ends_at": window.ends_at if window else None, "members": shown.get("members"),
            "voters": shown.get("votes"), "published_at": published.published_at if published else None,
            "dossier_sha256": published.count.dossier_digest if published else None,
            "outcome_sha256": published.count.outcome_digest if published else None,
            "page": contest_address(contest, "contest"),
        }  # fmt: skip

    def rules(self) -> Iterator[Row]:
        version = self.contest.rules_version
        yield {
            "version": version.number, "sha256": version.digest, "decision": version.decision or None,
            "decision_date": version.decision_date, "decision_url": version.decision_url or None,
            "frozen_at": version.frozen_at, "document": canonical(version.document).decode(),
        }  # fmt: skip

    def pots(self) -> Iterator[Row]:
        for place, pot in enumerate(self.contest.rules.pots, start=1):
            yield {
                "pot": pot.id, "place": place, "title": dict(pot.name).get("uk") or None, "amount": pot.amount,
                "size_class": pot.size_class, "category": pot.category, "territory": pot.territory,
            }  # fmt: skip

    def stages(self) -> Iterator[Row]:
        for each in sorted(self.contest.schedule, key=lambda each: (each.starts_at, each.phase)):
            yield {"stage": each.phase, "begins_at": each.starts_at, "ends_at": each.ends_at}

    # --- its projects -------------------------------------------------------------------------------------------

    def projects(self) -> Iterator[Row]:
        _parts, areas = structure_of(self.contest)
        page = contest_address(self.contest, "projects")
        for each in self.projects_shown.defer("search", "search_head").order_by("code").iterator(AT_ONCE):
            yield {
                "project": each.code, "number": each.number, "title": each.title, "summary": each.summary or None,
                "text": each.text or None, "category": each.category or None, "size_class": each.size_class or None,
                "pot": each.pot or None, "territory": each.territory_id,
                "part": areas.get(each.territory_id, ""), "place": each.place_name or None,
                "latitude": each.latitude, "longitude": each.longitude,
                "area": json.dumps(each.area, sort_keys=True) if each.area else None, "cost": each.cost,
                "supporters": each.supporters, "state": each.state, "state_at": each.state_at,
                "published_at": each.published_at, "is_on_ballot": each.state in VOTED_ON,
                "page": f"{page}{each.number}/",
            }  # fmt: skip

    def events(self) -> Iterator[Row]:
        codes = {f"project:{pk}": code for pk, code in self.projects_shown.values_list("pk", "code")}
        found = Entry.objects.filter(subject__in=list(codes), sort_key__isnull=True)
        named = (
            (codes[subject], kind, at)
            for subject, kind, at in _ordered(found, "subject", "kind", "recorded_at")
        )
        for code, place, (kind, at) in _numbered(named):
            yield {"project": code, "place": place, "event": kind, "at": at}

    def decisions(self) -> Iterator[Row]:
        found = Decision.objects.filter(project__in=self.projects_shown)
        fields = ("project__code", "stage", "verdict", "decided_at", "protocol", "reason")
        rows = found.order_by("project__code", "decided_at", "id").values_list(*fields)
        for code, place, (stage, verdict, decided_at, protocol, reason) in _numbered(rows):
            yield {
                "project": code, "place": place, "stage": stage or None, "verdict": verdict,
                "decided_at": decided_at, "protocol": protocol or None, "reason": reason or None,
            }  # fmt: skip

    def signatures(self) -> Iterator[Row]:
        for day, number in signed_days(self.contest).iterator(AT_ONCE):
            yield {"day": day, "signatures": number}

    # --- its voting ---------------------------------------------------------------------------------------------

    def turnout(self) -> Iterator[Row]:
        shown = self.turnout_shown
        if shown is None:
            return
        of_parts = {each["part"]: each["members"] for each in shown["parts"]}
        cells: list[tuple[str, str, str, int | None]] = [
            *(("day", each["date"], "", each["votes"]) for each in shown["days"]),
            *(
                ("hours", f"{each['from']:02d}-{each['to']:02d}", "", each["votes"])
                for each in shown["hours"]
            ),
            *(("channel", each["channel"], "", each["votes"]) for each in shown["channels"]),
            *(("part", each["part"], "", each["votes"]) for each in shown["parts"]),
            *(("part-channel", each["part"], each["channel"], each["votes"]) for each in shown["cells"]),
        ]
        for by, key, channel, voters in sorted(cells, key=lambda each: each[:3]):
            yield {
                "by": by, "key": key, "channel": channel, "voters": voters, "is_hidden": voters is None,
                "members": of_parts.get(key) if by == "part" else None,
            }  # fmt: skip

    def ballots(self) -> Iterator[Row]:
        for number, choices, is_valid in opened_ballots(self.contest):
            named = [{"project": project, "value": value} for project, value in choices]
            yield {"ballot": number, "is_counted": is_valid, "choices": named}

    def votes(self) -> Iterator[Row]:
        for number, choices, is_valid in opened_ballots(self.contest):
            for project, value in sorted(choices) if is_valid else ():
                yield {"ballot": number, "project": project, "value": value}

    def protocols(self) -> Iterator[Row]:
        if self.published is None:
            return
        # the dossier may be as large as its ballots are many: only its protocols leave the database
        protocols = KeyTransform("protocols", Cast("dossier", JSONField()))
        found = Counted.objects.filter(pk=self.published.count_id).values_list(protocols, flat=True)[0]
        for place, each in enumerate(found or (), start=1):
            votes = [{"project": project, "votes": number} for project, number in each["votes"]]
            yield {"protocol": place, "ballots": each["ballots"], "votes": votes}

    def outcome(self) -> Iterator[Row]:
        if self.published is None:
            return
        found = self.published.count.outcome
        places = {code: place for place, code in enumerate(found["funded"], start=1)}
        facts = Project.objects.filter(contest=self.contest, code__in=list(found["totals"])).order_by("code")
        for code, pot, cost in facts.values_list("code", "pot", "cost"):
            rejected = found["rejected"].get(code)
            yield {
                "project": code, "pot": pot, "score": found["totals"].get(code), "votes": found["votes"].get(code),
                "rank": found["ranks"].get(code), "is_funded": code in places, "place": places.get(code),
                "cost": cost, "amount": found["amounts"].get(code), "reason": rejected["code"] if rejected else None,
            }  # fmt: skip

    # --- how the winners are built ------------------------------------------------------------------------------

    def works(self) -> Iterator[Row]:
        found = (
            self.projects_shown.filter(state__in=WON).select_related("delivery").defer("search", "search_head")
            .annotate(rated=Count("ratings"), stars=Sum("ratings__stars")).order_by("code")
        )  # fmt: skip
        moved = Counter(Delay.objects.filter(delivery__project__in=self.projects_shown)
                        .values_list("delivery__project__code", flat=True))  # fmt: skip
        for each in found:
            delivery: Delivery | None = getattr(each, "delivery", None)
            many = each.rated >= LEAST
            row = {
                "project": each.code, "state": each.state, "ratings": each.rated if many else None,
                "stars": each.stars if many else None,
            }  # fmt: skip
            if delivery is not None:
                row |= {
                    "unit": delivery.responsible_unit or None, "plan_cost": delivery.plan_cost,
                    "actual_cost": delivery.actual_cost, "begins_on": delivery.starts_on, "due_on": delivery.due_on,
                    "accepted_on": delivery.accepted_on, "delays": moved[each.code],
                }  # fmt: skip
            yield row

    def steps(self) -> Iterator[Row]:
        yield from self._parts_of(Milestone.objects.order_by("due_on", "pk"), "title", "due_on", "done_on")

    def delays(self) -> Iterator[Row]:
        yield from self._parts_of(Delay.objects.order_by("at", "pk"), "former_due", "new_due", "reason")

    def contracts(self) -> Iterator[Row]:
        for row in self._parts_of(Contract.objects.order_by("signed_on", "pk"), "signed_on", "amount", "url"):
            yield {**row, "url": row["url"] or None}

    def payments(self) -> Iterator[Row]:
        found = Payment.objects.filter(state=Payment.State.RECORDED).order_by("paid_on", "pk")
        yield from self._parts_of(found, "paid_on", "amount", project="project")

    def _parts_of(
        self, found: QuerySet[Any], *fields: str, project: str = "delivery__project"
    ) -> Iterator[Row]:
        """Rows that belong to works of this contest, numbered within each project."""
        mine = found.filter(**{f"{project}__in": self.projects_shown, f"{project}__state__in": WON})
        code = f"{project}__code"
        for of, place, values in _numbered(
            mine.order_by(code, *mine.query.order_by).values_list(code, *fields)
        ):
            yield {"project": of, "place": place, **dict(zip(fields, values, strict=True))}

    # --- its figures --------------------------------------------------------------------------------------------

    def figures(self) -> Iterator[Row]:
        for figure in sorted(figures_of(self.contest), key=lambda each: each.key):
            yield from _cells(figure)


def signed_days(contest: Contest) -> QuerySet[Any]:
    """(day in Kyiv, standing signatures given on it under all projects), in this order: by project only its author and
    officials see the days, for signatories may stand there by name.
    """
    found = Signature.objects.filter(contest=contest, withdrawn_at=None, project__published_at__isnull=False)
    days = found.order_by().annotate(day=TruncDate("signed_at", tzinfo=KYIV)).values("day")
    return days.annotate(number=Count("pk")).order_by("day").values_list("day", "number")


def _ordered(found: QuerySet[Entry], *fields: str) -> Iterator[tuple[Any, ...]]:
    return iter(found.order_by("subject", "id").values_list(*fields))


def _numbered(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, int, tuple[Any, ...]]]:
    """Rows that begin with a project's code: (code, place among the rows of it, the rest), by code."""
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for code, *rest in rows:
        groups.setdefault(code, []).append(tuple(rest))
    for code in sorted(groups):
        for place, values in enumerate(groups[code], start=1):
            yield code, place, values


def _cells(figure: Figure) -> Iterator[Row]:
    """A figure, a row for each of its cells; the digest is that of the page."""
    digest = figure.digest
    for row_place, row in enumerate(figure.rows, start=1):
        pairs = zip(figure.columns, row.values, strict=True)
        for column_place, (column, value) in enumerate(pairs, start=1):
            yield {
                "figure": figure.key, "row_place": row_place, "column_place": column_place, "row": row.key,
                "column": column.key, "kind": column.kind, **_told(value), "sha256": digest,
            }  # fmt: skip


def _told(value: Value) -> Row:
    is_hidden = value == HIDDEN
    return {
        "value": value if isinstance(value, int) else None,
        "text": value if isinstance(value, str) and not is_hidden else None, "is_hidden": is_hidden,
    }  # fmt: skip
