"""Where letters go: one address of a setting, and what is wrong with it said at the start."""

from pathlib import Path

import pytest
from django.core import mail as outbox

from viche.foundation import mail


def of(url: str) -> dict[str, object]:
    found = mail.mail_settings(url, sender="viche@example.org")
    found.pop("DEFAULT_FROM_EMAIL")
    return {name: value for name, value in found.items() if name != "EMAIL_TIMEOUT"}


def test_a_relay_with_starttls_and_one_without():
    found = of("smtp://vi%40che:p%3Aw@mail.example:2525")
    assert found == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 2525, "EMAIL_HOST_USER": "vi@che", "EMAIL_HOST_PASSWORD": "p:w", "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": True,
    }  # fmt: skip
    assert of("smtp://localhost?tls=no")["EMAIL_USE_TLS"] is False
    assert of("smtp://localhost")["EMAIL_PORT"] == 587


def test_tls_from_the_first_byte():
    found = of("smtps://mail.example")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (465, True, False)


def test_a_folder_the_console_and_nothing():
    assert of("file:///var/lib/viche/mail")["EMAIL_FILE_PATH"] == Path("/var/lib/viche/mail")
    assert str(of("console:")["EMAIL_BACKEND"]).endswith("console.EmailBackend")
    assert str(of("")["EMAIL_BACKEND"]).endswith("dummy.EmailBackend")


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://x:port", "file:mail", "smtp://x?tls=maybe"],
)
def test_what_is_no_address_is_said(url):
    with pytest.raises(ValueError, match=r"\w+"):
        of(url)


def test_a_letter_has_one_id_a_key_and_no_header_can_be_smuggled_in():
    for _time in range(2):
        mail.send_letter(
            key="invitation:1:1", to="a@example.org", subject="One\r\nBcc: b@example.org", text="…"
        )
    first, second = outbox.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert first.message()["Bcc"] is None
    assert first.subject == "One Bcc: b@example.org"
