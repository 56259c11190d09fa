"""When a layer version was in force, and when that was held to be so; what followed from a change of a layer.

Revision: 0005, after 0004. Written out in full: a migration must not change when `store.tables` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT = ("control_layer_event", "review_layer", "layer_recheck")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_tenures()
    _create_events()
    _fill()
    _add_digests()
    _create_reviews_layers()
    _create_rechecks()
    _create_outbox()
    op.execute("ALTER TABLE control_layer_version DROP CONSTRAINT ex_control_layer_version_one_in_force")
    # What was given is said by one column now; what holds is a row of its own.
    op.execute("UPDATE control_layer_version SET valid_to = declared_valid_to")
    for column in ("declared_valid_to", "published_at", "withdrawn_at"):
        op.drop_column("control_layer_version", column)
    op.alter_column(
        "control_layer_version", "valid_from", comment="in force from this day on, once published; null: since ever"
    )
    op.alter_column(
        "control_layer_version", "valid_to", comment="the first day it is no longer meant for, as given; null: open"
    )
    op.add_column(
        "control_layer_version",
        sa.Column(
            "loaded_by",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="who stored it; empty: not known",
        ),
    )
    op.create_table_comment(
        "control_layer_version", "one version of a control layer: its content and what was said of it, never changed"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for column, comment in (
        ("declared_valid_to", "the end that was given when it was loaded"),
        ("published_at", "when it was published; null: not judged with"),
        ("withdrawn_at", "when another version of the same first day replaced it"),
    ):
        kind = sa.Date() if column == "declared_valid_to" else _MOMENT
        op.add_column("control_layer_version", sa.Column(column, kind, comment=comment))
    op.execute(
        """
        UPDATE control_layer_version AS version
        SET declared_valid_to = version.valid_to,
            valid_to = CASE WHEN held.id IS NULL THEN version.valid_to ELSE held.valid_to END,
            published_at = (SELECT min(known_from) FROM control_layer_tenure WHERE version_id = version.id),
            withdrawn_at = CASE WHEN held.id IS NULL THEN
                (SELECT max(known_to) FROM control_layer_tenure WHERE version_id = version.id) END
        FROM control_layer_version AS same
        LEFT JOIN control_layer_tenure AS held ON held.version_id = same.id AND held.known_to IS NULL
        WHERE same.id = version.id
        """
    )
    op.create_check_constraint(
        op.f("ck_control_layer_version_withdrawn_was_published"),
        "control_layer_version",
        "withdrawn_at IS NULL OR published_at IS NOT NULL",
    )
    op.execute(
        """
        ALTER TABLE control_layer_version ADD CONSTRAINT ex_control_layer_version_one_in_force
        EXCLUDE USING gist (layer_code WITH =, daterange(valid_from, valid_to) WITH &&)
        WHERE (published_at IS NOT NULL AND withdrawn_at IS NULL)
        """
    )
    op.drop_column("control_layer_version", "loaded_by")
    op.drop_column("control_feature", "digest")
    for table in (
        "outbox",
        "notice",
        "layer_recheck",
        "review_layer",
        "control_layer_event",
        "control_layer_tenure",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change_of_tenure()")


def _create_tenures() -> None:
    op.create_table(
        "control_layer_tenure",
        sa.Column(
            "id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="internal number; a review names those it was made with",
        ),
        sa.Column("version_id", sa.BigInteger(), nullable=False, comment="which version"),
        sa.Column("layer_code", sa.Text(), nullable=False, comment="of which layer"),
        sa.Column("valid_from", sa.Date(), comment="legal time: in force from this day on; null: since ever"),
        sa.Column(
            "valid_to",
            sa.Date(),
            comment="legal time: in force until the day before, given or by a successor; null: open",
        ),
        sa.Column("given_end", sa.Date(), comment="the end it was given, when loaded or by ending it; null: open"),
        sa.Column("known_from", _MOMENT, nullable=False, comment="since when the city held this to be so"),
        sa.Column("known_to", _MOMENT, comment="until when; null: it still does. The one thing that is ever set later"),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_control_layer_tenure_valid_half_open")),
        sa.CheckConstraint("valid_from < given_end", name=op.f("ck_control_layer_tenure_given_end_half_open")),
        sa.CheckConstraint("known_from <= known_to", name=op.f("ck_control_layer_tenure_known_half_open")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["control_layer_version.id"], name=op.f("fk_control_layer_tenure_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["layer_code"], ["control_layer.code"], name=op.f("fk_control_layer_tenure_layer_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_layer_tenure")),
        comment="which version was in force on which days, and when that was held to be so: at most one, at any time",
    )
    op.create_index("ix_control_layer_tenure_version_id", "control_layer_tenure", ["version_id"], unique=False)
    op.execute(
        """
        ALTER TABLE control_layer_tenure ADD CONSTRAINT ex_control_layer_tenure_one_in_force
        EXCLUDE USING gist (
            layer_code WITH =, daterange(valid_from, valid_to) WITH &&, tstzrange(known_from, known_to) WITH &&)
        """
    )
    # What was held to be so is history: only that it is held so no longer may be added, once.
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_tenure() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.known_to IS NULL AND NEW.known_to IS NOT NULL
               AND ROW(OLD.id, OLD.version_id, OLD.layer_code, OLD.valid_from, OLD.valid_to, OLD.given_end,
                       OLD.known_from)
               IS NOT DISTINCT FROM
                   ROW(NEW.id, NEW.version_id, NEW.layer_code, NEW.valid_from, NEW.valid_to, NEW.given_end,
                       NEW.known_from) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'never_changed', TABLE = TG_TABLE_NAME;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON control_layer_tenure "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_tenure()"
    )


def _create_events() -> None:
    op.create_table(
        "control_layer_event",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="in the order they happened"
        ),
        sa.Column("version_id", sa.BigInteger(), nullable=False, comment="to which version"),
        sa.Column(
            "action",
            sa.Text(),
            nullable=False,
            comment="loaded, published, replaced, ended, withdrawn, or restored by a withdrawal",
        ),
        sa.Column("at", _MOMENT, nullable=False, comment="when"),
        sa.Column("by", sa.Text(), nullable=False, comment="who did it; empty: not known"),
        sa.Column("reason", sa.Text(), comment="why, as that person wrote it"),
        sa.CheckConstraint(
            "action IN ('loaded', 'published', 'replaced', 'ended', 'withdrawn', 'restored')",
            name=op.f("ck_control_layer_event_action_known"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["control_layer_version.id"], name=op.f("fk_control_layer_event_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_layer_event")),
        comment="what was done with the versions of layers; never changed (trigger)",
    )
    op.create_index("ix_control_layer_event_version_id", "control_layer_event", ["version_id"], unique=False)


def _fill() -> None:
    """Tell what the versions said of themselves so far as what was held, when: each publication anew."""
    connection = op.get_bind()
    versions = connection.execute(
        sa.text(
            """
            SELECT id, layer_code, valid_from, declared_valid_to, loaded_at, published_at, withdrawn_at
            FROM control_layer_version ORDER BY id
            """
        )
    ).all()
    events = [(v.loaded_at, 0, v.id, "loaded") for v in versions]
    events += [(v.published_at, 1, v.id, "published") for v in versions if v.published_at]
    events += [(v.withdrawn_at, 2, v.id, "replaced") for v in versions if v.withdrawn_at]
    for at, _, version_id, action in sorted(events):
        connection.execute(
            sa.text("INSERT INTO control_layer_event (version_id, action, at, by) VALUES (:id, :action, :at, '')"),
            {"id": version_id, "action": action, "at": at},
        )
    for row in _tenures(versions):
        connection.execute(
            sa.text(
                """
                INSERT INTO control_layer_tenure
                    (version_id, layer_code, valid_from, valid_to, given_end, known_from, known_to)
                VALUES (:version_id, :layer_code, :valid_from, :valid_to, :given_end, :known_from, :known_to)
                """
            ),
            row,
        )


def _tenures(versions: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Replay what was published and withdrawn, moment by moment; yield what was held between two of them."""
    for code in dict.fromkeys(version.layer_code for version in versions):
        of_layer = [version for version in versions if version.layer_code == code and version.published_at]
        moments = sorted({m for v in of_layer for m in (v.published_at, v.withdrawn_at) if m is not None})
        held: dict[int, tuple[date | None, datetime]] = {}  # by version: the end it had, and since when
        for moment in moments:
            in_use = [
                v for v in of_layer if v.published_at <= moment and (v.withdrawn_at is None or v.withdrawn_at > moment)
            ]
            ends = {v.id: _end(v, in_use) for v in in_use}
            for version in of_layer:
                if version.id in held and (version.id not in ends or ends[version.id] != held[version.id][0]):
                    yield _row(version, *held.pop(version.id), moment)
                if version.id in ends and version.id not in held:
                    held[version.id] = ends[version.id], moment
        for version in of_layer:
            if version.id in held:
                yield _row(version, *held[version.id], None)


