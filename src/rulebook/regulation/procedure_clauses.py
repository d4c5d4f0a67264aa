"""The clauses about the steps of a procedure: the check of form, edits, questions, talk, signatures, appeals."""

from __future__ import annotations

from collections.abc import Iterator

from rulebook.regulation.phrases import Phrases
from rulebook.rules import Appeal, FormalCheck, Question, ReviewStage, Rules, Support

Said = tuple[str, tuple[str, ...]]


def procedure(rules: Rules, say: Phrases) -> Iterator[Said]:
    """What follows the submission of a project: its check of form, its publication, later edits, talk."""
    if rules.submission.identity_methods:
        methods = say.all_of("method", rules.submission.identity_methods)
        yield say("methods.submit", methods=methods), ()
    if rules.submission.questions:
        yield say("questions"), tuple(_question(each, say) for each in rules.submission.questions)
    check = rules.submission.check
    if check is None:
        yield say("check.none"), ()
    else:
        yield from ((sentence, ()) for sentence in _check(check, say))
    yield say.of("edits", rules.submission.edits), ()
    yield say.of("comments", rules.comments), ()


def _check(check: FormalCheck, say: Phrases) -> Iterator[str]:
    yield say("formal", body=check.body.get(say.language))
    if check.days is None:
        yield say("formal.no_days")
    else:
        yield say("formal.days", days=say.count(check.days, f"days.{check.day_kind}"))
    if check.publish_silent:
        yield say("formal.silent")


def _question(question: Question, say: Phrases) -> str:
    details = [say.of("question", question.kind)]
    if question.options:
        options = ", ".join(say.quoted(option.name.get(say.language)) for option in question.options)
        details.append(say("question.options", options=options))
    details.append(say("question.required" if question.required else "question.free"))
    if not question.is_public:
        details.append(say("question.private"))
    if question.help is not None:
        details.append(say("question.help", help=say.quoted(question.help.get(say.language))))
    return say("question", name=say.quoted(question.name.get(say.language)), details="; ".join(details))


def signatures(support: Support, say: Phrases) -> Iterator[Said]:
    """How one identifies to sign, and what becomes of a signature: whether it is sealed, taken back, published."""
    if support.identity_methods:
        yield say("methods.support", methods=say.all_of("method", support.identity_methods)), ()
    if support.e_signature != "none":
        yield say.of("e_signature", support.e_signature), ()
    yield say("withdrawal.yes" if support.withdrawal else "withdrawal.no"), ()
    yield say.of("signatories", support.signatories), ()


def opinions(stage: ReviewStage, say: Phrases) -> Iterator[str]:
    """What the departments look at in a stage, and how its body decides."""
    if stage.checks:
        yield say("stage.checks", checks=say.all_of("check", stage.checks))
    if stage.quorum is not None:
        yield say("stage.quorum", members=say.count(stage.quorum, "members.of"))


def appeal(said: Appeal | None, say: Phrases) -> Iterator[Said]:
    """Whether a refusal may be appealed against, and to whom."""
    if said is None:
        yield say("appeal.none"), ()
        return
    days = f"days.{said.day_kind}"
    yield say("appeal", days=say.count(said.days, f"{days}.of"), body=said.body.get(say.language)), ()
    if said.decision_days is None:
        yield say("appeal.no_days"), ()
    else:
        yield say("appeal.days", days=say.count(said.decision_days, days)), ()
