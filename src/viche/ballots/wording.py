"""Words about a ballot: its defects, its values, what it may hold, and what the platform cannot do with it yet."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from rulebook.ballot import BallotPaper, Defect
from rulebook.rules import Rules
from rulebook.rules.records import Channel
from rulebook.rules.vocabulary import ONLINE
from viche.ballots.queries import LeftOut
from viche.foundation.money import money_text
from viche.identity.methods import WORDS_OF, methods_text

# every code of rulebook.ballot.defects; a test compares this table with the codes in use
DEFECTS: dict[str, str] = {
    "empty": gettext_noop("You have not chosen any project."),
    "unknown_project": gettext_noop("The ballot names a project that is not in this vote."),
    "duplicate_project": gettext_noop("The ballot names one project twice."),
    "too_many": gettext_noop("You have chosen %(used)s projects; the rules allow %(limit)s."),
    "too_few": gettext_noop("You have chosen %(used)s projects; the rules ask for at least %(minimum)s."),
    "too_many_in_class": gettext_noop(
        "You have chosen %(used)s projects of the class “%(name)s”; the rules allow %(limit)s."
    ),
    "too_many_in_category": gettext_noop(
        "You have chosen %(used)s projects of the category “%(name)s”; the rules allow %(limit)s."
    ),
    "too_many_in_territory": gettext_noop(
        "You have chosen %(used)s projects in one place, %(name)s; the rules allow %(limit)s."
    ),
    "too_expensive": gettext_noop(
        "The projects you have chosen cost %(used)s together; the rules allow %(limit)s."
    ),
    "too_many_minus": gettext_noop(
        "You have marked %(used)s projects as those you are against; the rules allow %(limit)s."
    ),
    "too_many_points": gettext_noop("You have given %(used)s points; the rules allow %(limit)s."),
    "too_many_points_for_project": gettext_noop(
        "You have given one project %(value)s points; the rules allow %(limit)s."
    ),
    "negative_points": gettext_noop("Points cannot be less than zero."),
    "no_points": gettext_noop("A chosen project needs at least one point."),
    "wrong_value": gettext_noop("On this ballot a project is either chosen or not."),
    "bad_ranks": gettext_noop("The places on the ballot must be 1, 2, 3 and so on, each given once."),
    "own_project": gettext_noop("The rules do not allow a vote for one’s own project."),
}


# where a code means something else on a ballot of another kind
BY_KIND: dict[tuple[str, str], str] = {
    ("wrong_value", "plus-minus"): gettext_noop(
        "Say of each chosen project whether you are for it or against it."
    ),
    ("too_many", "plus-minus"): gettext_noop(
        "You have marked %(used)s projects as those you are for; the rules allow %(limit)s."
    ),
}


def defect_text(
    defect: Defect, names: Mapping[str, str] | None = None, *, currency: str = "UAH", kind: str = ""
) -> str:
    """The defect as a sentence. names: titles of classes, categories and territories by id. kind: of the ballot."""
    sentence = BY_KIND.get((defect.code, kind)) or DEFECTS.get(defect.code)
    if sentence is None:
        return defect.code
    params = dict(defect.params)
    for key in ("class", "category", "territory"):
        if key in params:
            params["name"] = (names or {}).get(str(params[key]), str(params[key]))
    if defect.code == "too_expensive":
        params |= {key: money_text(int(str(params[key])), currency) for key in ("used", "limit")}
    return _(sentence) % params


def defects_text(
    found: Iterable[Defect], names: Mapping[str, str] | None = None, *, currency: str = "UAH", kind: str = ""
) -> list[str]:
    return list(dict.fromkeys(defect_text(defect, names, currency=currency, kind=kind) for defect in found))


def value_text(kind: str, value: int) -> str:
    """What a ballot says of one project beside naming it: «3 бали», «2-ге місце», «за»; "" where naming is all."""
    if kind == "points":
        return ngettext("%(n)d point", "%(n)d points", value) % {"n": value}
    if kind == "ranking":
        return _("place %(n)d") % {"n": value}
    if kind == "plus-minus":
        return pgettext("on a ballot", "for") if value > 0 else pgettext("on a ballot", "against")
    return ""


def choices_text(
    kind: str, choices: Iterable[tuple[str, int]], titles: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(title, value in words) of each choice: the best first, then as the ballot has them."""
    paper = BallotPaper.of(kind, choices)
    pairs = list(paper.choices)
    if kind in ("points", "plus-minus"):
        pairs.sort(key=lambda pair: -pair[1])
    return [(titles.get(project, project), value_text(kind, value)) for project, value in pairs]


