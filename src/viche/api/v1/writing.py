"""What programs write: projects of residents, opinions and decisions, the register of members."""

import csv
import io
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _

from viche.api.v1 import documents, schemas
from viche.api.v1.core import caller_of, check_match, writes
from viche.api.v1.finding import contest_of, project_of
from viche.api.v1.reading import PROJECT, seen_project
from viche.communities.models import Community
from viche.communities.queries import territories_coded
from viche.connectors.clients.actions import identify_author, revise_brought_project, submit_brought_project
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions import import_register, prepare_register, prepare_register_changes
from viche.identity.actions.registers import Preview
from viche.identity.models import Register
from viche.identity.providers import TaxNumberError, parse_tax_number
from viche.identity.queries import current_register
from viche.identity.register_file import MAX_BYTES
from viche.identity.wording import ROW_FAULTS
from viche.projects.actions import Draft
from viche.projects.estimate import quantity_typed
from viche.projects.models import Project
from viche.review.actions import decide_review, give_opinion, save_opinion
from viche.review.queries import assignments_about, writes_for

MOST_FAULTS = 100


# --- projects -------------------------------------------------------------------------------------------------


def _look(
    request: HttpRequest, community: Community, by: Actor, contest: str, body: schemas.NewProject
) -> None:
    """Look up the author; the look stays on record whatever becomes of the project. Refused: bad_number."""
    found, caller = contest_of(community, contest), caller_of(request)
    assert caller is not None
    try:
        number = parse_tax_number(body.author).number
    except TaxNumberError:
        raise _fault("bad_number", "author", _("This is no valid tax number: check the digits.")) from None
    request.author = identify_author(  # type: ignore[attr-defined]
        client=caller.client, contest=found, tax_number=number, by=by
    )


@writes(
    "POST", "communities/{str:community}/contests/{str:contest}/projects", schemas.Submitted, name="projects",
    tag="projects", scope="projects:write", before=_look,
)  # fmt: skip
def submit(
    request: HttpRequest, community: Community, by: Actor, contest: str, body: schemas.NewProject
) -> Any:
    """Submit a project that a resident brought on paper. It is checked as any other, and published as the rules say."""
    found, caller = contest_of(community, contest), caller_of(request)
    assert caller is not None
    territory = territories_coded([body.territory]).get(body.territory)
    if territory is None or not territory.is_inside(community.territory):
        raise _fault(
            "bad_project", "territory", _("The place must lie in %s.") % community.territory.full_name
        )
    draft = Draft(
        title=body.title, summary=body.summary, text=body.text, category=body.category, territory=territory,
        cost=body.cost, place_name=body.place, items=_items(body.items), type=body.type,
    )  # fmt: skip
    made = submit_brought_project(
        client=caller.client, contest=found, author=request.author, reference=body.reference, draft=draft, by=by,  # type: ignore[attr-defined]
    )  # fmt: skip
    return {
        "number": made.number, "state": made.state, "reference": body.reference,
        "href": documents.contest_href(request, found, "projects", made.number),
    }  # fmt: skip


@writes(
    "PATCH", PROJECT, schemas.Submitted, name="project", tag="projects", scope="projects:write", status=200
)
def change(
    request: HttpRequest,
    community: Community,
    by: Actor,
    contest: str,
    number: int,
    body: schemas.ProjectChanges,
) -> Any:
    """Change a project that this program submitted, as long as the procedure lets its author change it."""
    found, caller = seen_project(request, contest_of(community, contest), number), caller_of(request)
    assert caller is not None
    check_match(request, documents.project_document(request, found))
    changes: dict[str, Any] = {
        {"place": "place_name"}.get(name, name): value
        for name, value in body.dict(exclude_unset=True).items()
        if value is not None
    }
    if body.items is not None:
        changes["items"] = _items(body.items)
    saved = revise_brought_project(
        client=caller.client, project=found, changes=changes, revision=found.revision, by=by
    )
    return {
        "number": saved.number, "state": saved.state, "reference": "",
        "href": documents.contest_href(request, found.contest, "projects", saved.number),
    }  # fmt: skip


def _items(items: list[schemas.NewItem]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "unit": each.unit, "quantity": quantity_typed(each.quantity) or "", "price": each.price}
        for each in items
    ]  # fmt: skip


# --- reviews --------------------------------------------------------------------------------------------------