def _end(version: Any, in_use: Sequence[Any]) -> date | None:
    start = version.valid_from or date.min
    later = [other.valid_from for other in in_use if other.valid_from is not None and other.valid_from > start]
    return min([end for end in (version.declared_valid_to, *later) if end is not None], default=None)


def _row(version: Any, end: date | None, since: datetime, until: datetime | None) -> dict[str, Any]:
    return {
        "version_id": version.id,
        "layer_code": version.layer_code,
        "valid_from": version.valid_from,
        "valid_to": end,
        "given_end": version.declared_valid_to,
        "known_from": since,
        "known_to": until,
    }


def _add_digests() -> None:
    """Two versions are compared by the shapes they have in common: those are not read to tell that."""
    op.add_column(
        "control_feature",
        sa.Column("digest", sa.LargeBinary(), comment="first 16 bytes of the SHA-256 of its EWKB: the same shape"),
    )
    op.execute("UPDATE control_feature SET digest = substring(sha256(ST_AsEWKB(geometry, 'NDR')) FOR 16)")
    op.alter_column("control_feature", "digest", nullable=False)


def _create_reviews_layers() -> None:
    op.create_table(
        "review_layer",
        sa.Column("review_id", sa.BigInteger(), nullable=False, comment="which review"),
        sa.Column("tenure_id", sa.BigInteger(), nullable=False, comment="which version, as it then held"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_layer_review_id")),
        sa.ForeignKeyConstraint(["tenure_id"], ["control_layer_tenure.id"], name=op.f("fk_review_layer_tenure_id")),
        sa.PrimaryKeyConstraint("review_id", "tenure_id", name=op.f("pk_review_layer")),
        comment="the layer versions a review was made with, so that it can be made again; never changed (trigger)",
    )
    op.create_index("ix_review_layer_tenure_id", "review_layer", ["tenure_id"], unique=False)


def _create_rechecks() -> None:
    op.create_table(
        "layer_recheck",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="number of the re-check"),
        sa.Column("layer_code", sa.Text(), nullable=False, comment="of which layer"),
        sa.Column("from_version_id", sa.BigInteger(), nullable=False, comment="before"),
        sa.Column("to_version_id", sa.BigInteger(), nullable=False, comment="after"),
        sa.Column("rulebook_sha256", sa.Text(), nullable=False, comment="judged by these rules"),
        sa.Column("as_of", sa.Date(), nullable=False, comment="the legal date the other layers were taken of"),
        sa.Column("project_count", sa.Integer(), nullable=False, comment="live projects there were"),
        sa.Column("document", sa.JSON(), nullable=False, comment="the list: which projects, and what changed for each"),
        sa.Column(
            "document_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the list, hex: the same list, the same digest",
        ),
        sa.Column("made_at", _MOMENT, nullable=False, comment="when it was made first"),
        sa.Column("made_by", sa.Text(), nullable=False, comment="who asked for it; empty: not known"),
        sa.ForeignKeyConstraint(["layer_code"], ["control_layer.code"], name=op.f("fk_layer_recheck_layer_code")),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["control_layer_version.id"], name=op.f("fk_layer_recheck_from_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["control_layer_version.id"], name=op.f("fk_layer_recheck_to_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_sha256"], ["rulebook.sha256"], name=op.f("fk_layer_recheck_rulebook_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer_recheck")),
        sa.UniqueConstraint(
            "from_version_id",
            "to_version_id",
            "rulebook_sha256",
            "as_of",
            "document_sha256",
            name=op.f("uq_layer_recheck_same"),
        ),
        comment="a re-check of the live projects after a layer changed; never changed (trigger)",
    )
    op.create_index("ix_layer_recheck_layer_code_id", "layer_recheck", ["layer_code", "id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="number of the notice"),
        sa.Column("project_code", sa.Text(), nullable=False, comment="whose officer is told"),
        sa.Column("recheck_id", sa.BigInteger(), nullable=False, comment="what it comes from"),
        sa.Column("boundary_id", sa.BigInteger(), nullable=False, comment="which red line"),
        sa.Column(
            "change", sa.Text(), nullable=False, comment="newly_hit, no_longer_hit, area_changed or coverage_changed"
        ),
        sa.Column("sentence", sa.Text(), nullable=False, comment="what changed, in one sentence"),
        sa.Column("made_at", _MOMENT, nullable=False, comment="when it was given"),
        sa.Column("read_at", _MOMENT, comment="when it was ticked off; null: not yet"),
        sa.Column("read_by", sa.Text(), comment="who did"),
        sa.CheckConstraint(
            "change IN ('newly_hit', 'no_longer_hit', 'area_changed', 'coverage_changed')",
            name=op.f("ck_notice_change_known"),
        ),
        sa.ForeignKeyConstraint(["project_code"], ["project.code"], name=op.f("fk_notice_project_code")),
        sa.ForeignKeyConstraint(["recheck_id"], ["layer_recheck.id"], name=op.f("fk_notice_recheck_id")),
        sa.ForeignKeyConstraint(["boundary_id"], ["boundary_version.id"], name=op.f("fk_notice_boundary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("project_code", "recheck_id", name=op.f("uq_notice_project_code_recheck_id")),
        comment="what the officer of a project must know: a control line changed on its land",
    )
    op.create_index(
        "ix_notice_unread", "notice", ["made_at"], unique=False, postgresql_where=sa.text("read_at IS NULL")
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="in the order they were left"
        ),
        sa.Column("topic", sa.Text(), nullable=False, comment="what it is: control_line_package"),
        sa.Column("key", sa.Text(), nullable=False, comment="of what, for the receiver: layer code"),
        sa.Column("payload", JSONB(), nullable=False, comment="the message"),
        sa.Column("content", sa.LargeBinary(), comment="the file that goes with it, byte for byte"),
        sa.Column("content_sha256", sa.Text(), comment="its SHA-256, hex"),
        sa.Column("made_at", _MOMENT, nullable=False, comment="when it was left, in one transaction with its cause"),
        sa.CheckConstraint("(content IS NULL) = (content_sha256 IS NULL)", name=op.f("ck_outbox_content_with_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        comment="what is to go to the province; a relay takes it from here",
    )
