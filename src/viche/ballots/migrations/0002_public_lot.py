"""The public lot of a box: its commitment before the voting, its seed after the opening."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ballots', '0001_initial'),
        ('communities', '0002_codifier'),
        ('contests', '0002_frozen_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='box',
            name='lot_commitment',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='box',
            name='lot_seed',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(('lot_seed', ''), ('opened_at__isnull', False), _connector='OR'), name='lot_is_shown_after_the_opening'),
        ),
    ]
