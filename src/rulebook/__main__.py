"""``python -m rulebook``: count, explain and verify a published election, with Python alone.

Exit status: 0 done, 1 a verification failed, 2 the input cannot be used.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rulebook import pabulib
from rulebook.canonical import CanonicalError, digest
from rulebook.counting import RULES, Outcome, UnknownRule, count
from rulebook.dossier import Dossier, DossierError
from rulebook.explaining import compare, comparison_lines, explain, page
from rulebook.explaining.wording import LANGUAGES
from rulebook.inclusion import check_inclusion
from rulebook.options import usual_options
from rulebook.presets import UnknownPreset, rules_from
from rulebook.regulation import text as regulation_text
from rulebook.rehearsal import compare_rules, lines, recount, side_of, simulate
from rulebook.rules import RulesError
from rulebook.signing import SigningError, key_of
from rulebook.verifying import SourceError, is_record, opened, verify_record

DONE, FAILED, UNUSABLE = 0, 1, 2
STANDARD_OUTPUT = "-"


class Unusable(ValueError):
    """What was asked for on the command line cannot be done with this file."""


FAULTS = (
    pabulib.PabulibError, DossierError, UnknownRule, UnknownPreset, RulesError, CanonicalError, Unusable,
    SourceError, SigningError,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except FAULTS as error:
        where = f"{options.file}: " if getattr(options, "file", None) else ""
        print(f"{where}{error}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rulebook", description="Count a participatory budget.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, help_text in (
        ("count", _count, "count a .pb file or a dossier: who is funded, with the hash of the outcome"),
        ("explain", _explain, "the same count step by step, in words or as an HTML page"),
        ("compare", _compare, "what other counting rules would have funded on the same ballots"),
        ("dossier", _dossier, "the canonical dossier of a .pb file or of a dossier"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("file", metavar="FILE", help="a Pabulib .pb file or a dossier (.json)")
        command.add_argument(
            "--competing", metavar="ID,ID[;ID,ID]", help="groups of projects of which at most one may win"
        )
        command.set_defaults(run=run, rule=None)
        if name == "compare":
            command.add_argument("--rules", metavar="ID,ID", default="", help="only these rules (all)")
        else:
            command.add_argument("--rule", metavar="ID", help="another counting rule than the file names")
        if name == "count":
            command.add_argument("--json", action="store_true", help="everything, as JSON")
        if name in ("explain", "compare"):
            command.add_argument("--lang", choices=LANGUAGES, help="language of the page: uk (default) or en")
            if name == "explain":
                command.add_argument(
                    "--thorough",
                    action="store_true",
                    help="on the page: what every project lacked, even if slow",
                )
            form = command.add_mutually_exclusive_group()
            form.add_argument("--html", metavar="OUT", help="write one HTML page; - is standard output")
            form.add_argument("--text", action="store_true", help="lines of text (the default)")
    verify = commands.add_parser(
        "verify", help="check the whole public record of a contest, or count a dossier again and compare"
    )
    verify.add_argument(
        "file", metavar="RECORD|DOSSIER",
        help="a record: its folder, .zip file or address; or a dossier (.json) or .pb file",
    )  # fmt: skip
    verify.add_argument(
        "outcome", metavar="OUTCOME", nargs="?", help="the published outcome of a dossier (.json)"
    )
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY",
        help="of a record: the log's key, known from elsewhere",
    )
    verify.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE",
        help="of a record: a checkpoint kept from another day, which the log must still begin with",
    )  # fmt: skip
    verify.set_defaults(run=_verify, rule=None)
    included = commands.add_parser("included", help="check that an entry is in a log, by the proof beside it")
    included.add_argument("file", metavar="ENTRY", help="the entry: exactly the bytes of the leaf")
    included.add_argument("proof", metavar="PROOF", help="its proof (C2SP tlog-proof)")
    included.add_argument(
        "--key", action="append", default=[], metavar="KEY", help="keys of the log and of witnesses"
    )
    included.set_defaults(run=_included)
    regulation = commands.add_parser("regulation", help="rules of a contest as a council would print them")
    regulation.add_argument(
        "file", metavar="FILE|PRESET", help="a rules document (.json) or the id of a preset"
    )
    regulation.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0])
    regulation.set_defaults(run=_regulation)
    rehearse = commands.add_parser(
        "rehearse", help="what rules would have given on a past election, or on an invented one"
    )
    rehearse.add_argument("rules", metavar="RULES", help="a rules document (.json) or the id of a preset")
    rehearse.add_argument("--on", metavar="FILE", help="a .pb file or a dossier (an invented one)")
    rehearse.add_argument("--against", metavar="RULES", help="other rules to compare with (those of FILE)")
    rehearse.add_argument("--scale", action="store_true", help="give the pots the past contest's money")
    rehearse.add_argument("--seed", type=int, default=1, help="of the invented election (1)")
    rehearse.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0])
    rehearse.set_defaults(run=_rehearse, rule=None)
    rules = commands.add_parser("rules", help="the counting rules there are")
    rules.add_argument("--json", action="store_true")
    rules.set_defaults(run=_rules)
    return parser


def _opened(options: argparse.Namespace) -> tuple[Dossier, pabulib.Election | None]:
    if options.rule is not None and options.rule not in RULES:
        raise UnknownRule(options.rule)
    data = Path(options.file).read_bytes()
    if options.file.endswith(".json") or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        dossier, election = _under(Dossier.from_json(data), options.rule), None
    else:
        election = pabulib.read(data)
        dossier = election.dossier(options.rule)
    competing = getattr(options, "competing", None)
    return (_with_rivals(dossier, competing) if competing else dossier), election


def _under(dossier: Dossier, rule: str | None) -> Dossier:
    """The dossier under another rule with that rule's usual options, as ``counting.count`` takes it."""
    counting = dossier.rules.counting
    if rule is None or rule == counting.rule:
        return dossier
    usual = usual_options(rule, dossier.rules.ballot.kind)
    return replace(
        dossier, rules=replace(dossier.rules, counting=replace(counting, rule=rule, options=usual))
    )


