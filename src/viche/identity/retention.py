"""How long the identity room keeps what it knows of people."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule, after
from viche.identity.actions.accesses import delete_old_accesses
from viche.identity.actions.attempts import KEPT as ATTEMPTS
from viche.identity.actions.attempts import delete_old_attempts
from viche.identity.actions.clearing import (
    LETTERS,
    LIMITATION,
    YEAR,
    delete_old_connections,
    delete_old_consents,
    delete_old_identifications,
    delete_old_invitations,
    delete_old_letters,
    delete_old_memberships,
    delete_old_objections,
    delete_old_requests,
    delete_old_sessions,
)
from viche.identity.actions.registers import DRAFTS, delete_old_drafts
from viche.identity.actions.requests import delete_old_files

_limitation = _("for disputes: the general limitation of actions (Civil Code, article 257)")

RULES = (
    Rule(
        "sessions", _("your session"),
        after(_("%(term)s after the last page"), lambda: timedelta(seconds=settings.SESSION_COOKIE_AGE)),
        _("so that pages know who you are"), delete_old_sessions, ("sessions.Session",),
    ),
    Rule(
        "attempts", _("attempts to identify"), after("%(term)s", lambda: ATTEMPTS),
        _("so that an identification that ends on a phone or by a signature can end"), delete_old_attempts,
        ("identity.Attempt",),
    ),
    Rule(
        "identifications", _("when and by what you identified"),
        after(_("%(term)s; the last time by each way while you take part"), lambda: YEAR),
        _("so that you see whether somebody else came in your name"), delete_old_identifications,
        ("identity.Identification",),
    ),
    Rule(
        "proofs", _("documents shown to an operator"),
        after(_("%(term)s after the decision"), lambda: timedelta(days=settings.PROOF_FILES_DAYS)),
        _("so that an operator can decide, and look again where the decision is disputed"), delete_old_files,
        ("identity.RequestFile",),
    ),
    Rule(
        "requests", _("requests to be a member: basis, number of the document, decision"),
        after(_("%(term)s after the decision"), lambda: LIMITATION), _limitation, delete_old_requests,
        ("identity.ProofRequest",),
    ),
    Rule(
        "memberships", _("memberships and citizenships that an operator, a provider or a register confirmed"),
        after(_("%(term)s after the end"), lambda: LIMITATION), _limitation, delete_old_memberships,
        ("identity.Membership", "identity.Citizenship"),
    ),
    Rule(
        "register_drafts", _("registers of members: keyed marks without names and numbers"),
        after(_("until the next version; %(term)s where nobody confirmed it"), lambda: DRAFTS),
        _("so that members are recognised without a document"), delete_old_drafts,
        ("identity.Register", "identity.RegisterRow"),
    ),
    Rule(
        "consents", _("consents: version, time, channel"),
        after(_("%(term)s after they were taken back"), lambda: LIMITATION), _limitation, delete_old_consents,
        ("identity.Consent",),
    ),
    Rule(
        "objections", _("what you denied to have done, and the answer"),
        after(_("%(term)s after the decision"), lambda: LIMITATION), _limitation, delete_old_objections,
        ("identity.Objection",),
    ),
    Rule(
        "invitations", _("invitations to an office, with the e-mail address"),
        after(_("%(term)s after the answer or the end"), lambda: YEAR),
        _("so that it can be seen who was invited by whom"), delete_old_invitations, ("identity.Invitation",),
    ),
    Rule(
        "letters", _("addresses of letters that were sent"), after("%(term)s", lambda: LETTERS),
        _("so that no letter is sent twice"), delete_old_letters, ("identity.Letter",),
    ),
    Rule(
        "connections", _("requests to connect a body, with e-mail address and telephone number"),
        after(_("%(term)s after the decision"), lambda: YEAR), _("so that the platform can check who asks"),
        delete_old_connections, ("identity.ConnectionRequest",),
    ),
    Rule(
        "accesses", _("which official looked at whose data"),
        lambda: str(_("until the end of the year after the year of the look")),
        _("the typical procedure of processing personal data (Ombudsman’s order 1/02-14)"), delete_old_accesses,
        ("identity.Access",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("identification: names, date of birth, sex as the tax number tells it, tokens of numbers"),
        _("while you take part, then until you ask for erasure"),
        _("so that one person is counted once"), ("identity.Person", "identity.Identifier"),
    ),
    Kept(
        _("passkeys, codes and recovery codes of officials"), _("until they are removed"),
        _("so that nobody else acts as an official"),
        ("identity.SecondFactor", "identity.Passkey", "identity.RecoveryCode"),
    ),
    Kept(
        _("who held which office, and who published legal texts"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("identity.Office", "identity.LegalText", "identity.SetupStep"),
    ),
)  # fmt: skip

IMPERSONAL = ("identity.RetentionRun",)
