"""Decisions of ties, insert-only like the counts, and the kept pages that explain a count."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION results_tiedecision_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision of a tie is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER results_tiedecision_is_kept BEFORE UPDATE OR DELETE ON results_tiedecision
    FOR EACH ROW EXECUTE FUNCTION results_tiedecision_is_kept();
"""
BACKWARD = """
DROP TRIGGER results_tiedecision_is_kept ON results_tiedecision;
DROP FUNCTION results_tiedecision_is_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0002_codifier'),
        ('contests', '0002_frozen_rules'),
        ('identity', '0001_initial'),
        ('results', '0002_insert_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExplanationPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('language', models.CharField(max_length=2)),
                ('edition', models.CharField(max_length=40)),
                ('html', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='results.count')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('count', 'kind', 'language'), name='one_page_a_kind_and_language')],
            },
        ),
        migrations.CreateModel(
            name='TieDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('order', models.JSONField()),
                ('protocol', models.CharField(max_length=200)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('decided_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tie_decisions', to='contests.contest')),
                ('count', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tie_decision', to='results.count')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('community', 'contest', 'number'), name='one_tie_decision_a_number')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
