"""What a saved version of the rules was about, in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.presets import UnknownPreset, preset
from viche.office.rules_editor.sections import SECTIONS


def note_words(note: str) -> str:
    """The code of a saving in words: «Гроші», «за зразком: Київ, 2019»."""
    if note in SECTIONS:
        return str(SECTIONS[note].title)
    if note == "discarded":
        return _("The draft of the correction is forgotten: the rules in force stay as they are.")
    kind, _colon, rest = note.partition(":")
    if kind == "preset":
        try:
            title = preset(rest).title.get((get_language() or "uk")[:2])
        except UnknownPreset:
            title = rest
        return _("after the preset: %s") % title
    if kind == "contest":
        return _("after the contest %s") % rest
    return _("taken over") if note else ""
