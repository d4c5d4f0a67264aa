"""What may stand in a path: converters of the URL tables."""

from django.urls import register_converter

from viche.contests.actions import RESERVED_SLUGS


class ContestSlug:
    """A contest's address: begins with a digit or a letter, and is none of the fixed pages'."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED_SLUGS))})/)[a-z0-9][a-z0-9-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ContestSlug, "contest")
