"""Limits that hold before anything is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MAX_REQUEST_BYTES = 32_000_000
MAX_FILE_BYTES = 30_000_000
"""A file in a form is no larger: what stands about it in the request takes room too."""

MAX_FILE_MEGABYTES = MAX_FILE_BYTES // 1_000_000


class SizeMiddleware:
    """Refuses a request that announces a larger body than any form of ours needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
            return render(None, "413.html", status=413)
        return self.get_response(request)
