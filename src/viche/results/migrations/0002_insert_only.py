"""Counts are insert-only: the database refuses to change or delete one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION results_count_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a count is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER results_count_is_kept BEFORE UPDATE OR DELETE ON results_count
    FOR EACH ROW EXECUTE FUNCTION results_count_is_kept();
"""
BACKWARD = "DROP TRIGGER results_count_is_kept ON results_count; DROP FUNCTION results_count_is_kept();"


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
