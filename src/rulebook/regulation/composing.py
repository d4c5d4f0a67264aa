"""From rules to clauses: every setting becomes a sentence, in the order of a regulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rulebook.options import EVERY
from rulebook.regulation.counting_clauses import counting
from rulebook.regulation.phrases import LANGUAGES, Phrases
from rulebook.regulation.procedure_clauses import appeal, opinions, procedure, signatures
from rulebook.regulation.shape import Clause, Regulation, Section
from rulebook.regulation.voting_clauses import voting
from rulebook.rules import Category, Eligibility, Pot, ReviewStage, Rules, SizeClass

Said = tuple[str, tuple[str, ...]]
"""A sentence and the items of its list, before it has a number."""


def text(rules: Rules, language: str = "uk", *, currency: str = "UAH", scale: int = 100) -> Regulation:
    """The regulation as readable text in Ukrainian ("uk") or English ("en").

    Amounts have ``scale`` minor units in a unit of ``currency``. Raises ValueError for another language. Rules that
    contradict themselves are said as they are; names they use but do not define stay in the text as ids.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no words for the language {language!r}; there are {', '.join(LANGUAGES)}")
    phrases = Phrases(language, currency, scale)
    sections: list[Section] = []
    for section_id, compose in SECTIONS.items():
        said = list(compose(rules, phrases))
        if said:
            number = len(sections) + 1
            clauses = tuple(
                Clause(f"{number}.{place}", sentence, items)
                for place, (sentence, items) in enumerate(said, start=1)
            )
            sections.append(Section(section_id, number, phrases(f"section.{section_id}"), clauses))
    return Regulation(
        title=rules.title.get(language),
        language=language,
        source=phrases("source", source=rules.source) if rules.source else "",
        sections=tuple(sections),
    )


# --- money and projects -------------------------------------------------------------------------------


def _money(rules: Rules, say: Phrases) -> Iterator[Said]:
    if rules.total is None:
        yield say("total.of_pots", sum=say.money(sum(pot.amount for pot in rules.pots))), ()
    else:
        yield say("total", total=say.money(rules.total)), ()
    if not rules.pots:
        yield say("pots.none"), ()
        return
    yield say("pots"), tuple(_pot(pot, rules, say) for pot in rules.pots)
    if any(pot.share is not None for pot in rules.pots):
        yield say("pots.rounding"), ()


def _pot(pot: Pot, rules: Rules, say: Phrases) -> str:
    name, amount = say.quoted(pot.name.get(say.language)), say.money(pot.amount)
    if pot.share is not None:
        amount = say("pot.share", percent=say.percent(pot.share), amount=amount)
    names = names_of(rules, say)
    wanted = [
        say(f"pot.{dimension}", name=names.get((dimension, value), value))
        for dimension, value in (("class", pot.size_class), ("category", pot.category))
        if value is not None
    ]
    if pot.territory is not None:
        wanted.append(say("pot.territory", name=pot.territory))
    return say("pot", name=name, amount=amount, wanted=", ".join(wanted) or say("pot.any"))


def names_of(rules: Rules, say: Phrases) -> dict[tuple[str, str], str]:
    """The quoted names of size classes, categories and pots, by dimension and id."""
    groups: Mapping[str, Sequence[SizeClass | Category | Pot]] = {
        "class": rules.size_classes,
        "category": rules.categories,
        "pot": rules.pots,
    }
    return {
        (dimension, entry.id): say.quoted(entry.name.get(say.language))
        for dimension, entries in groups.items()
        for entry in entries
    }


def _projects(rules: Rules, say: Phrases) -> Iterator[Said]:
    if rules.size_classes:
        yield say("classes"), tuple(_size_class(entry, say) for entry in rules.size_classes)
    else:
        yield say("classes.none"), ()
    for group, entries in (("types", rules.types), ("categories", rules.categories)):
        if entries:
            yield say(group), tuple(entry.name.get(say.language) for entry in entries)
    if rules.submission.categories:
        names = names_of(rules, say)
        only = ", ".join(names.get(("category", entry), entry) for entry in rules.submission.categories)
        yield say("categories.only", names=only), ()


