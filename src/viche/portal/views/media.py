"""Pictures that people have sent, where no web server in front gives them out."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

from viche.portal.guards import public


@public
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of MEDIA_ROOT. A name that no file system takes is the name of no file."""
    try:
        return serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError:
        raise Http404(path[:100]) from None
