"""Who looked at whose data, insert-only, and what retention did.

A row of access changes by another look only (last_at, times), and goes only when the year after its year is over, by
the clock of the database: no mistake in a rule deletes it earlier.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import viche.foundation.ids
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION identity_access_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.times = OLD.times + 1 AND NEW.last_at >= OLD.last_at
       AND (OLD.id, OLD.official_id, OLD.community_id, OLD.role, OLD.kind, OLD.page, OLD.record, OLD.people, OLD.number,
            OLD.at)
           IS NOT DISTINCT FROM
           (NEW.id, NEW.official_id, NEW.community_id, NEW.role, NEW.kind, NEW.page, NEW.record, NEW.people, NEW.number,
            NEW.at) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND date_part('year', OLD.last_at AT TIME ZONE 'Europe/Kyiv')
       < date_part('year', now() AT TIME ZONE 'Europe/Kyiv') - 1 THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a look at personal data is neither changed nor deleted before its term'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER identity_access_is_kept BEFORE UPDATE OR DELETE ON identity_access
    FOR EACH ROW EXECUTE FUNCTION identity_access_is_kept();
"""
BACKWARD = "DROP TRIGGER identity_access_is_kept ON identity_access; DROP FUNCTION identity_access_is_kept();"


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_former_names'),
        ('identity', '0010_objections_and_erasure'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.UUIDField(default=viche.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('number', models.PositiveIntegerField(default=0)),
                ('took', models.PositiveIntegerField()),
                ('error', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['rule', '-at'], name='retention_latest')],
            },
        ),
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.UUIDField(default=viche.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('administrator', 'administrator'), ('editor', 'editor of the regulation'), ('reviewer', 'reviewer of a department'), ('commission', 'commission member'), ('operator', 'operator of a service centre'), ('partner', 'partner with terminals'), ('auditor', 'auditor'), ('platform', 'platform administrator')], max_length=16)),
                ('kind', models.CharField(choices=[('requests', 'requests to be a member'), ('proofs', 'documents that people showed'), ('members', 'confirmed memberships'), ('searches', 'a search by the number of a document'), ('merging', 'two records of one person made one'), ('authors', 'names and contacts of authors'), ('signatures', 'signatures and sheets of signatures'), ('comments', 'names of those who commented'), ('files', 'documents of projects that are not public'), ('appeals', 'appeals and their documents'), ('messages', 'messages of the contact form'), ('objections', 'what people deny to have done'), ('votes', 'what is known around votes, and the names of voters'), ('staff', 'officials and invitations with e-mail addresses'), ('connections', 'requests to connect a body, with contacts'), ('archive', 'the archive of all data of a body')], max_length=16)),
                ('page', models.CharField(max_length=40)),
                ('record', models.CharField(blank=True, max_length=80)),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('number', models.PositiveIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person')),
            ],
            options={
                'indexes': [models.Index(fields=['community', '-last_at'], name='access_of_body'), models.Index(fields=['official', '-last_at'], name='access_of_official'), django.contrib.postgres.indexes.GinIndex(fields=['people'], name='access_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['requests', 'proofs', 'members', 'searches', 'merging', 'authors', 'signatures', 'comments', 'files', 'appeals', 'messages', 'objections', 'votes', 'staff', 'connections', 'archive'])), name='known_kind_of_data'), models.CheckConstraint(condition=models.Q(('last_at__gte', models.F('at'))), name='last_look_after_the_first')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
