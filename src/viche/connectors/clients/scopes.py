"""What a program may be let do: one table of scopes, each with its words and the offices it acts by."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from viche.identity.models import Role


@dataclass(frozen=True)
class Scope:
    """name: as requests and tokens write it. title, text: in words. roles: offices of which the official in whose name
    the program acts must hold one; the program has no other of their rights. writes: whether it changes anything.
    """

    name: str
    title: Any
    text: Any
    roles: frozenset[str]
    writes: bool = True


SCOPES = {
    each.name: each
    for each in (
        Scope(
            "projects:write", _("Projects of residents"),
            _("Submits projects that residents brought on paper, and changes those it brought itself."),
            frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
        ),
        Scope(
            "reviews:write", _("Review of projects"),
            _("Signs opinions of the department that was asked, and writes down decisions the official may take."),
            frozenset({Role.REVIEWER, Role.COMMISSION, Role.EDITOR, Role.ADMINISTRATOR}),
        ),
        Scope(
            "members:write", _("Register of members"),
            _("Puts new versions of the body’s register of members in force."),
            frozenset({Role.ADMINISTRATOR}),
        ),
        Scope(
            "works:write", _("Implementation of winners"),
            _("Writes down plans, contracts, steps, costs and acceptance of the winners’ works."),
            frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
        ),
        Scope(
            "reports:read", _("Reports"),
            _("Reads figures of a contest that are not public yet: projects by state, terms of the review. No votes."),
            frozenset({Role.EDITOR, Role.ADMINISTRATOR, Role.COMMISSION, Role.AUDITOR}), writes=False,
        ),
    )
}  # fmt: skip


def is_held(scope: str, roles: frozenset[str]) -> bool:
    """Whether one of these offices is enough for the scope."""
    return bool(SCOPES[scope].roles & roles)
