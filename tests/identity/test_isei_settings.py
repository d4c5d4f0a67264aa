"""Settings of the id.gov.ua client: what is wrong is said in words, all at once, without the secret."""

import pytest
from tests.identity.isei_walk import settings_for

from viche.identity.providers.isei import IseiSettings, SettingsError
from viche.identity.providers.isei.simulator import (
    DEMO_CLIENT_SECRET,
)


def test_settings_come_from_the_environment():
    settings = IseiSettings.from_environment(
        {
            "ISEI_URL": " https://id.gov.ua/ ",
            "ISEI_CLIENT_ID": "id",
            "ISEI_CLIENT_SECRET": "very-secret",
            "ISEI_METHODS": "dig_sign, bank_id",
            "ISEI_TIMEOUT": "5",
            "ISEI_HTTP_METHOD": "get",
        },
        is_production=True,
    )
    assert (settings.url, settings.timeout, settings.http_method) == ("https://id.gov.ua", 5, "GET")
    assert settings.methods == ("dig_sign", "bank_id")
    assert "very-secret" not in repr(settings)


def test_an_empty_environment_names_everything_that_is_missing():
    with pytest.raises(SettingsError) as caught:
        IseiSettings.from_environment({})
    text = str(caught.value)
    assert all(name in text for name in ("ISEI_URL", "ISEI_CLIENT_ID", "ISEI_CLIENT_SECRET"))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"url": "id.gov.ua"}, "ISEI_URL"),
        ({"url": "http://id.gov.ua"}, "https"),
        ({"url": "https://user:pass@id.gov.ua"}, "ISEI_URL"),
        ({"url": "https://id.gov.ua/?a=1"}, "ISEI_URL"),
        ({"url": "https://[id"}, "ISEI_URL"),
        ({"url": "http://127.0.0.1:8001", "is_production": True}, "simulator"),
        ({"url": "https://isei.localhost", "is_production": True}, "simulator"),
        ({"methods": ()}, "ISEI_METHODS"),
        ({"methods": ("bank_id", "fax")}, "fax"),
        ({"timeout": 0}, "ISEI_TIMEOUT"),
        ({"timeout": 61}, "ISEI_TIMEOUT"),
        ({"http_method": "PUT"}, "ISEI_HTTP_METHOD"),
    ],
)
def test_unusable_settings_say_why(changes, word):
    with pytest.raises(SettingsError, match=word) as caught:
        settings_for(**{"url": "https://id.gov.ua", "timeout": 5, **changes})
    assert DEMO_CLIENT_SECRET not in str(caught.value)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize("seconds", ["soon", "1.5", "-1", "١"])
def test_a_timeout_that_is_no_whole_number(seconds):
    values = {"ISEI_URL": "https://id.gov.ua", "ISEI_CLIENT_ID": "i", "ISEI_CLIENT_SECRET": "s"}
    with pytest.raises(SettingsError, match="ISEI_TIMEOUT"):
        IseiSettings.from_environment({**values, "ISEI_TIMEOUT": seconds})
