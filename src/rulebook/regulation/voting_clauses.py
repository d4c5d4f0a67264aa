"""The clauses about voting: the ballot, the channels, identification, what is shown meanwhile, extensions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rulebook.regulation.phrases import Phrases
from rulebook.rules import BallotShape, Channel, PaperVoting, Rules
from rulebook.rules.vocabulary import EXTENSIBLE, PAPER, TOTALS

Said = tuple[str, tuple[str, ...]]
Limits = Callable[[Mapping[str, int], str, Rules, Phrases], tuple[str, ...]]


def voting(rules: Rules, say: Phrases, limits: Limits) -> Iterator[Said]:
    """Sentences about voting, each with its list."""
    shape = rules.ballot
    yield say.of("kind", shape.kind), ()
    yield from ((sentence, ()) for sentence in _choices(shape, say))
    if shape.max_per_class:
        yield say("ballot.classes"), limits(shape.max_per_class, "class", rules, say)
    if shape.max_per_category:
        yield say("ballot.categories"), limits(shape.max_per_category, "category", rules, say)
    if shape.max_per_territory is not None:
        yield say("ballot.territory", most=say.count(shape.max_per_territory, "projects")), ()
    yield from ((sentence, ()) for sentence in _points(shape, say))
    if shape.max_cost is not None:
        yield say("ballot.cost", most=say.money(shape.max_cost)), ()
    yield say("own.yes" if shape.own_project else "own.no"), ()
    yield say("revote.yes" if shape.revote else "revote.no"), ()
    if shape.cancel:
        yield say("cancel"), ()
    if rules.channels:
        yield say("channels"), tuple(_channel(channel, say) for channel in rules.channels)
    else:
        yield say("channels.all"), ()
    yield from ((sentence, ()) for sentence in _paper(rules, say))
    yield say("methods", methods=say.all_of("method", rules.identity_methods) or say("nothing")), ()
    if rules.fresh_minutes is not None:
        yield say("fresh", minutes=say.count(rules.fresh_minutes, "minutes")), ()
    yield say.of("live", rules.live_results), ()
    yield say.of("box_key", rules.box_key), ()
    yield from _extension(rules, say)


def _choices(shape: BallotShape, say: Phrases) -> Iterator[str]:
    if shape.kind == "choose-1" and shape.min_choices == 1:
        return  # said by the kind
    most, least = shape.choice_limit, shape.min_choices
    is_signed = shape.kind == "plus-minus"
    if most is None:
        yield say("ballot.free")
    elif most == least and not is_signed:
        yield say("ballot.exactly", number=say.count(most, "projects"))
        return
    else:
        yield say("ballot.most.plus" if is_signed else "ballot.most", most=say.count(most, "projects"))
    yield say("ballot.least", least=say.count(least, "projects")) if least else say("ballot.empty")


def _points(shape: BallotShape, say: Phrases) -> Iterator[str]:
    if shape.max_points is not None:
        yield say("ballot.points", points=say.count(shape.max_points, "points"))
    elif shape.kind == "points":
        yield say("ballot.points.free")
    if shape.max_points_per_project is not None:
        yield say("ballot.points.each", points=say.count(shape.max_points_per_project, "points"))
    if shape.max_minus is not None:
        yield say("ballot.minus", most=say.count(shape.max_minus, "projects.of"))


def _channel(channel: Channel, say: Phrases) -> str:
    line = say.of("channel", channel.kind)
    if channel.to_day is not None:
        line += say("channel.between", first=channel.from_day, last=channel.to_day)
    elif channel.from_day > 1:
        line += say("channel.since", first=channel.from_day)
    else:
        line += say("channel.whole")
    if channel.identity_methods:
        line += say("channel.methods", methods=say.all_of("method", channel.identity_methods))
    return line


def _paper(rules: Rules, say: Phrases) -> Iterator[str]:
    """How paper ballots come in: where there is such a way to vote, or something is said about it."""
    paper = rules.paper
    if paper == PaperVoting() and not any(channel.kind == PAPER for channel in rules.channels):
        return
    yield say.of("paper", paper.mode)
    yield say("paper.named" if paper.is_named else "paper.numbered")
    if paper.mode == TOTALS:
        return  # there is nothing entered by ballot to look at again
    if paper.recheck_percent:
        yield say("paper.recheck", percent=say.percent(paper.recheck_percent * 100))
    else:
        yield say("paper.recheck.none")


def _extension(rules: Rules, say: Phrases) -> Iterator[Said]:
    extension = rules.extension
    if extension is None:
        yield say("extension.unsaid"), ()
        return
    if extension.times == 0:
        yield say("extension.never"), ()
        return
    phases = say.all_of("phase", extension.phases or EXTENSIBLE)
    yield say("extension", body=extension.body.get(say.language), phases=phases), ()
    if extension.times is None:
        yield say("extension.often"), ()
    else:
        yield say("extension.times", times=say.count(extension.times, "times")), ()
    if extension.days is None:
        yield say("extension.long"), ()
    else:
        yield say("extension.days", days=say.count(extension.days, "days")), ()
