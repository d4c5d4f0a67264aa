"""The channel of a mark in the words of the rulebook: the booth is the channel "online"."""

from django.db import migrations, models


def to_rulebook(apps, schema_editor):
    apps.get_model("ballots", "Participation").objects.filter(channel="booth").update(channel="online")


def to_rooms(apps, schema_editor):
    apps.get_model("ballots", "Participation").objects.filter(channel="online").update(channel="booth")


class Migration(migrations.Migration):

    dependencies = [
        ('ballots', '0002_public_lot'),
    ]

    operations = [
        migrations.RunPython(to_rulebook, to_rooms),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ('online', 'desk', 'paper', 'terminal', 'kiosk'))), name='channel_is_known'),
        ),
    ]