def ballot_limits(rules: Rules, names: Mapping[str, str], *, currency: str = "UAH") -> list[str]:
    """What one ballot may hold, each limit as a few words; empty where the regulation sets none."""
    shape = rules.ballot
    is_split = shape.kind == "plus-minus"
    least, most = shape.min_choices, shape.choice_limit
    lines: list[str] = []
    if most is not None and least == most and not is_split:
        lines.append(ngettext("exactly %(n)d project", "exactly %(n)d projects", most) % {"n": most})
    else:
        if least > 1:
            lines.append(ngettext("at least %(n)d project", "at least %(n)d projects", least) % {"n": least})
        if most is not None and is_split:
            lines.append(
                ngettext("for: at most %(n)d project", "for: at most %(n)d projects", most) % {"n": most}
            )
        elif most is not None:
            lines.append(ngettext("at most %(n)d project", "at most %(n)d projects", most) % {"n": most})
    if is_split and shape.max_minus is not None:
        lines.append(
            ngettext("against: at most %(n)d project", "against: at most %(n)d projects", shape.max_minus)
            % {"n": shape.max_minus}
        )
    groups = [(names.get(key, key), limit) for key, limit in shape.max_per_class.items()]
    by_category = shape.max_per_category
    if (
        len(by_category) > 2
        and len(set(by_category.values())) == 1
        and len(by_category) == len(rules.categories)
    ):
        groups.append((_("in each category"), next(iter(by_category.values()))))
    else:
        groups += [(names.get(key, key), limit) for key, limit in by_category.items()]
    lines += [_("%(name)s: at most %(limit)d") % {"name": name, "limit": limit} for name, limit in groups]
    if shape.max_per_territory is not None:
        lines.append(
            ngettext("at most %(n)d in one place", "at most %(n)d in one place", shape.max_per_territory)
            % {"n": shape.max_per_territory}
        )
    if shape.kind == "points" and shape.max_points is not None:
        lines.append(
            ngettext("%(n)d point in all", "%(n)d points in all", shape.max_points) % {"n": shape.max_points}
        )
    if shape.kind == "points" and shape.max_points_per_project is not None:
        lines.append(
            ngettext(
                "at most %(n)d point for one project", "at most %(n)d points for one project",
                shape.max_points_per_project,
            )
            % {"n": shape.max_points_per_project}
        )  # fmt: skip
    if shape.max_cost is not None:
        lines.append(_("together no dearer than %s") % money_text(shape.max_cost, currency))
    if not shape.own_project:
        lines.append(_("not one’s own project"))
    return lines


def not_yet_possible(rules: Rules) -> list[str]:
    """What the rules ask of the voting that the platform cannot do, in words; empty when it can do all of it."""
    lines: list[str] = []
    if rules.live_results == "totals":
        lines.append(
            _(
                "Votes of projects cannot be shown while the voting runs: the ballots are sealed until its end. "
                "Choose to show the turnout, or nothing."
            )
        )
    if rules.support is not None and rules.support.e_signature == "required":
        lines.append(
            _(
                "Support cannot be given with a qualified electronic signature yet: let it be given by identification, "
                "or let the signature be optional."
            )
        )
    online = next((channel for channel in rules.channels if channel.kind == ONLINE), None)
    if rules.channels and online is None:
        lines.append(_("Only online voting is connected, and the rules do not provide for it."))
    connected = {"isei"}.union(*WORDS_OF.values())
    methods = rules.methods_in(online or Channel(ONLINE))
    if (online or not rules.channels) and not connected & set(methods):
        named = methods_text(methods) or pgettext("methods", "none")
        lines.append(
            _("None of the methods of identification that the rules accept online is connected: %s.") % named
        )
    return lines


def left_out_sentences(left_out: LeftOut) -> list[str]:
    """The ballots in the box that do not count, by reason, in words; none of no reason."""
    told = (
        (left_out.replaced, ngettext(
            "%(n)s ballot that its voter replaced by a later one",
            "%(n)s ballots that their voters replaced by later ones", left_out.replaced,
        )),
        (left_out.annulled, ngettext(
            "%(n)s ballot annulled by two officials", "%(n)s ballots annulled by two officials", left_out.annulled,
        )),
        (left_out.withdrawn, ngettext(
            "%(n)s ballot taken back by its voter", "%(n)s ballots taken back by their voters", left_out.withdrawn,
        )),
        (left_out.taken_back, ngettext(
            "%(n)s paper ballot of a batch that was taken back",
            "%(n)s paper ballots of batches that were taken back", left_out.taken_back,
        )),
    )  # fmt: skip
    return [sentence % {"n": number} for number, sentence in told if number]
