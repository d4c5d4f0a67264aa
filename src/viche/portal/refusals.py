"""One place where a Refused becomes a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused

# what a visitor does for themselves, whatever became of the body
OWN_ACTS = frozenset({"login", "logout"})


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """A zero byte is in no text a person types, and the database takes none."""
        if getattr(view, "guard", "") == "signed" or getattr(view, "is_for_programs", False):
            return None  # programs are answered by their own guard, not by a page
        said = [*request.GET.values(), request.path_info]
        if request.method == "POST":
            if getattr(view, "csrf_exempt", False):
                # other servers post here, and the view wants the bytes: read before the form, they serve both
                request.body  # noqa: B018
            said += [value for name in request.POST for value in request.POST.getlist(name)]
        if any("\x00" in str(value) for value in said):
            refused = Refused(
                "bad_text", _("The address or the form holds a sign that is no letter."), status=400
            )
            return refusal_page(request, refused)
        return self._archived(request)

    def _archived(self, request: HttpRequest) -> HttpResponse | None:
        """A body that has left is there to be read. The log of an archived body takes no entry anyway; here it is
        said in words, before anything is tried.
        """
        place = getattr(request, "place", None)
        if place is None or place.community is None or place.community.archived_at is None:
            return None
        match = request.resolver_match
        if request.method in {"GET", "HEAD", "OPTIONS"} or (match and match.url_name in OWN_ACTS):
            return None
        message = _(
            "This body has left the platform. Its pages can be read; nothing can be done here any more."
        )
        return refusal_page(request, Refused("archived", message, status=409))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        return refusal_page(request, exception)


def refusal_page(
    request: HttpRequest, refused: Refused, *, title: str = "", action: tuple[str, str] | None = None
) -> HttpResponse:
    """The refusal as a page, with the reason in words and a way on: the action given, or back."""
    place = getattr(request, "place", None)
    home = reverse("home" if place and place.community else "start")
    back = request.headers.get("referer", "")
    own = request.build_absolute_uri("/")
    actions = [(_("Go back"), back)] if back.startswith(own) and back != request.build_absolute_uri() else []
    if action is not None:
        actions = [action]
    response = render(
        request,
        "portal/refused.html",
        {
            "heading": title or _("This cannot be done now"),
            "text": str(refused.message),
            "lines": [line for name in refused.fields for line in _lines(refused.fields[name])],
            "code": refused.code,
            # a page that says no is nothing to be found or shared
            "social": None,
            "actions": [*actions, (_("To the start page"), home)],
        },
        status=refused.status,
    )
    response["Cache-Control"] = "no-store"
    return response


def _lines(value: object) -> list[str]:
    return [str(line) for line in value] if isinstance(value, list) else [str(value)]
