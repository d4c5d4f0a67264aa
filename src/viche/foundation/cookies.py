"""Our own small cookies beside the session: all HttpOnly, SameSite=Lax, and in production bound to the host.

The prefix __Host- (RFC 6265bis) keeps a neighbouring host from setting them.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def _full(name: str) -> str:
    return f"__Host-{name}" if settings.IS_PRODUCTION else name


def read(request: HttpRequest, name: str) -> str:
    """The cookie's value, empty where there is none."""
    return str(request.COOKIES.get(_full(name), ""))


def keep(response: HttpResponse, name: str, value: str, *, seconds: int | None) -> None:
    """Set the cookie; seconds None: until the browser is closed."""
    response.set_cookie(
        _full(name),
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.IS_PRODUCTION,
        path="/",
    )


def drop(response: HttpResponse, name: str) -> None:
    response.delete_cookie(_full(name), path="/", samesite="Lax")


def names(request: HttpRequest, prefix: str) -> list[str]:
    """Names (as given to keep) of the browser's cookies that begin with the prefix."""
    full = _full(prefix)
    return [prefix + name.removeprefix(full) for name in request.COOKIES if name.startswith(full)]
