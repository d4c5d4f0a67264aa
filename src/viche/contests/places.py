"""Words for the places of a rules document: what each setting is called, on a form, in a problem, in a comparison.

The keys are JSON Pointers without their first slash; "*" stands for an index or an id.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from rulebook.options import OPTIONS
from rulebook.problem import Problem
from rulebook.regulation import LANGUAGES
from rulebook.regulation.phrases import TEXTS
from rulebook.rules import Change, Rules
from viche.communities.models import localised
from viche.contests.models import PHASE_NAMES
from viche.contests.wording import CHOICES, RULES, key_names, problem_text
from viche.foundation.money import money_text
from viche.foundation.numbers import grouped, percent_text

LABELS: dict[str, str] = {
    "title": gettext_noop("Name of the regulation"),
    "source": gettext_noop("Decision the regulation comes from"),
    "schema": gettext_noop("Schema of the document"),
    "working_calendar": gettext_noop("Working days"),
    # projects
    "size_classes": gettext_noop("Size classes"),
    "size_classes/*/name": gettext_noop("Name of the class"),
    "size_classes/*/min_cost": gettext_noop("Least cost, inclusive"),
    "size_classes/*/max_cost": gettext_noop("Largest cost, inclusive"),
    "size_classes/*/scope": gettext_noop("For the level of"),
    "categories": gettext_noop("Categories"),
    "categories/*/name": gettext_noop("Name of the category"),
    "types": gettext_noop("Types"),
    "types/*/name": gettext_noop("Name of the type"),
    # money
    "total": gettext_noop("All the money of the contest"),
    "pots": gettext_noop("Pots of money"),
    "pots/*/name": gettext_noop("Name of the pot"),
    "pots/*/amount": gettext_noop("Amount"),
    "pots/*/share": gettext_noop("Share of all the money, %"),
    "pots/*/size_class": gettext_noop("For projects of the class"),
    "pots/*/category": gettext_noop("For projects of the category"),
    "pots/*/territory": gettext_noop("For projects in the territory"),
    # people
    **{
        f"{who}{field}": label
        for who, name in (
            ("author", gettext_noop("Author")),
            ("supporter", gettext_noop("Supporter")),
            ("voter", gettext_noop("Voter")),
        )
        for field, label in (
            ("", name),
            ("/min_age", gettext_noop("Least age, full years")),
            ("/max_age", gettext_noop("Largest age, full years")),
            ("/age_on", gettext_noop("The age is looked at")),
            ("/citizenship", gettext_noop("Citizenship")),
            ("/bases", gettext_noop("Bases of membership; one is enough")),
            ("/channels", gettext_noop("Ways of a basis")),
            ("/evidence", gettext_noop("Proofs of a basis")),
            ("/operator_grant", gettext_noop("An operator may confirm a basis by a document shown")),
            ("/personal_number", gettext_noop("A tax number must be confirmed")),
        )
    },
    # submission
    "author_max_projects": gettext_noop("Most projects of one author"),
    "submission": gettext_noop("Submission"),
    "submission/max_per_class": gettext_noop("Most projects of one author by class"),
    "submission/reserve_share": gettext_noop("Reserve in the estimate, %"),
    "submission/categories": gettext_noop("Categories admitted this year"),
    "submission/max_team": gettext_noop("Most people in a team of authors"),
    "submission/paper_original": gettext_noop("A signed original on paper is handed in too"),
    "submission/identity_methods": gettext_noop("Methods by which an author identifies"),
    "submission/least_amount": gettext_noop("The author may state the least sum the project can do with"),
    "submission/check": gettext_noop("Check of form before publication"),
    "submission/check/body": gettext_noop("Body that checks"),
    "submission/check/days": gettext_noop("Days for the check"),
    "submission/check/day_kind": gettext_noop("Kind of days"),
    "submission/check/publish_silent": gettext_noop("A project nobody has checked in time is published"),
    "submission/edits": gettext_noop("How long an author may change a submitted project"),
    "submission/questions": gettext_noop("Questions of the community"),
    "submission/questions/*/name": gettext_noop("Question"),
    "submission/questions/*/kind": gettext_noop("What answers it"),
    "submission/questions/*/help": gettext_noop("Help under the question"),
    "submission/questions/*/options": gettext_noop("Options of a choice"),
    "submission/questions/*/options/*/name": gettext_noop("Option"),
    "submission/questions/*/required": gettext_noop("It must be answered"),
    "submission/questions/*/is_public": gettext_noop("The answer is published with the project"),
    # support
    "support": gettext_noop("Support before the review"),
    "support/threshold": gettext_noop("Supporters needed"),
    "support/days": gettext_noop("Days for collecting"),
    "support/counted_from": gettext_noop("The days are counted from"),
    "support/author_counts": gettext_noop("The author counts as a supporter"),
    "support/ways": gettext_noop("How support is given"),
    "support/max_per_person": gettext_noop("Most projects one person may support"),
    "support/withdrawal": gettext_noop("A signature may be taken back while they are collected"),
    "support/identity_methods": gettext_noop("Methods by which a supporter identifies online"),
    "support/signatories": gettext_noop("Published of the supporters"),
    "support/e_signature": gettext_noop("Qualified electronic signature"),
    # review
    "review": gettext_noop("Stages of the review"),
    "review/*/name": gettext_noop("Name of the stage"),
    "review/*/body": gettext_noop("Body that decides"),
    "review/*/outcomes": gettext_noop("What it may decide"),
    "review/*/days": gettext_noop("Days"),
    "review/*/day_kind": gettext_noop("Kind of days"),
    "review/*/correction_days": gettext_noop("Days the author has for changes"),
    "review/*/reject_silent": gettext_noop("A project not corrected in time is rejected"),
    "review/*/reject_refusal": gettext_noop("A project whose author refuses the changes is rejected"),
    "review/*/checks": gettext_noop("Opinions are given on"),
    "review/*/quorum": gettext_noop("Quorum: members who take part in a decision"),
    "appeal": gettext_noop("Appeal against a refusal"),
    "appeal/body": gettext_noop("Body that decides on appeals"),
    "appeal/days": gettext_noop("Days to appeal"),
    "appeal/day_kind": gettext_noop("Kind of days"),
    "appeal/decision_days": gettext_noop("Days to decide an appeal"),
    "comments": gettext_noop("Comments on projects"),
    # voting
    "ballot": gettext_noop("Ballot"),
    "ballot/kind": gettext_noop("What a voter does with a project"),
    "ballot/max_choices": gettext_noop("Most projects on a ballot"),
    "ballot/min_choices": gettext_noop("Fewest projects on a ballot"),
    "ballot/max_per_class": gettext_noop("Most projects of a class"),
    "ballot/max_per_category": gettext_noop("Most projects of a category"),
    "ballot/max_per_territory": gettext_noop("Most projects of one territory"),
    "ballot/max_points": gettext_noop("Points of one ballot"),
    "ballot/max_points_per_project": gettext_noop("Most points for one project"),
    "ballot/max_minus": gettext_noop("Most marks against projects"),
    "ballot/own_project": gettext_noop("Authors may vote for their own projects"),
    "ballot/max_cost": gettext_noop("Most that the projects of a ballot may cost together"),
    "ballot/revote": gettext_noop("A ballot may be cast again; the last one counts"),
    "ballot/cancel": gettext_noop("A ballot cast at a bank’s terminal may be taken back"),
    "identity_methods": gettext_noop("Methods of identification"),
    "fresh_minutes": gettext_noop("Minutes an identification counts for casting a ballot"),
    "channels": gettext_noop("Ways to vote"),
    "channels/*/kind": gettext_noop("Way to vote"),
    "channels/*/from_day": gettext_noop("From day of the voting"),
    "channels/*/to_day": gettext_noop("To day of the voting"),
    "channels/*/identity_methods": gettext_noop("Methods accepted here"),
    "paper": gettext_noop("Paper ballots"),
    "paper/mode": gettext_noop("How paper ballots come in"),
    "paper/is_named": gettext_noop("The sheet carries the voter’s name and number"),
    "paper/recheck_percent": gettext_noop("Percent of the entered sheets compared with the paper again"),
    "live_results": gettext_noop("Shown while voting is open"),
    "box_key": gettext_noop("Who holds the key of the ballot box"),
    "extension": gettext_noop("Extension of phases"),
    "extension/body": gettext_noop("Body that decides on it"),
    "extension/phases": gettext_noop("Phases that may be extended"),
    "extension/times": gettext_noop("How many times"),
    "extension/days": gettext_noop("By how many days each time"),
    # counting
    "counting": gettext_noop("Counting"),
    "counting/rule": gettext_noop("How ballots become winners"),
    "counting/ties": gettext_noop("What decides between equal projects"),
    "counting/options": gettext_noop("Settings of the count"),
    "counting/options/score": gettext_noop("What projects are ranked by"),
    "counting/options/fit": gettext_noop("A project that does not fit the money left"),
    "counting/options/threshold": gettext_noop("Least score of a winner"),
    "counting/options/threshold_share": gettext_noop("Least share of the ballots a winner needs, %"),
    "counting/options/winners": gettext_noop("Most winners in a pot"),
    "counting/options/winners_per_class": gettext_noop("Most winners of a class"),
    "counting/options/winners_per_category": gettext_noop("Most winners of a category"),
    "counting/options/winners_per_territory": gettext_noop("Most winners of one territory"),
    "counting/options/leftovers": gettext_noop("Where leftovers go"),
    "counting/options/utility": gettext_noop("What a winner is worth to a voter"),
    "counting/options/completion": gettext_noop("What happens to money left over"),
    "counting/options/increment": gettext_noop("Step by which the equal parts are raised"),
    "counting/options/comparison": gettext_noop("Comparison with most votes first"),
    "counting/options/select": gettext_noop("Which project comes first"),
    # results
    "approval": gettext_noop("Approval of the results"),
    "approval/*/body": gettext_noop("Body that approves"),
    "approval/*/days": gettext_noop("In how many days after the step before"),
    "approval/*/day_kind": gettext_noop("Kind of days"),
    "implementation": gettext_noop("Implementation"),
    "implementation/year_offset": gettext_noop("Years after the voting"),
    "implementation/responsible": gettext_noop("Who answers for it"),
    "implementation/reports_per_year": gettext_noop("Reports a year"),
    "implementation/stall_days": gettext_noop("Days without movement before a reminder"),
    "publication": gettext_noop("Publication"),
    "publication/what": gettext_noop("What is published"),
    "publication/years": gettext_noop("For how many years"),
}

EVERYBODY_ELSE = gettext_noop("all without a number of their own")

_MONEY = frozenset(
    {
        "size_classes/*/min_cost", "size_classes/*/max_cost", "total", "pots/*/amount", "ballot/max_cost",
        "counting/options/increment",
    }
)  # fmt: skip
_PERCENT = frozenset({"pots/*/share", "submission/reserve_share", "counting/options/threshold_share/*"})

# what stands at "*": a record of a list, an id of a dimension, or a word of the regulation
_LISTS = {"size_classes", "categories", "types", "pots", "review"}
_IDS = {
    "submission/max_per_class": "class", "support/threshold": "class", "ballot/max_per_class": "class",
    "ballot/max_per_category": "category", "counting/options/threshold": "class", "counting/options/winners": "pot",
    "counting/options/threshold_share": "class", "counting/options/winners_per_class": "class",
    "counting/options/winners_per_category": "category", "counting/options/winners_per_territory": "territory",
}  # fmt: skip
WORDS_OF = {
    "size_classes/*/scope": "scope", "citizenship": "citizenship", "bases": "basis", "channels/*": "channel",
    "evidence/*": "evidence", "channels/*/kind": "channel", "identity_methods": "method", "support/ways": "way",
    "submission/identity_methods": "method", "support/identity_methods": "method",
    "channels/*/identity_methods": "method", "support/counted_from": "from", "review/*/outcomes": "outcome",
    "publication/what": "published",
    "counting/ties": "tie", "submission/categories": "category", "pots/*/size_class": "class",
    "pots/*/category": "category", "ballot/kind": "kind", "live_results": "live", "box_key": "box_key",
    "paper/mode": "paper",
    "submission/edits": "edits", "submission/questions/*/kind": "question", "support/signatories": "signatories",
    "support/e_signature": "e_signature", "review/*/checks": "check", "comments": "comments",
}  # fmt: skip

DAY_KINDS = {"calendar": gettext_noop("calendar days"), "working": gettext_noop("working days")}
WORKING_CALENDARS = {
    "ukraine": gettext_noop("holidays are days off"),
    "ukraine-martial-law": gettext_noop("holidays are working days, as under martial law"),
}


def word(group: str, code: str) -> str:
    """The word of the regulation for a code, in the language of now: word("channel", "desk")."""
    language = (get_language() or "uk")[:2]
    texts = TEXTS[language if language in LANGUAGES else "uk"]
    return texts.get(f"{group}.{code}", code).rstrip(".")


def pattern_of(path: str) -> str:
    """The pattern of a JSON Pointer: "/pots/0/amount" → "pots/*/amount"."""
    segments: list[str] = []
    for segment in path.strip("/").split("/"):
        here = "/".join([*segments, segment])
        is_known = here in LABELS or any(label.startswith(f"{here}/") for label in LABELS)
        segments.append(segment if is_known and not segment.isdigit() else "*")
    return "/".join(segments)


def place_words(path: str, rules: Rules | None) -> str:
    """The place as a person reads it: «Класи за розміром › Малі › Найменша вартість»."""
    if path in ("", "/"):
        return _("The whole document")
    said: list[str] = []
    segments = path.strip("/").split("/")
    for end in range(1, len(segments) + 1):
        here = pattern_of("/".join(segments[:end]))
        label = LABELS.get(here)
        if label is not None:
            said.append(_(label))
        elif here.endswith("*") and (name := _name_at(segments[:end], here[:-2], rules)):
            said.append(name)
    return " › ".join(said) or path


def _name_at(segments: Sequence[str], parent: str, rules: Rules | None) -> str:
    """What the last segment, an index or an id, names."""
    last = segments[-1]
    if parent in _IDS:
        names = key_names(rules) if rules is not None else {}
        return _(EVERYBODY_ELSE) if last == "*" else names.get((_IDS[parent], last), last)
    if parent.partition("/")[2] in {"channels", "evidence"}:
        return word("basis", last)
    if parent == "submission/questions" and rules is not None and last.isdigit():
        asked = rules.submission.questions
        return localised(dict(asked[int(last)].name)) if int(last) < len(asked) else ""
    if parent == "submission/questions/*/options" and rules is not None and last.isdigit():
        number = int(segments[2]) if segments[2].isdigit() else len(rules.submission.questions)
        offered = (
            rules.submission.questions[number].options if number < len(rules.submission.questions) else ()
        )
        return localised(dict(offered[int(last)].name)) if int(last) < len(offered) else ""
    if rules is not None and last.isdigit():
        entries = getattr(rules, parent, ()) if parent in _LISTS | {"channels", "approval"} else ()
        if int(last) < len(entries):
            entry = entries[int(last)]
            if parent == "channels":
                return word("channel", entry.kind)
            return localised(dict(entry.body if parent == "approval" else entry.name))
    return _("No. %d") % (int(last) + 1) if last.isdigit() else ""


def problem_in_words(problem: Problem, rules: Rules | None) -> str:
    """The problem as a sentence, with places and parts of the regulation by their names instead of their ids."""
    names = key_names(rules) if rules is not None else {}
    dimension = "pot" if problem.code == "pots_overlap" else "class"
    groups = {
        "class": lambda code: names.get(("class", code), code),
        "category": lambda code: names.get(("category", code), code),
        "pot": lambda code: names.get(("pot", code), code),
        "other": lambda code: names.get((dimension, code), code),
        "stage": lambda code: _stage_name(rules, code),
        "question": lambda code: _question_name(rules, code),
        "basis": lambda code: word("basis", code),
        "channel": lambda code: word("channel", code),
        "method": lambda code: word("method", code),
        "kind": lambda code: word("kind", code),
        "phase": lambda code: PHASE_NAMES.get(code, code),
        "earlier": lambda code: PHASE_NAMES.get(code, code),
        "rule": rule_name,
        "counts": rule_name,
    }
    params: dict[str, Any] = {
        name: groups[name](value) if name in groups and isinstance(value, str) else value
        for name, value in problem.params.items()
    }
    if "methods" in params:
        params["methods"] = [word("method", each) for each in params["methods"]]
    if "checks" in params:
        params["checks"] = [word("check", each) for each in params["checks"]]
    return problem_text(Problem(problem.path, problem.code, params), place=place_words(problem.path, rules))


def _stage_name(rules: Rules | None, code: str) -> str:
    stage = next((each for each in rules.review if each.id == code), None) if rules is not None else None
    return localised(dict(stage.name)) if stage is not None else code


def _question_name(rules: Rules | None, code: str) -> str:
    asked = rules.submission.questions if rules is not None else ()
    return next((localised(dict(each.name)) for each in asked if each.id == code), code)


def rule_name(rule: str) -> str:
    """What a counting rule is called in one breath."""
    return _(RULE_NAMES.get(rule, rule))


RULE_NAMES = {
    "greedy-v1": gettext_noop("Most votes first"),
    "equal-shares-v1": gettext_noop("Equal shares"),
    "phragmen-v1": gettext_noop("Phragmén’s rule"),
    "max-satisfaction-v1": gettext_noop("Most satisfaction"),
    "cstv-v1": gettext_noop("Support transfer"),
}
assert set(RULE_NAMES) == set(RULES) == set(OPTIONS)


def value_words(path: str, value: Any, rules: Rules | None, currency: str = "UAH") -> str:
    """A value of a setting as a person reads it; «—» where there is none."""
    pattern = pattern_of(path)
    if value is None or value in ({}, [], ""):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        if pattern in _MONEY:
            return money_text(value, currency)
        return percent_text(value) if pattern in _PERCENT else grouped(value)
    if isinstance(value, str):
        return _code_words(pattern, value, rules)
    if isinstance(value, (list, tuple)):
        return ", ".join(
            value_words(path if isinstance(each, str) else f"{path}/0", each, rules) for each in value
        )
    if set(value) <= {"uk", "en"}:
        return f"«{localised(dict(value))}»"
    if "name" in value or "body" in value:
        return localised(dict(value.get("name") or value["body"]))
    if "kind" in value:
        return word("channel", value["kind"])
    return "; ".join(
        f"{_name_at([*path.strip('/').split('/'), key], pattern, rules) or place_words(f'{path}/{key}', rules)}: "
        f"{value_words(f'{path}/{key}', each, rules)}"
        for key, each in value.items()
    )


def _code_words(pattern: str, code: str, rules: Rules | None) -> str:
    if pattern == "counting/rule":
        return rule_name(code)
    if pattern.startswith("counting/options/"):
        return _(CHOICES.get(pattern.rpartition("/")[2], {}).get(code, "")) or code
    if pattern.endswith("day_kind"):
        return _(DAY_KINDS.get(code, code))
    if pattern == "working_calendar":
        return _(WORKING_CALENDARS.get(code, code))
    if pattern == "extension/phases":
        return str(PHASE_NAMES.get(code, code))
    if pattern.endswith("/age_on"):
        return _("on the day of the act") if code == "act" else ".".join(reversed(code.split("-")))
    tail = pattern.partition("/")[2]
    group = WORDS_OF.get(pattern) or WORDS_OF.get(tail)
    if group in {"class", "category", "pot"}:
        return key_names(rules).get((group, code), code) if rules is not None else code
    return word(group, code) if group else code


def change_words(change: Change, before: Rules | None, after: Rules | None) -> Mapping[str, str]:
    """One difference of two documents as {"place", "before", "after"}."""
    return {
        "place": place_words(change.path, after if change.kind != "removed" else before),
        "before": value_words(change.path, change.before, before),
        "after": value_words(change.path, change.after, after),
    }
