"""Frozen rules never change: the database refuses it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION contests_frozen_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'frozen rules are neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER contests_frozen_rules BEFORE UPDATE OR DELETE ON contests_rulesversion
    FOR EACH ROW EXECUTE FUNCTION contests_frozen_rules();
"""
BACKWARD = "DROP TRIGGER contests_frozen_rules ON contests_rulesversion; DROP FUNCTION contests_frozen_rules();"


class Migration(migrations.Migration):
    dependencies = [("contests", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