def _with_rivals(dossier: Dossier, text: str) -> Dossier:
    """The dossier in which the projects of each group compete: at most one of them may win."""
    rivals: dict[str, str] = {}
    known = {project.id for project in dossier.projects}
    for number, part in enumerate(text.split(";"), start=1):
        ids = [entry.strip() for entry in part.split(",") if entry.strip()]
        if len(set(ids)) < 2:
            raise Unusable(f"--competing: a group names two projects or more, not {part!r}")
        for project in ids:
            if project not in known:
                raise Unusable(f"--competing: there is no project {project!r}")
            if project in rivals:
                raise Unusable(f"--competing: {project!r} is named twice")
            rivals[project] = f"competing-{number}"
    projects = tuple(
        replace(project, rivals=rivals.get(project.id, project.rivals)) for project in dossier.projects
    )
    return replace(dossier, projects=projects)


def _count(options: argparse.Namespace) -> int:
    dossier, election = _opened(options)
    outcome = count(dossier)
    if options.json:
        print(json.dumps(_result(dossier, election, outcome), ensure_ascii=False, indent=1))
        return DONE
    names = {project.id: project.name for project in dossier.projects}
    for project in outcome.funded:
        print(f"{project}\t{outcome.totals[project]}\t{names[project]}")
    if not outcome.is_decided:
        for tie in outcome.open_ties:
            print(
                f"not decided: a tie at score {tie.score} between {', '.join(tie.projects)}", file=sys.stderr
            )
    _say_remarks(election)
    print(f"{outcome.rule}: {len(outcome.funded)} of {len(dossier.projects)} projects, hash {outcome.digest}")
    return DONE


def _result(dossier: Dossier, election: pabulib.Election | None, outcome: Outcome) -> dict[str, Any]:
    published = outcome.document()
    del published["format"], published["dossier"], published["steps"]
    result = {
        **published,
        "contest": dossier.contest,
        "currency": dossier.currency,
        "scale": dossier.scale,
        "options": dict(dossier.rules.counting.options),
        "is_decided": outcome.is_decided,
        "hash": outcome.digest,
        "dossier_hash": outcome.dossier,
    }
    if election is not None:
        result["meta_rule"] = election.meta.get("rule")
        result["official"] = None if election.official is None else sorted(election.official)
        result["remarks"] = [vars(remark) for remark in election.remarks]
    return result


def _explain(options: argparse.Namespace) -> int:
    dossier, election = _opened(options)
    outcome = count(dossier)
    if options.html is None:
        _only_with_html(options)
        for line in explain(dossier, outcome):
            print(line)
    else:
        text = page(
            dossier, outcome, options.lang or "uk", election,
            command=_counting_command(options), is_thorough=options.thorough,
        )  # fmt: skip
        _write_page(options.html, text)
    _say_remarks(election)
    return DONE


def _compare(options: argparse.Namespace) -> int:
    dossier, election = _opened(options)
    rules = [rule.strip() for rule in options.rules.split(",") if rule.strip()]
    if options.html is None:
        for line in comparison_lines(dossier, rules, options.lang or "en"):
            print(line)
    else:
        _write_page(options.html, compare(dossier, rules, options.lang or "uk"))
    _say_remarks(election)
    return DONE


def _counting_command(options: argparse.Namespace) -> str:
    """What to type for the same count."""
    words = ["python", "-m", "rulebook", "count", Path(options.file).name]
    words += ["--rule", options.rule] if options.rule else []
    words += ["--competing", options.competing] if options.competing else []
    return shlex.join([*words, "--json"])


