"""A log that came along from another platform is closed: the database refuses a new entry of it."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION journal_foreign_log_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh JOIN journal_log AS log ON log.id = fresh.log_id
               WHERE log.foreign_origin <> '' AND log.size > 0) THEN
        RAISE EXCEPTION 'a log of another platform is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER journal_foreign_log_is_closed AFTER INSERT ON journal_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION journal_foreign_log_is_closed();
"""
BACKWARD = (
    "DROP TRIGGER journal_foreign_log_is_closed ON journal_entry; DROP FUNCTION journal_foreign_log_is_closed();"
)

class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0005_acts_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='log',
            name='one_log_a_community_and_year',
        ),
        migrations.AddField(
            model_name='log',
            name='foreign_origin',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AlterField(
            model_name='log',
            name='name',
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='log',
            constraint=models.UniqueConstraint(condition=models.Q(('foreign_origin', '')), fields=('community', 'year'), name='one_log_a_community_and_year'),
        ),
        migrations.AddConstraint(
            model_name='log',
            constraint=models.UniqueConstraint(fields=('name', 'foreign_origin'), name='one_log_a_name_and_origin'),
        ),
        migrations.AddConstraint(
            model_name='log',
            constraint=models.UniqueConstraint(fields=('community', 'year', 'edition'), name='one_log_an_address'),
        ),
        migrations.AddConstraint(
            model_name='log',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('edition__lt', 9001), ('foreign_origin', '')), models.Q(models.Q(('foreign_origin', ''), _negated=True), ('edition__gte', 9001)), _connector='OR'), name='foreign_log_has_its_own_address'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
