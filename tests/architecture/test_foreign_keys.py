"""A foreign key is an import too: it points to its own room or a lower one."""

from django.apps import apps
from tests.architecture.house import floors, room_of, upward


def foreign_keys() -> list[tuple[str, str, str]]:
    """(field, room, room of the table it points to) of all tables of the house."""
    found = []
    for model in apps.get_models():
        here = room_of(model.__module__)
        for field in model._meta.get_fields():
            if here and field.is_relation and field.concrete and not field.auto_created:
                there = room_of(field.related_model.__module__)
                if there:
                    found.append((str(field), here, there))
    return found


def test_every_foreign_key_points_to_its_own_room_or_a_lower_one():
    keys = foreign_keys()
    assert len(keys) > 20
    assert {here for _, here, _ in keys} >= {
        "journal",
        "communities",
        "identity",
        "contests",
        "ballots",
        "results",
    }
    wrong = upward([(here, there) for _, here, there in keys], floors())
    assert not wrong, [key for key in keys if key[1:] in wrong]


def test_a_key_that_points_upwards_or_sideways_is_noticed():
    order = floors()
    assert upward([("journal", "ballots")], order) == [("journal", "ballots")]
    assert upward([("review", "ballots")], order) == [("review", "ballots")]
    assert upward([("results", "ballots"), ("ballots", "ballots")], order) == []


def test_the_rooms_stand_in_the_order_of_the_house():
    order = floors()
    downwards = [
        "config",
        "portal",
        "results",
        "ballots",
        "projects",
        "contests",
        "identity",
        "communities",
        "journal",
    ]
    assert sorted(downwards, key=order.__getitem__, reverse=True) == downwards
    assert order["foundation"] == 0
