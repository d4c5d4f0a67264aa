"""The words a regulation may use where it chooses from a list; an entry never changes meaning."""

from __future__ import annotations

from collections.abc import Mapping

from rulebook.workdays import CALENDAR_DAYS, CALENDARS, DAY_KINDS, WORKING_DAYS

BASES = ("registered", "declared", "displaced", "work", "study", "service", "property", "birth")
"""Why somebody belongs to a community: registered or declared residence, internal displacement, work, study,
service, property, birth there."""

CITIZENSHIPS = ("citizen", "foreigner", "stateless")

EVIDENCE = (
    "identity-provider", "residence-register", "residence-certificate", "passport", "displaced-certificate",
    "employment-certificate", "study-certificate", "service-certificate", "property-extract",
    "birth-certificate", "residence-permit",
)  # fmt: skip
"""What proves a basis: the address that an identity provider vouches for, the community's register, a paper."""

SCOPES = ("region", "district", "hromada", "city", "city-district", "starosta-district", "settlement")
"""Levels of territory that a size class may be for (Law 280/97-ВР; starosta district: its article 54-1)."""

BALLOT_KINDS = ("approval", "points", "ranking", "choose-1", "plus-minus")
LIVE_RESULTS = ("none", "turnout", "totals")

PLATFORM, COMMISSION = KEY_HOLDERS = ("platform", "commission")
"""Who holds the key of the ballot box until the voting has ended."""

ONLINE, DESK, PAPER, TERMINAL, KIOSK = CHANNELS = ("online", "desk", "paper", "terminal", "kiosk")
"""Ways to vote: by oneself on the web; entered by an operator of a service centre; on a paper ballot; at a
bank's terminal; at a public screen of the community."""

BALLOTS, TOTALS = PAPER_MODES = ("ballots", "totals")
"""How votes on paper come in: each ballot is entered, or a polling point's signed protocol says how many votes every
project got."""

INVALID_PAPERS = (
    "unsigned", "unreadable", "too-many", "blank", "late", "not-member", "already-voted", "unknown-serial",
    "serial-used", "not-given-out", "forged", "other",
)  # fmt: skip
"""Why a sheet of paper is no ballot: nobody signed it; it cannot be read; too many projects are marked, or none; it
came too late; the voter may not vote here, or has voted already; no such serial was printed, it was used before, or
nobody was given it; the sheet is forged; another reason."""

IDENTITY_METHODS = (
    "isei", "bankid", "mobileid", "kep", "diia", "oidc", "desk", "terminal", "card", "phone",
)  # fmt: skip
"""How somebody is identified: id.gov.ua as a whole, BankID, MobileID, a qualified signature, Diia.Signature, an issuer
of OpenID Connect that the installation trusts, a document shown to an official, a bank's terminal that knows its
client, the number of a payment or municipal card, a phone."""

NUMBER, AGE, ADDRESS = "number", "age", "address"

PROVES: Mapping[str, frozenset[str]] = {
    "isei": frozenset({NUMBER, AGE, ADDRESS}),
    "bankid": frozenset({NUMBER, AGE, ADDRESS}),
    "mobileid": frozenset({NUMBER}),
    "kep": frozenset({NUMBER}),
    "diia": frozenset({NUMBER}),
    "oidc": frozenset({NUMBER}),
    "desk": frozenset({NUMBER, AGE, ADDRESS}),
    "terminal": frozenset({NUMBER, AGE}),
    "card": frozenset(),
    "phone": frozenset(),
}
"""What each method proves: a personal number (РНОКПП or one in place of it), the age, an address."""

METHODS_OF: Mapping[str, tuple[str, ...]] = {
    ONLINE: ("isei", "bankid", "mobileid", "kep", "diia", "oidc", "phone"),
    DESK: ("desk", "isei", "bankid", "mobileid", "kep", "diia"),
    PAPER: ("desk",),
    TERMINAL: ("terminal", "bankid", "card", "phone"),
    KIOSK: ("isei", "bankid", "mobileid", "kep", "diia", "terminal", "card", "phone"),
}
"""The methods that can work at all in a channel: nobody shows a passport to a web page. A bank whose terminal knows its
client may hand the client over to a public screen."""

WAYS_TO_SUPPORT = ("online", "paper")
COUNTED_FROM = ("publication", "submission")
"""What the days of a relative window of support run from."""

NEVER, UNTIL_PUBLISHED, UNTIL_SUPPORTED, UNTIL_DECIDED = EDITS = (
    "never",
    "until-published",
    "until-supported",
    "until-decided",
)
"""How long an author may edit a submitted project: not at all but where changes are asked for, until it is published,
until the collection of support ends, until the review decides."""

QUESTION_KINDS = ("line", "text", "number", "choice", "yes-no")
"""What answers a question of the community's own: one line, a longer text, a whole number, an option, yes or no."""

SIGNATORIES = ("number", "initials", "names")
"""What is published of those who support a project: how many they are, their initials, their names."""

E_SIGNATURES = ("none", "optional", "required")
"""Whether support is given with a qualified electronic signature over the text of the project."""

CHECKS = ("competence", "land", "legality", "cost", "feasibility", "access", "maintenance", "duplication")
"""What a department looks at: the body's competence, the land and its owner, the law, the estimate, whether it can be
built in time, whether everybody may use it, who pays for its upkeep, whether it is built or planned already."""

COMMENTS = ("off", "before", "after")
"""Whether projects are talked about: not at all, each comment read by a moderator before or after it is published."""

WORKING_CALENDARS = CALENDARS
"""Which days are working days: those of the Labour Code, or those under martial law, when holidays are none."""

__all__ = [
    "ADDRESS", "ADMIT", "ADMIT_WITH_CORRECTION", "AGE", "BALLOTS", "BALLOT_KINDS", "BASES", "CALENDAR_DAYS",
    "CHANNELS", "CHECKS", "CITIZENSHIPS", "COMMENTS", "COUNTED_FROM", "DAY_KINDS", "EDITS", "EVIDENCE", "EXTENSIBLE",
    "E_SIGNATURES", "IDENTITY_METHODS", "INVALID_PAPERS", "KEY_HOLDERS", "LIVE_RESULTS", "METHODS_OF", "NEVER",
    "NUMBER", "PAPER_MODES", "PROVES", "PUBLISHED", "QUESTION_KINDS", "REJECT", "RETURN", "REVIEW_OUTCOMES", "SCOPES",
    "SIGNATORIES", "TOTALS", "UNTIL_DECIDED", "UNTIL_PUBLISHED", "UNTIL_SUPPORTED", "WAYS_TO_SUPPORT",
    "WORKING_CALENDARS", "WORKING_DAYS",
]  # fmt: skip

ADMIT, ADMIT_WITH_CORRECTION, RETURN, REJECT = REVIEW_OUTCOMES = (
    "admit",
    "admit-with-correction",
    "return",
    "reject",
)

PUBLISHED = ("projects", "reviews", "support", "turnout", "results", "dossier", "reports")
"""What is published: projects, opinions of the review with reasons, lists of how much support each has, how many
voted, the results, everything needed to repeat the count, reports on the implementation."""

EXTENSIBLE = ("submission", "support", "review", "voting")
"""The phases that a decision may extend."""
