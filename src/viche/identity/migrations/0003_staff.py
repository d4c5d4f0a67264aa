"""Roles by unit and on the platform itself, invitations, letters, requests of connection; and a closed log.

The log of an archived body takes no entry. Every act writes one in its own transaction, so that no act is possible
there, through whatever door it comes; the pages say so in words before (portal/refusals.py).
"""

import django.db.models.deletion
import viche.foundation.ids
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION archived_body_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT log_id FROM fresh) AS touched
        JOIN journal_log ON journal_log.id = touched.log_id
        JOIN communities_community AS body ON body.territory_id = journal_log.community
        WHERE body.archived_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'this body has left the platform: nothing is done here any more'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER archived_body_is_kept AFTER INSERT ON journal_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION archived_body_is_kept();
"""
BACKWARD = "DROP TRIGGER archived_body_is_kept ON journal_entry; DROP FUNCTION archived_body_is_kept();"


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0003_staff_and_archive'),
        ('identity', '0002_members'),
        ('journal', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConnectionRequest',
            fields=[
                ('id', models.UUIDField(default=viche.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('body', models.CharField(max_length=200)),
                ('position', models.CharField(max_length=120)),
                ('email', models.EmailField(max_length=254)),
                ('phone', models.CharField(max_length=32)),
                ('proof', models.CharField(max_length=400)),
                ('method', models.CharField(blank=True, max_length=48)),
                ('language', models.CharField(max_length=2)),
                ('state', models.CharField(choices=[('waiting', 'waits for the platform'), ('question', 'the platform asks'), ('approved', 'connected'), ('refused', 'refused'), ('withdrawn', 'taken back')], default='waiting', max_length=16)),
                ('question', models.TextField(blank=True, max_length=2000)),
                ('answer', models.TextField(blank=True, max_length=2000)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('asked_at', models.DateTimeField()),
                ('consented_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=viche.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('administrator', 'administrator'), ('editor', 'editor of the regulation'), ('reviewer', 'reviewer of a department'), ('commission', 'commission member'), ('operator', 'operator of a service centre'), ('partner', 'partner with terminals'), ('auditor', 'auditor')], max_length=16)),
                ('unit', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(max_length=2)),
                ('nonce', models.BinaryField(max_length=16)),
                ('token_hash', models.BinaryField(max_length=32, unique=True)),
                ('sent_number', models.PositiveSmallIntegerField(default=1)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('declined_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=viche.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('kind', models.CharField(max_length=24)),
                ('subject', models.UUIDField()),
                ('to', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=2)),
                ('base', models.CharField(max_length=200)),
                ('queued_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SetupStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=16)),
                ('done_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='office',
            name='one_live_office',
        ),
        migrations.AddField(
            model_name='office',
            name='unit',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='office',
            name='community',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='communities.community'),
        ),
        migrations.AlterField(
            model_name='office',
            name='role',
            field=models.CharField(choices=[('administrator', 'administrator'), ('editor', 'editor of the regulation'), ('reviewer', 'reviewer of a department'), ('commission', 'commission member'), ('operator', 'operator of a service centre'), ('partner', 'partner with terminals'), ('auditor', 'auditor'), ('platform', 'platform administrator')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('community', 'person', 'role'), name='one_live_office', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('community__isnull', True), ('role', 'platform')), models.Q(models.Q(('role', 'platform'), _negated=True), ('community__isnull', False)), _connector='OR'), name='only_the_platform_has_no_community'),
        ),
        migrations.AddField(
            model_name='connectionrequest',
            name='applicant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='connection_requests', to='identity.person'),
        ),
        migrations.AddField(
            model_name='connectionrequest',
            name='community',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community'),
        ),
        migrations.AddField(
            model_name='connectionrequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='connectionrequest',
            name='territory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.territory'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='accepted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='community',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='communities.community'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='identity.person'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='office',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='identity.office'),
        ),
        migrations.AddField(
            model_name='setupstep',
            name='community',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community'),
        ),
        migrations.AddField(
            model_name='setupstep',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='identity.person'),
        ),
        migrations.AddConstraint(
            model_name='connectionrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'question'))), fields=('territory',), name='one_open_request_a_territory'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('declined_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('community', 'email', 'role'), name='one_open_invitation'),
        ),
        migrations.AddConstraint(
            model_name='setupstep',
            constraint=models.UniqueConstraint(fields=('community', 'name'), name='one_setup_step_a_name'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
