"""The /ui/ page: every part in all its kinds, with the code that draws it and the arguments it takes.

It needs no database, and the accessibility tests visit it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.translation import gettext as _

from viche.foundation.gallery_samples import samples
from viche.foundation.parts import part, part_names

TOKENS = (
    *("paper", "surface", "sunken", "ink", "ink-soft", "rule", "edge"),
    *("brand", "brand-strong", "brand-tint", "deep", "accent", "accent-text", "accent-tint"),
    *("info", "success", "warning", "danger"),
)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every part with its samples; those that differ only in state stand side by side."""
    engine = engines["django"]
    shown = []
    drawn = samples()
    for name in part_names():
        contract = part(name)
        shown.append(
            {
                "part": contract,
                "samples": [
                    {
                        "code": sample.code,
                        "is_wide": sample.is_wide,
                        "html": engine.from_string("{% load ui %}" + sample.code).render(
                            dict(sample.data), request
                        ),
                    }
                    for sample in drawn.get(name, [])
                ],
            }
        )
    return render(
        request,
        "ui_gallery.html",
        {
            "shown": shown,
            "tokens": TOKENS,
            "crumbs": [(_("Start"), "/"), (_("Parts of the interface"), "")],
        },
    )
