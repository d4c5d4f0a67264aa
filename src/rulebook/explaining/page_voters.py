"""The parts of a page about voters: whose choices the money followed, and whether a group was passed over."""

from __future__ import annotations

from collections.abc import Sequence

from rulebook.explaining.markup import Markup, bar, joined, row, table, tag
from rulebook.explaining.proportionality import Certificate
from rulebook.explaining.shares import (
    Satisfaction,
    Share,
    categories_of,
    rounded,
    satisfaction,
    shares_by,
    territories_of,
    voter_groups,
    votes_money,
)
from rulebook.explaining.view import View

MOST_GROUPS = 24
"""The most groups of voters shown in one table, the largest."""

MOST_VIOLATIONS = 20
"""The most groups shown that were passed over, the largest."""


def shares_part(view: View) -> Markup:
    """Categories and territories: what votes would have given them against what they got."""
    words = view.words
    voted = votes_money(view.dossier, view.groups)
    tables = [
        _share_table(view, dimension, shares)
        for dimension, keys in (("category", categories_of(view.dossier)), ("territory", territories_of))
        if (shares := shares_by(view.dossier, view.outcome, keys, voted))
    ]
    legend = tag(
        "ul",
        [
            tag("li", tag("svg", tag("rect", width=1, height=1, class_=kind), viewBox="0 0 1 1",
                          preserveAspectRatio="none", aria_hidden="true"), words(f"shares.legend.{kind}"))
            for kind in ("voted", "spent")
        ],
        class_="legend",
    )  # fmt: skip
    return joined(
        [
            tag("h2", words("shares"), id="shares"),
            [tag("p", words("shares.lead")), on_protocols(view), legend, tables]
            if tables
            else tag("p", words("shares.none")),
        ]
    )


def on_protocols(view: View) -> Markup | None:
    """That ballots known only from protocols are in no figure about single voters; None where there are none."""
    number = view.outcome.on_protocols
    if not number:
        return None
    words = view.words
    return tag("p", words("protocols.left_out", number=words.number(number)), class_="small")


def _share_table(view: View, dimension: str, shares: Sequence[Share]) -> Markup:
    words = view.words
    widest = max(max(share.voted_share, share.spent_share) for share in shares)
    labels = ["", words("head.won_of"), words("head.voted"), words("head.spent"), ""]
    heads = [
        ("name", words(f"head.{dimension}")),
        ("n", labels[1]),
        ("n", labels[2]),
        ("n", labels[3]),
        ("pair", words("head.compared")),
    ]
    rows = []
    for share in shares:
        name = view.key_name(dimension, share.key) if share.key else words("without_key")
        rows.append(
            row(
                [
                    ("name", name),
                    ("n", words("won_of", won=share.funded, all=share.projects)),
                    ("n", words.percent(share.voted_share)),
                    ("n", [words.percent(share.spent_share), tag("br"),
                           tag("span", words.round_money(rounded(share.spent)), class_="id")]),
                    ("pair", [bar(share.voted_share, widest, "voted"), bar(share.spent_share, widest, "spent")]),
                ],
                label=labels,
            )
        )  # fmt: skip
    return joined(
        [
            tag("h3", words(f"shares.{dimension}")),
            table(words("shares.caption"), heads, rows, "cards facts", is_seen=False),
        ]
    )


def voters_part(view: View, overall: Satisfaction) -> Markup:
    """What the voters got, over all and by the groups that the source tells apart."""
    words = view.words
    parts: list[object] = [
        tag("h2", words("voters"), id="voters"),
        tag(
            "p",
            words(
                "voters.all",
                voters=words.count(overall.voters, "voters")
                if words.language == "en"
                else words.number(overall.voters),
                percent=words.percent(overall.served_share),
                winners=words.hundredths(overall.winners_hundredths),
                money=words.round_money(overall.money_each),
            ),
        ),
    ]
    parts.append(on_protocols(view))
    groups = voter_groups(view.election) if view.election is not None else {}
    if not groups:
        parts.append(tag("p", words("voters.unknown"), class_="small"))
        return joined(parts)
    parts.append(tag("p", words("voters.lead"), class_="small"))
    for dimension, ballots in groups.items():
        got = {key: satisfaction(view.outcome, group.items()) for key, group in ballots.items()}
        kept = set(sorted(got, key=lambda key: -got[key].voters)[:MOST_GROUPS])
        parts.append(tag("h3", words(f"dimension.{dimension}")))
        parts.append(_group_table(view, dimension, {key: got[key] for key in got if key in kept}))
        if len(got) > len(kept):
            parts.append(tag("p", words("voters.more", number=len(got) - len(kept)), class_="small"))
    return joined(parts)


def _group_table(view: View, dimension: str, groups: dict[str, Satisfaction]) -> Markup:
    words = view.words
    labels = ["", words("head.voters"), words("head.served"), words("head.average"), words("head.each"), ""]
    heads = [("name", words("head.group")), *(("n", label) for label in labels[1:5]), ("pair", labels[2])]
    rows = [
        row(
            [
                ("name", words.of(dimension, key) if key else words("unknown_group")),
                ("n", words.number(got.voters)),
                ("n", words.percent(got.served_share)),
                ("n", words.hundredths(got.winners_hundredths)),
                ("n", words.round_money(got.money_each)),
                ("pair", bar(got.served_share, 10_000, "fact")),
            ],
            label=labels,
        )
        for key, got in groups.items()
    ]
    return table(words("voters.caption"), heads, rows, "cards facts", is_seen=False)


def proportionality_part(view: View, certificate: Certificate) -> Markup:
    """The certificate in plain words, and the groups that were passed over."""
    words = view.words
    number = view.outcome.on_protocols
    if number:
        # a group's claim is its part of all voters: of these, some are in no group that could be told
        unchecked = words("protocols.unchecked", number=words.number(number))
        heading = tag("h2", words("proportionality"), id="proportionality")
        return joined([heading, tag("p", words("proportionality.lead")), tag("p", unchecked)])
    violations = sorted(certificate.violations, key=lambda each: (-each.group, each.project))
    if certificate.is_satisfied:
        verdict = words("proportionality.yes")
    else:
        verdict = words("proportionality.no", projects=_projects(view, len(violations)))
    labels = ["", words("head.named_by"), words("head.claim"), words("head.most")]
    rows = [
        row(
            [
                ("name", tag("a", view.title(each.project), href=f"#{view.anchor(each.project)}")),
                ("n", words.number(each.group)),
                ("n", words.round_money(each.claim)),
                ("n", words.money(each.most)),
            ],
            label=labels,
        )
        for each in violations[:MOST_VIOLATIONS]
    ]
    heads = [("name", words("head.project")), *(("n", label) for label in labels[1:])]
    more = len(violations) - MOST_VIOLATIONS
    return joined(
        [
            tag("h2", words("proportionality"), id="proportionality"),
            tag("p", words("proportionality.lead")),
            tag("div", tag("p", verdict), class_="good" if certificate.is_satisfied else "ill"),
            table(words("proportionality.caption"), heads, rows, "cards facts") if rows else None,
            tag("p", words("proportionality.more", number=more), class_="small") if more > 0 else None,
            tag(
                "p",
                words(
                    "proportionality.checked",
                    checked=words.count(certificate.checked, "projects"),
                    barred=words.number(certificate.barred),
                ),
                " ",
                words("proportionality.source"),
                class_="small",
            ),
        ]
    )


def _projects(view: View, number: int) -> str:
    words = view.words
    return words.count(number, "projects") if words.language == "en" else words.number(number)
