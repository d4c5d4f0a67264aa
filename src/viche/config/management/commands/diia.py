"""viche diia: make this site's branch and offer with the partners' service of Diia, once."""

from argparse import ArgumentParser
from dataclasses import fields
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from viche.config.management import base
from viche.identity.providers import ProviderError
from viche.identity.providers.diia import Branch, DiiaSettings, Partner
from viche.identity.providers.settings import SettingsError

# of the organisation that runs the site, in Ukrainian
ABOUT = {
    "name": "name of the branch and the offer, as people see it",
    "email": "e-mail of whoever is responsible",
    "full_name": "full name of the organisation",
    "full_address": "its address in a line",
    "region": "oblast",
    "district": "raion",
    "location": "settlement, with its kind",
    "street": "street, with its kind",
    "house": "number of the house",
}


class Command(base.Command):
    help = "Make a branch and an offer with Diia.Signature, once; prints the two settings to add."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        for each in fields(Branch):
            parser.add_argument(f"--{each.name.replace('_', '-')}", default="", help=ABOUT[each.name])
        parser.add_argument("--return-url", required=True, help="address of the site, to come back to")

    def handle(self, *args: Any, return_url: str, **options: Any) -> None:
        facts = {each.name: options[each.name].strip() for each in fields(Branch)}
        try:
            given = DiiaSettings.from_environment(
                settings.IDENTITY_ENVIRONMENT, is_production=settings.IS_PRODUCTION, is_registering=True
            )
        except SettingsError as error:
            raise CommandError(str(error)) from None
        if given.branch and given.offer:
            raise CommandError("DIIA_BRANCH_ID and DIIA_OFFER_ID are set: both are made already")
        needed = ["name"] if given.branch else list(facts)
        if missing := [f"--{name.replace('_', '-')}" for name in needed if not facts[name]]:
            raise CommandError(f"missing: {', '.join(missing)}")
        partner = Partner(given)
        try:
            branch = given.branch or partner.make_branch(Branch(**facts))
            # told at once: if the offer fails, the next run goes on from this branch
            self.stdout.write(f"DIIA_BRANCH_ID={branch}")
            offer = partner.make_offer(branch, name=facts["name"], return_url=return_url)
            self.stdout.write(f"DIIA_OFFER_ID={offer}")
        except ProviderError as error:
            raise CommandError(f"{error}. What was made stays: set it before the next run") from None
