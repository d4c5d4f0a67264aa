"""Which window has saved a project last: one whose answer was lost on the way is no stranger to itself.

A page posts the revision it knows. Where the connection breaks after the server has saved, the page never learns the
new one; its next save would look like that of another window. So the session remembers, for each project, since which
revision one window has been the only one to save.
"""

import secrets

from django.http import HttpRequest

from viche.foundation.fields import whole_number
from viche.projects.models import Project


def new_window() -> str:
    """A name for a page that has just been opened."""
    return secrets.token_hex(8)


def known_revision(request: HttpRequest, project: Project) -> int:
    """The revision that the page saves upon: the posted one, or the present one where only this window saved since."""
    posted = whole_number(request.POST.get("revision")) or 0
    kept = request.session.get(_key(project)) or {}
    is_own = kept.get("window") == request.POST.get("window") and kept.get("window")
    if is_own and kept["since"] <= posted <= project.revision and kept["revision"] == project.revision:
        return project.revision
    return posted


def remember_save(request: HttpRequest, project: Project, before: int) -> None:
    """The window of this request has just saved: ``before`` was the revision it saved upon."""
    window = request.POST.get("window", "")[:32]
    kept = request.session.get(_key(project)) or {}
    goes_on = kept.get("window") == window and kept.get("revision") == before
    request.session[_key(project)] = {
        "window": window, "since": kept["since"] if goes_on else before, "revision": project.revision,
    }  # fmt: skip


def _key(project: Project) -> str:
    return f"writing-{project.pk}"
