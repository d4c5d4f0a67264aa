"""viche rules: look through a regulation before it is used, read it as text, list those to start from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from rulebook.presets import UnknownPreset, presets, rules_from
from rulebook.regulation import LANGUAGES, text
from rulebook.rules import Rules, RulesError, is_warning, problems
from viche.config.management import base
from viche.contests.wording import problem_text


class Command(base.Command):
    help = "Check a rules document or preset, say it as text, list the presets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="everything the rules say against themselves")
        explain = acts.add_parser("explain", help="the regulation as a council would print it")
        for act in (check, explain):
            act.add_argument("source", metavar="FILE|PRESET", help="a .json file or the id of a preset")
        explain.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0])
        acts.add_parser("list", help="regulations of real communities to start from")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "list":
            for entry in presets():
                self.stdout.write(f"{entry.id}  {entry.title.get('uk')}")
            return
        rules = _rules(options["source"])
        if act == "explain":
            self.stdout.write(text(rules, options["lang"]).plain(), ending="")
            return
        found = problems(rules)
        for problem in found:
            kind = "look again" if is_warning(problem) else "forbids freezing"
            self.stdout.write(f"{problem.path}: {kind}: {problem_text(problem)}")
        forbidding = sum(not is_warning(problem) for problem in found)
        if forbidding:
            raise CommandError(f"{forbidding} contradictions forbid that these rules are frozen")
        self.stdout.write(self.style.SUCCESS("these rules may be frozen"))


def _rules(source: str) -> Rules:
    try:
        return rules_from(source)
    except RulesError as error:
        lines = "\n".join(f"{problem.path}: {problem_text(problem)}" for problem in error.problems)
        raise CommandError(f"{source} is not a rules document:\n{lines}") from None
    except (UnknownPreset, OSError) as error:
        raise CommandError(str(error)) from None