def _size_class(entry: SizeClass, say: Phrases) -> str:
    name, least = say.quoted(entry.name.get(say.language)), say.money(entry.min_cost)
    if entry.max_cost is None:
        line = say("class.open", name=name, least=least)
    else:
        line = say("class", name=name, least=least, most=say.money(entry.max_cost))
    return line if entry.scope is None else line + say("class.scope", scope=say.of("scope", entry.scope))


# --- people -------------------------------------------------------------------------------------------


def _people(rules: Rules, say: Phrases) -> Iterator[Said]:
    yield from _eligibility("author", rules.author, say)
    if rules.supporter is not None:
        yield from _eligibility("supporter", rules.supporter, say)
    elif rules.support is not None:
        yield say("supporter.voters"), ()
    yield from _eligibility("voter", rules.voter, say)


def _eligibility(who: str, rule: Eligibility, say: Phrases) -> Iterator[Said]:
    day = say(f"{who}.day") if rule.age_on == "act" else say("age.date", date=say.day(rule.age_on))
    ages = [
        say(key, age=say.count(age, "years"))
        for key, age in (("age.least", rule.min_age), ("age.most", rule.max_age))
        if age is not None
    ]
    conditions = [say("age", ages=say("and").join(ages), day=day) if ages else say("age.any")]
    if rule.citizenship:
        conditions.append(say("citizenship", who=say.any_of("citizenship", rule.citizenship)))
    else:
        conditions.append(say("citizenship.none"))
    if rule.personal_number:
        conditions.append(say("number"))
    yield say(who), tuple(conditions)
    if rule.bases:
        yield say(f"{who}.bases"), tuple(_basis(basis, rule, say) for basis in rule.bases)
    else:
        yield say(f"{who}.no_basis"), ()
    yield say("grant.yes" if rule.operator_grant else "grant.no"), ()


def _basis(basis: str, rule: Eligibility, say: Phrases) -> str:
    details = []
    for key, group, table in (
        ("evidence", "evidence", rule.evidence),
        ("channels", "channel", rule.channels),
    ):
        if basis in table:
            named = say.all_of(group, table[basis]) or say("nothing")
            details.append(say(f"basis.{key}", **{key: named}))
    return say.of("basis", basis) + (f" ({'; '.join(details)})" if details else "")


# --- submission, support, review ----------------------------------------------------------------------


def _submission(rules: Rules, say: Phrases) -> Iterator[Said]:
    asked = rules.submission
    most = rules.author_max_projects
    yield (say("author.free") if most is None else say("author.most", most=say.count(most, "projects"))), ()
    if asked.max_per_class:
        yield say("author.classes"), limits(asked.max_per_class, "class", rules, say)
    if asked.max_team is not None:
        yield say("team", most=say.count(asked.max_team, "people.of")), ()
    if asked.reserve_share:
        yield say("reserve", percent=say.percent(asked.reserve_share)), ()
    if asked.paper_original:
        yield say("original"), ()
    if asked.least_amount:
        yield say("least"), ()
    yield from procedure(rules, say)
    if _first_with_terms(rules) == "submission":
        yield say(f"workdays.{rules.working_calendar}"), ()


def limits(table: Mapping[str, int], dimension: str, rules: Rules, say: Phrases) -> tuple[str, ...]:
    """One line for each limit of a table: «Малі проєкти» – щонайбільше 2 проєкти."""
    names = names_of(rules, say)
    return tuple(
        say("limit", name=names.get((dimension, entry), entry), most=say.count(limit, "projects"))
        for entry, limit in table.items()
    )


def _first_with_terms(rules: Rules) -> str:
    """The section that states the first term of days: how they are counted is said there; empty where none does."""
    check = rules.submission.check
    if check is not None and check.days is not None:
        return "submission"
    if rules.support is not None and rules.support.days is not None:
        return "support"
    if rules.appeal is not None or any(
        stage.days is not None or stage.correction_days is not None for stage in rules.review
    ):
        return "review"
    return "approval" if any(step.days is not None for step in rules.approval) else ""


