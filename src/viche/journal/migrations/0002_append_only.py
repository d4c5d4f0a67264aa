"""The journal is append-only: the database itself refuses to change or delete an entry.

The one permitted change gives a waiting entry its index.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.index IS NULL AND NEW.index IS NOT NULL
       AND (OLD.id, OLD.log_id, OLD.kind, OLD.subject, OLD.leaf, OLD.leaf_hash, OLD.sort_key, OLD.recorded_at)
           IS NOT DISTINCT FROM
           (NEW.id, NEW.log_id, NEW.kind, NEW.subject, NEW.leaf, NEW.leaf_hash, NEW.sort_key, NEW.recorded_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an entry of the journal is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entry_is_kept BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_is_kept();
"""
BACKWARD = "DROP TRIGGER journal_entry_is_kept ON journal_entry; DROP FUNCTION journal_entry_is_kept();"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
