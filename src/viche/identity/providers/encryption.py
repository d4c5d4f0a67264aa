"""Which decryptor opens the answers that a provider encrypts to this site, by the installation's settings."""

from collections.abc import Mapping

from viche.identity.providers.envelopes import decryptor_of
from viche.identity.providers.kep import national
from viche.identity.providers.ports import Decryptor
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.uapki import UapkiDecryptor, UapkiSettings


def decryptor_for(prefix: str, environment: Mapping[str, str]) -> Decryptor | None:
    """None where answers travel as they are, inside TLS.

    <prefix>_ENCRYPTION: "uapki" opens envelopes of DSTU 4145 and GOST 28147 by KEP_UAPKI_KEYS; without it,
    <prefix>_CERTIFICATE, _KEY and _TRUSTED name files for RSA or EC. Raises SettingsError.
    """
    if environment.get(f"{prefix}_ENCRYPTION", "").lower() == "uapki":
        settings = UapkiSettings.from_environment(environment)
        if settings is None or settings.certificate is None:
            raise SettingsError(
                [f"{prefix}_ENCRYPTION is uapki, but KEP_UAPKI_LIBRARY, _KEYS and _CERTIFICATE are not set"]
            )
        return UapkiDecryptor(national(settings), settings, must_be_signed=True)
    names = {
        name: environment.get(f"{prefix}_{name.upper()}", "") for name in ("certificate", "key", "trusted")
    }
    if not any(names.values()):
        return None
    if missing := [f"{prefix}_{name.upper()} is missing" for name, value in names.items() if not value]:
        raise SettingsError(missing)
    return decryptor_of(prefix, **names)
