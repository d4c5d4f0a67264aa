"""What an official typed into the fields of a kind: checked, and parted into settings and secrets."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as house
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from viche.connectors.systems.kinds import Field, Kind
from viche.foundation.refused import Refused

LONGEST_LONG = 20_000


def read_values(
    kind: Kind, typed: Mapping[str, Any], kept: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(settings, secrets) of what was typed.

    A secret that was left empty stays as it is kept; "forget_<field>" lets one go. Refused: bad_value, at its fields.
    """
    found: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    faults: dict[str, Any] = {}
    for field in kind.fields:
        try:
            if field.is_secret:
                if value := _secret(field, typed, kept):
                    secrets[field.name] = value
            else:
                found[field.name] = _value(field, typed.get(field.name))
        except ValueError as error:
            faults[field.name] = str(error)
    faults = faults or dict(kind.problems(found, secrets))
    if faults:
        raise Refused("bad_value", _("Some fields are not filled in rightly."), fields=faults, status=422)
    return found, secrets


def require_secrets_anew(
    kind: Kind,
    typed: Mapping[str, Any],
    kept: Mapping[str, str],
    before: Mapping[str, Any],
    found: Mapping[str, Any],
) -> None:
    """Nobody sends a secret that a colleague typed to another server. before, found: settings. Refused: bad_value."""
    places = [field.name for field in kind.fields if field.is_destination]
    if all(before.get(each) == found.get(each) for each in places):
        return
    message = _("The address has changed: type this anew.")
    faults = {
        field.name: message for field in kind.fields
        if field.is_secret and kept.get(field.name)
        and not str(typed.get(field.name) or "").strip() and not typed.get(f"forget_{field.name}")
    }  # fmt: skip
    if faults:
        raise Refused("bad_value", message, fields=faults, status=422)


def _secret(field: Field, typed: Mapping[str, Any], kept: Mapping[str, str]) -> str:
    value = str(typed.get(field.name) or "").strip()
    if not value and not typed.get(f"forget_{field.name}"):
        value = kept.get(field.name, "")
    if not value and field.is_required:
        raise ValueError(_("Fill in this field."))
    if len(value) > LONGEST_LONG:
        raise ValueError(_("This is too long."))
    return value


def _value(field: Field, given: Any) -> Any:
    if field.shape == "flag":
        return bool(given)
    text = str(given if given is not None else "").strip()
    if not text:
        if field.is_required:
            raise ValueError(_("Fill in this field."))
        return None if field.shape == "number" else ""
    if len(text) > (LONGEST_LONG if field.shape == "long" else field.longest):
        raise ValueError(_("This is too long."))
    return _read(field, text)


def _read(field: Field, text: str) -> Any:
    if field.shape == "number":
        return _number(field, text)
    if field.shape == "choice" and text not in {value for value, _words in field.choices}:
        raise ValueError(_("Choose one of the list."))
    if field.shape == "address":
        return _address(text)
    if field.shape == "email":
        try:
            validate_email(text)
        except ValidationError:
            raise ValueError(_("This is no e-mail address.")) from None
    if field.shape != "long" and any(ord(sign) < 32 for sign in text):
        raise ValueError(_("This must be one line."))
    return text


def _number(field: Field, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not field.least <= int(text) <= field.most:
        raise ValueError(
            _("A whole number from %(least)d to %(most)d.") % {"least": field.least, "most": field.most}
        )
    return int(text)


def _address(text: str) -> str:
    """An address without a password in it; the way out checks where it leads (foundation.outgoing)."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or any(sign.isspace() for sign in text):
        raise ValueError(_("An address such as https://register.gov.ua/api"))
    if parts.username is not None or parts.password is not None:
        raise ValueError(_("No name and no password in an address: they have fields of their own."))
    allowed = {"https", "http"} if house.OUTGOING_PLAIN_HTTP else {"https"}
    if parts.scheme not in allowed:
        raise ValueError(_("The address must begin with https://"))
    return text