def _support(rules: Rules, say: Phrases) -> Iterator[Said]:
    support = rules.support
    if support is None:
        yield say("support.none"), ()
        return
    if set(support.threshold) <= {EVERY}:
        yield say("support", people=say.count(support.threshold.get(EVERY, 0), "people.of")), ()
    else:
        names = names_of(rules, say)
        names["class", EVERY] = say("classes.other")
        yield (
            say("support.classes"),
            tuple(
                say(
                    "support.class",
                    name=names.get(("class", entry), entry),
                    people=say.count(least, "people"),
                )
                for entry, least in support.threshold.items()
            ),
        )
    yield say("support.author.yes" if support.author_counts else "support.author.no"), ()
    if support.days is None:
        yield say("support.schedule"), ()
    else:
        start = say.of("from", support.counted_from)
        yield say("support.days", days=say.count(support.days, "days"), start=start), ()
    if _first_with_terms(rules) == "support":
        yield say(f"workdays.{rules.working_calendar}"), ()
    yield say("support.ways", ways=say.all_of("way", support.ways) or say("nothing")), ()
    most = support.max_per_person
    if most is None:
        yield say("support.free"), ()
    else:
        yield say("support.most", most=say.count(most, "projects")), ()
    yield from signatures(support, say)


def _review(rules: Rules, say: Phrases) -> Iterator[Said]:
    if not rules.review:
        yield say("review.none"), ()
    for stage in rules.review:
        name, body = stage.name.get(say.language), stage.body.get(say.language)
        yield say("stage", name=name, body=body), tuple(_stage(stage, say))
    yield from appeal(rules.appeal, say)
    if _first_with_terms(rules) == "review":
        yield say(f"workdays.{rules.working_calendar}"), ()


def _stage(stage: ReviewStage, say: Phrases) -> Iterator[str]:
    days = f"days.{stage.day_kind}"
    if stage.days is None:
        yield say("stage.no_days")
    else:
        yield say("stage.days", days=say.count(stage.days, days))
    yield say("stage.outcomes", outcomes=say.all_of("outcome", stage.outcomes) or say("nothing"))
    if stage.correction_days is not None:
        yield say("stage.correction", days=say.count(stage.correction_days, days))
    if stage.reject_silent:
        yield say("stage.silent")
    if stage.reject_refusal:
        yield say("stage.refusal")
    yield from opinions(stage, say)


# --- after the count ----------------------------------------------------------------------------------


def _approval(rules: Rules, say: Phrases) -> Iterator[Said]:
    if not rules.approval:
        yield say("approval.none"), ()
        return
    steps = []
    for step in rules.approval:
        body = step.body.get(say.language)
        if step.days is None:
            steps.append(say("approval.step", body=body))
        else:
            days = say.count(step.days, f"days.{step.day_kind}.of")
            steps.append(say("approval.step.days", body=body, days=days))
    yield say("approval"), tuple(steps)
    if _first_with_terms(rules) == "approval":
        yield say(f"workdays.{rules.working_calendar}"), ()


def _implementation(rules: Rules, say: Phrases) -> Iterator[Said]:
    plan = rules.implementation
    if plan is None:
        return
    if plan.year_offset in (0, 1):
        yield say(f"built.{plan.year_offset}"), ()
    else:
        yield say("built.later", years=say.count(plan.year_offset, "years.plain")), ()
    if plan.responsible is not None:
        yield say("built.responsible", body=plan.responsible.get(say.language)), ()
    if plan.reports_per_year:
        yield say("built.reports", times=say.count(plan.reports_per_year, "times")), ()
    if plan.stall_days is not None:
        yield say("built.stalled", days=say.count(plan.stall_days, "days.of")), ()


def _publication(rules: Rules, say: Phrases) -> Iterator[Said]:
    plan = rules.publication
    if plan is None:
        return
    if plan.what:
        yield say("published"), tuple(say.of("published", what) for what in plan.what)
    else:
        yield say("published.nothing"), ()
    if plan.years is None:
        yield say("published.forever"), ()
    else:
        yield say("published.years", years=say.count(plan.years, "years.of")), ()


SECTIONS: Mapping[str, Callable[[Rules, Phrases], Iterator[Said]]] = {
    "money": _money,
    "projects": _projects,
    "people": _people,
    "submission": _submission,
    "support": _support,
    "review": _review,
    "voting": lambda rules, say: voting(rules, say, limits),
    "counting": lambda rules, say: counting(rules, say, names_of(rules, say)),
    "approval": _approval,
    "implementation": _implementation,
    "publication": _publication,
}
"""The sections of a regulation, in order."""
