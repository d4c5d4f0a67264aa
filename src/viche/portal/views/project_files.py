"""Documents of projects, given out as files to be saved and never shown in a page."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from viche.contests.models import Contest
from viche.foundation import private_files
from viche.identity.models import DataKind
from viche.portal.guards import in_contest, public
from viche.portal.showing import record_look
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Attachment, State
from viche.projects.models.files import SHELF
from viche.projects.queries import attachment_in


@public
@in_contest
def project_file(request: HttpRequest, contest: Contest, file: UUID) -> HttpResponse:
    """A public document of a public project for everybody; any other for its authors and, once the project is
    submitted, for officials of the body. For the rest there is no such file.
    """
    row = attachment_in(contest, file)
    content = (
        private_files.content_of(file, shelf=SHELF) if row is not None and _may_read(request, row) else None
    )
    if row is None or content is None:
        raise Http404(file)
    if not _is_open(row) and not is_written_by(row.project, request.visitor.person.pk):  # type: ignore[attr-defined]
        record_look(request, kind=DataKind.FILES, people=[row.project.author_id])
    response = HttpResponse(
        content, content_type=row.media_type, headers={"X-Content-Type-Options": "nosniff"}
    )
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=row.name) or "attachment"
    )
    response["Cache-Control"] = "no-store" if not _is_open(row) else "max-age=300"
    return response


def _is_open(row: Attachment) -> bool:
    return row.is_public and row.project.is_public


def _may_read(request: HttpRequest, row: Attachment) -> bool:
    visitor = request.visitor  # type: ignore[attr-defined]
    if _is_open(row):
        return True
    if visitor.person is None:
        return False
    if is_written_by(row.project, visitor.person.pk):
        return True
    return bool(visitor.roles) and row.project.state != State.DRAFT