def _only_with_html(options: argparse.Namespace) -> None:
    if options.lang == "uk":
        raise Unusable("the lines of text are English; --lang uk goes with --html OUT")


def _write_page(out: str, text: str) -> None:
    if out == STANDARD_OUTPUT:
        sys.stdout.write(text)
    else:
        Path(out).write_text(text, encoding="utf-8")


def _dossier(options: argparse.Namespace) -> int:
    dossier, election = _opened(options)
    sys.stdout.buffer.write(dossier.canonical() + b"\n")
    _say_remarks(election)
    return DONE


def _verify(options: argparse.Namespace) -> int:
    if is_record(options.file):
        return _verify_record(options)
    if options.key or options.checkpoint:
        raise Unusable("--key and --checkpoint go with the record of a contest")
    return _verify_dossier(options)


def _verify_record(options: argparse.Namespace) -> int:
    if options.outcome is not None:
        raise Unusable("a record has its outcome in it")
    try:
        report = verify_record(
            opened(options.file),
            trusted=[key_of(text) for text in options.key],
            older={name: Path(name).read_bytes() for name in options.checkpoint},
        )
    except ImportError as error:
        raise _no_signatures(error) from None
    for line in report.lines():
        print(line)
    return DONE if report.is_right else FAILED


def _included(options: argparse.Namespace) -> int:
    entry, proof = Path(options.file).read_bytes(), Path(options.proof).read_bytes()
    keys = [key_of(text) for text in options.key]
    try:
        report = check_inclusion(entry, proof, keys)
    except ImportError as error:
        raise _no_signatures(error) from None
    for finding in report.findings:
        print(finding.line())
    return DONE if report.is_right else FAILED


def _no_signatures(error: ImportError) -> Unusable:
    return Unusable(f"signatures need the package cryptography: pip install cryptography ({error})")


def _verify_dossier(options: argparse.Namespace) -> int:
    dossier, _ = _opened(options)
    outcome = count(dossier)
    print(f"dossier  {outcome.dossier}")
    print(f"outcome  {outcome.digest}")
    if options.outcome is None:
        return DONE
    try:
        published = json.loads(Path(options.outcome).read_bytes())
    except (ValueError, RecursionError) as error:
        print(f"{options.outcome}: not JSON: {error}", file=sys.stderr)
        return UNUSABLE
    differing = _differences(published, outcome)
    if not differing:
        print("the published outcome is what the dossier gives")
        return DONE
    print(f"DIFFERS from the published outcome in: {', '.join(differing)}")
    return FAILED


def _differences(published: Any, outcome: Outcome) -> list[str]:
    """The parts in which a published outcome (or the JSON of ``count``) is not the one counted here."""
    if not isinstance(published, dict):
        return ["the whole document"]
    if "hash" in published:
        expected: dict[str, Any] = {"hash": outcome.digest, "dossier_hash": outcome.dossier}
        counted = outcome.document()
        expected |= {key: counted[key] for key in counted if key not in ("format", "dossier", "steps")}
        return [key for key, value in expected.items() if published.get(key) != json.loads(json.dumps(value))]
    counted = outcome.document()
    keys = sorted(set(counted) | set(published))
    return [
        key
        for key in keys
        if key not in counted or key not in published or digest(published[key]) != digest(counted[key])
    ]


def _regulation(options: argparse.Namespace) -> int:
    print(regulation_text(rules_from(options.file), options.lang).plain(), end="")
    return DONE


def _rehearse(options: argparse.Namespace) -> int:
    # the file that a fault is told of is the one that is being read
    options.file = options.rules
    new = rules_from(options.rules)
    now = None
    if options.against is not None:
        options.file = options.against
        now = rules_from(options.against)
    if options.on is None:
        dossier, election = simulate(new, seed=options.seed), None
    else:
        options.file = options.on
        dossier, election = _opened(options)
        now = now or dossier.rules
    options.file = options.rules
    if now is None:
        for line in lines(side_of(recount(dossier, new, scale_pots=options.scale)), options.lang):
            print(line)
    else:
        for line in lines(compare_rules(now, new, dossier, scale_pots=options.scale), options.lang):
            print(line)
    _say_remarks(election)
    return DONE


def _rules(options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps([rule.document() for rule in RULES.values()], ensure_ascii=False, indent=1))
    else:
        for rule in RULES.values():
            print(f"{rule.id}: {rule.summary}")
    return DONE


def _say_remarks(election: pabulib.Election | None) -> None:
    for remark in election.remarks if election is not None else ():
        place = f"line {remark.line}: " if remark.line else ""
        print(f"{place}{remark.message}", file=sys.stderr)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # names of projects are Ukrainian whatever the terminal was set to
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        sys.exit(main())
    except BrokenPipeError:
        # somebody read only the head of it; leave nothing for the interpreter to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
