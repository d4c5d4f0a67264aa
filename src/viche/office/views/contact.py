"""Messages of the contact form: to the body in its office, to the platform at the platform's desk."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.contact.actions import ANSWERING, answer_message, close_message
from viche.connectors.contact.models import ContactMessage
from viche.connectors.contact.queries import mailbox_of, message_to, messages_to
from viche.foundation.refused import Refused
from viche.identity.models import DataKind
from viche.portal.forms_contact import ReplyForm
from viche.portal.guards import official, platform

PAGE = 40
# faults of what was typed; any other refusal is a page of its own
AT_THE_FORM = frozenset({"bad_value", "no_mail"})


@official(*ANSWERING, shows=DataKind.MESSAGES)
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages to the body, those that wait first."""
    return _listed(request, request.place.community)  # type: ignore[attr-defined]


@official(*ANSWERING, shows=DataKind.MESSAGES)
def message(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One message to the body: answer, close."""
    return _opened(request, request.place.community, reference)  # type: ignore[attr-defined]


@platform(shows=DataKind.MESSAGES)
def platform_inbox(request: HttpRequest) -> HttpResponse:
    """Messages to the platform itself."""
    return _listed(request, None)


@platform(shows=DataKind.MESSAGES)
def platform_message(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One message to the platform: answer, close."""
    return _opened(request, None, reference)


def _names(community: Community | None) -> tuple[str, str, str]:
    """Names of the addresses of the desk, the list and one message."""
    if community is None:
        return "platform", "platform-messages", "platform-message"
    return "office", "office-messages", "office-message"


def _listed(request: HttpRequest, community: Community | None) -> HttpResponse:
    desk, _listing, one = _names(community)
    page = Paginator(messages_to(community), PAGE).get_page(request.GET.get("page"))
    request.shown.about([], number=len(page))  # type: ignore[attr-defined]
    return render(
        request,
        "office/messages.html",
        {
            "page": page, "rows": [(each, reverse(one, args=[each.pk])) for each in page],
            "desk_href": reverse(desk), "is_platform": community is None, "mailbox": mailbox_of(community),
        },
    )  # fmt: skip


def _opened(request: HttpRequest, community: Community | None, reference: UUID) -> HttpResponse:
    desk, listing, one = _names(community)
    found = message_to(community, reference)
    if found is None:
        raise Http404(str(reference))
    request.shown.about([], number=1)  # type: ignore[attr-defined]
    form = ReplyForm(request.POST if request.POST.get("act") == "answer" else None)
    if request.method == "POST" and (done := _decide(request, found, form)):
        messages.success(request, done)
        return HttpResponseRedirect(reverse(one, args=[found.pk]))
    return render(
        request,
        "office/message.html",
        {
            "contact": found, "form": form, "letters": list(found.letters.all()), "desk_href": reverse(desk),
            "list_href": reverse(listing), "is_waiting": found.state == ContactMessage.State.NEW,
            "is_closed": found.state == ContactMessage.State.CLOSED, "is_platform": community is None,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _decide(request: HttpRequest, found: ContactMessage, form: ReplyForm) -> str:
    """Do what was pressed; what to say, empty where the answer has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if request.POST.get("act") == "close":
        close_message(message=found, by=by)
        return _("The message is closed.")
    if request.POST.get("act") != "answer":
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if not form.is_valid():
        return ""
    try:
        answer_message(message=found, text=form.cleaned_data["text"], by=by)
        return _("The answer is on its way.")
    except Refused as refused:
        if refused.code not in AT_THE_FORM:
            raise
        form.refuse(refused)
        return ""
