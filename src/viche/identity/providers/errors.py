"""What can go wrong with an identity provider, in words a resident understands."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "provider_down": _(
        "The identification service does not answer. Nothing you chose is lost: try again in a few minutes."
    ),
    "provider_slow": _(
        "The identification service takes too long to answer. Nothing you chose is lost: try again."
    ),
    "bad_answer": _(
        "The identification service gave an answer that cannot be read. Try again, or choose another method."
    ),
    "encrypted_answer": _(
        "The identification service gave an encrypted answer that this site is not set up to open. "
        "Please tell the site’s support."
    ),
    "misconfigured": _(
        "The identification service does not accept this site’s key. Please tell the site’s support."
    ),
    "code_used": _(
        "This identification has already been used or is too old. Please identify yourself again."
    ),
    "state_wrong": _("This answer does not belong to the log-in begun in this browser. Please begin again."),
    "denied": _("You cancelled the identification. You can begin again or choose another method."),
    "method_not_allowed": _("This method of identification is not accepted here. Please choose another one."),
    "identity_incomplete": _(
        "The identification service did not tell your name. Choose another method, "
        "or come to a service centre."
    ),
    "signature_unreadable": _(
        "This is not a signature that can be read. Choose a detached signature in the format CAdES (.p7s)."
    ),
    "signature_of_other_text": _(
        "This signature is over another text. Download the text of this page once more and sign it unchanged."
    ),
    "signature_wrong": _("The signature does not fit: it or its certificate was changed. Sign once more."),
    "certificate_untrusted": _(
        "The certificate is not by an authority that this site trusts. Use a qualified signature of a Ukrainian "
        "authority."
    ),
    "certificate_expired": _(
        "The certificate has expired. Renew it with your authority, or choose another method."
    ),
    "certificate_not_yet_valid": _(
        "The certificate is not valid yet. Look at its dates, and at the clock of the device you sign with."
    ),
    "certificate_revoked": _(
        "The certificate is revoked. Renew it with your authority, or choose another method."
    ),
    "revocation_unknown": _(
        "The authority does not say now whether your certificate is revoked. Try again in a few minutes, or choose "
        "another method."
    ),
    "algorithm_unsupported": _(
        "This site cannot check a signature of this kind. Sign by ECDSA or RSA with at least 2048 bits, or choose "
        "another method."
    ),
    "seal_not_person": _(
        "This is the seal of an organisation, or a certificate without a person’s name. Use your own signature."
    ),
    "phone_unknown": _(
        "The operator knows no MobileID on this number. Look at the number, or choose another method."
    ),
    "phone_blocked": _("The SIM card or its PIN is blocked. Ask your operator, or choose another method."),
    "phone_silent": _("The phone did not answer in time. Ask it again."),
    "delivery_refused": _(
        "Your signature was read, but it cannot identify you here: it tells no tax number, or leads to another person. "
        "Choose another method, or come to a service centre with your documents."
    ),
    "not_qualified": _(
        "The certificate is not a qualified one. Use a qualified signature, or choose another method."
    ),
    "number_wrong": _(
        "The tax number the identification service gave is not valid. Choose another method, "
        "or come to a service centre with your documents."
    ),
}

# where the same person may succeed by simply trying again a little later
TEMPORARY = frozenset({"provider_down", "provider_slow", "revocation_unknown"})


class ProviderError(Exception):
    """An identification that did not succeed.

    code: a key of MESSAGES, stable, for logs and tests. message: the lazy translated text for the person.
    detail: for the log, in English, made of our own words and numbers only: never a URL, a code, a token, a
    name or anything else the provider sent.
    """

    def __init__(self, code: str, detail: str = "", *, provider: str = "") -> None:
        self.code = code
        self.message = MESSAGES[code]
        self.detail = detail
        self.provider = provider
        super().__init__(f"{provider or 'provider'}: {code}" + (f" ({detail})" if detail else ""))

    @property
    def is_temporary(self) -> bool:
        return self.code in TEMPORARY
