"""What personal data a page of the officials shows, and to whom: each look is written down before the page leaves.

The guard declares the kinds; the view says about whom. A view that says nothing is written down all the same, with the
reference of its address: what is forgotten is the names of those concerned, never the look.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from viche.foundation.refused import Refused
from viche.identity.actions import record_access
from viche.identity.models import NOTHING, Role

# parts of an address that name what the page is about
REFERENCES = ("file", "reference", "number", "name")


@dataclass(frozen=True)
class Note:
    """kind: one that the guard declares. people: those shown. is_act: written down also where a redirect follows."""

    kind: str
    people: tuple[UUID, ...]
    record: str
    number: int | None
    is_act: bool


@dataclass
class Shown:
    """What the view says of its page: request.shown. kinds: as the guard declares, the page's own first."""

    kinds: tuple[str, ...]
    role: str
    record: str
    notes: list[Note] = field(default_factory=list)
    is_said: bool = False

    def about(
        self, people: Iterable[UUID | None], *, kind: str = "", record: str = "", number: int | None = None
    ) -> None:
        """The page shows data of these people, of nobody where there are none and no number is given.

        number: how many, where they are not named one by one. record: what it is, where the address does not say it.
        """
        self.is_said = True
        named = _named(people)
        if named or number or record:
            self.notes.append(Note(self._declared(kind), named, record, number, is_act=False))

    def searched(self, people: Iterable[UUID | None], *, kind: str = "") -> None:
        """The official looked somebody up by a number: written down whatever follows, and where nobody was found."""
        named = _named(people)
        self.notes.append(Note(self._declared(kind), named, "", len(named), is_act=True))

    def _declared(self, kind: str) -> str:
        if (kind or self.kinds[0]) not in self.kinds or NOTHING in self.kinds:
            raise ValueError(f"{kind or self.kinds[0]} is not declared by the guard of this page")
        return kind or self.kinds[0]


def answered(
    view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, shows: str | tuple[str, ...],
    roles: tuple[str, ...], **kwargs: Any,
) -> HttpResponse:  # fmt: skip
    """The view's answer, after what it shows was written down. roles: those that open the page, none for any office.

    What cannot be written down is not shown.
    """
    request.shown = _begun(request, (shows,) if isinstance(shows, str) else shows, roles)  # type: ignore[attr-defined]
    try:
        response = view(request, *args, **kwargs)
    except Refused:
        # somebody was looked up, and what was to be done then is refused
        _write(request, is_shown=False)
        raise
    _write(request, is_shown=response.status_code < 300 or response.status_code == 422)
    return response


def _begun(request: HttpRequest, kinds: tuple[str, ...], roles: tuple[str, ...]) -> Shown:
    given = request.resolver_match.kwargs if request.resolver_match is not None else {}
    record = next((str(given[name]) for name in REFERENCES if name in given), "")
    held: frozenset[str] = request.visitor.roles  # type: ignore[attr-defined]
    opening = (held & set(roles) if roles else held - {Role.AUDITOR}) or held
    return Shown(
        kinds=kinds,
        role=next((str(each) for each in Role if each in opening), ""),
        record=f"{given['contest']}/{record}" if record and "contest" in given else record,
    )


def record_look(request: HttpRequest, *, kind: str, people: Iterable[UUID | None]) -> None:
    """A page open to others too shows an official more than them: written down at once, as that official's look."""
    _record(request, _begun(request, (kind,), ()), Note(kind, _named(people), "", None, is_act=True))


def _named(people: Iterable[UUID | None]) -> tuple[UUID, ...]:
    return tuple(each for each in people if each is not None)


def _write(request: HttpRequest, *, is_shown: bool) -> None:
    shown: Shown = request.shown  # type: ignore[attr-defined]
    if shown.kinds[0] in {NOTHING, ""} or request.method == "HEAD":
        return
    for each in shown.notes:
        if is_shown or each.is_act:
            _record(request, shown, each)
    if is_shown and not shown.is_said:
        _record(request, shown, Note(shown.kinds[0], (), "", None, is_act=False))


def _record(request: HttpRequest, shown: Shown, note: Note) -> None:
    match = request.resolver_match
    record_access(
        official=request.visitor.person,  # type: ignore[attr-defined]
        community=request.place.community, role=shown.role, kind=note.kind,  # type: ignore[attr-defined]
        page=match.view_name if match is not None else "", record=note.record or shown.record,
        people=note.people, number=note.number,
    )  # fmt: skip