@writes("POST", f"{PROJECT}/opinions", schemas.Signed, name="opinions", tag="reviews", scope="reviews:write")
def sign(
    request: HttpRequest, community: Community, by: Actor, contest: str, number: int, body: schemas.NewOpinion
) -> Any:
    """Sign the opinion of the department that was asked. A draft that a colleague began is never overwritten."""
    found = project_of(contest_of(community, contest), number)
    asked = [
        each for each in assignments_about(found)
        if each.state != "ended" and body.unit.casefold() in ("", each.unit.casefold())
        and writes_for(each, by.person_id)
    ]  # fmt: skip
    if len(asked) != 1:
        message = (
            _("This official was not asked for an opinion here.") if not asked else _("Name the department.")
        )
        raise Refused("not_asked", message, fields={"unit": message}, status=422 if asked else 403)
    checks = {name: {"answer": each.answer, "note": each.note} for name, each in body.checks.items()}
    draft = save_opinion(
        assignment=asked[0], checks=checks, conclusion=body.conclusion, reasons=body.reasons,
        corrected_cost=body.corrected_cost, revision=0, by=by,
    )  # fmt: skip
    given = give_opinion(assignment=asked[0], revision=draft.revision, by=by)
    return {
        "unit": asked[0].unit, "conclusion": given.conclusion, "given_at": given.given_at,
        "href": documents.contest_href(request, found.contest, "projects", number, "opinions"),
    }  # fmt: skip


@writes(
    "POST", f"{PROJECT}/decisions", schemas.Decided, name="decisions", tag="reviews", scope="reviews:write"
)
def decide(
    request: HttpRequest,
    community: Community,
    by: Actor,
    contest: str,
    number: int,
    body: schemas.NewDecision,
) -> Any:
    """Write down a decision that the official may take alone in the stage where the project stands. A stage with a
    quorum is decided by roll-call at a meeting (needs_meeting).
    """
    found = project_of(contest_of(community, contest), number)
    made = decide_review(
        project=found, verdict=body.verdict, reason=body.reason, conditions=body.conditions, stage=body.stage, by=by,
    )  # fmt: skip
    return {
        "verdict": made.verdict, "state": Project(state=made.project.state).state,
        "href": documents.contest_href(request, found.contest, "projects", number),
    }  # fmt: skip


# --- the register of members ----------------------------------------------------------------------------------


@writes(
    "POST", "communities/{str:community}/register/changes", schemas.Imported, name="register-changes", tag="members",
    scope="members:write",
)  # fmt: skip
def change_register(
    request: HttpRequest, community: Community, by: Actor, body: schemas.MemberChanges
) -> Any:
    """Put rows into the register and take rows out: a new version, in force at once, whole or not at all."""
    preview = prepare_register_changes(
        community=community, put=_table(body.put), withdrawn=_table(body.withdrawn), by=by
    )
    return _imported(request, community, preview, by)


@writes(
    "PUT", "communities/{str:community}/register", schemas.Imported, name="register", tag="members",
    scope="members:write", status=200,
)  # fmt: skip
def replace_register(request: HttpRequest, community: Community, by: Actor, most_gone: int = 0) -> Any:
    """Put a whole register in force: CSV or XLSX as the office takes it. most_gone: how many rows may leave; more are
    refused, so that half a file ends nobody's membership.
    """
    check_match(request, documents.register_document(current_register(community)))
    content = request.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise RequestDataTooBig
    preview = prepare_register(community=community, content=content, by=by)
    if preview.draft is not None and preview.draft.gone > max(most_gone, 0):
        message = (
            _("%d rows would leave the register: say so with most_gone, if it is meant.") % preview.draft.gone
        )
        raise Refused("too_many_gone", message, fields={"most_gone": message})
    return _imported(request, community, preview, by)


def _table(rows: list[schemas.Member]) -> bytes:
    if not rows:
        return b""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([each.number, each.territory, each.basis] for each in rows)
    return out.getvalue().encode()


def _imported(request: HttpRequest, community: Community, preview: Preview, by: Actor) -> dict[str, Any]:
    """The draft, put in force. Refused: bad_rows (by number of the row)."""
    if preview.draft is None:
        faults = {f"row {each.row}": str(ROW_FAULTS[each.reason]) for each in preview.faults[:MOST_FAULTS]}
        raise Refused(
            "bad_rows", _("Some rows cannot be taken: nothing was changed."), fields=faults, status=422
        )
    made: Register = import_register(community=community, digest=preview.draft.digest, by=by)
    return {
        "version": made.number, "rows": made.rows, "new": made.new, "gone": made.gone, "digest": made.digest,
        "href": documents.href(request, community, "register"),
    }  # fmt: skip


def _fault(code: str, name: str, message: str) -> Refused:
    return Refused(code, message, fields={name: message}, status=422)
