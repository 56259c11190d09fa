"""What follows from a change: re-checks, notices, messages out. Runs nothing; migrations create the tables."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo_review.store.tables.metadata import METADATA, moment

layer_recheck = Table(
    "layer_recheck",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="number of the re-check"),
    Column("layer_code", Text, ForeignKey("control_layer.code"), nullable=False, comment="of which layer"),
    Column("from_version_id", BigInteger, ForeignKey("control_layer_version.id"), nullable=False, comment="before"),
    Column("to_version_id", BigInteger, ForeignKey("control_layer_version.id"), nullable=False, comment="after"),
    Column("rulebook_sha256", Text, ForeignKey("rulebook.sha256"), nullable=False, comment="judged by these rules"),
    Column("as_of", Date, nullable=False, comment="the legal date the other layers were taken of"),
    Column("project_count", Integer, nullable=False, comment="live projects there were"),
    Column("document", JSON, nullable=False, comment="the list: which projects, and what changed for each"),
    Column("document_sha256", Text, nullable=False, comment="SHA-256 of the list, hex: the same list, the same digest"),
    Column("made_at", moment(), nullable=False, comment="when it was made first"),
    Column("made_by", Text, nullable=False, comment="who asked for it; empty: not known"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint(
        "from_version_id", "to_version_id", "rulebook_sha256", "as_of", "document_sha256", name="uq_layer_recheck_same"
    ),
    Index("ix_layer_recheck_layer_code_id", "layer_code", "id"),
    comment="a re-check of the live projects after a layer changed; never changed (trigger)",
)

notice = Table(
    "notice",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="number of the notice"),
    Column("project_code", Text, ForeignKey("project.code"), nullable=False, comment="whose officer is told"),
    Column("recheck_id", BigInteger, ForeignKey("layer_recheck.id"), nullable=False, comment="what it comes from"),
    Column("boundary_id", BigInteger, ForeignKey("boundary_version.id"), nullable=False, comment="which red line"),
    Column("change", Text, nullable=False, comment="newly_hit, no_longer_hit, area_changed or coverage_changed"),
    Column("sentence", Text, nullable=False, comment="what changed, in one sentence"),
    Column("made_at", moment(), nullable=False, comment="when it was given"),
    Column("read_at", moment(), comment="when it was ticked off; null: not yet"),
    Column("read_by", Text, comment="who did"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("project_code", "recheck_id"),
    CheckConstraint(
        "change IN ('newly_hit', 'no_longer_hit', 'area_changed', 'coverage_changed')", name="change_known"
    ),
    Index("ix_notice_unread", "made_at", postgresql_where=text("read_at IS NULL")),
    comment="what the officer of a project must know: a control line changed on its land",
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="in the order they were left"),
    Column("topic", Text, nullable=False, comment="what it is: control_line_package"),
    Column("key", Text, nullable=False, comment="of what, for the receiver: layer code"),
    Column("payload", JSONB, nullable=False, comment="the message"),
    Column("content", LargeBinary, comment="the file that goes with it, byte for byte"),
    Column("content_sha256", Text, comment="its SHA-256, hex"),
    Column("made_at", moment(), nullable=False, comment="when it was left, in one transaction with its cause"),
    PrimaryKeyConstraint("id"),
    CheckConstraint("(content IS NULL) = (content_sha256 IS NULL)", name="content_with_digest"),
    comment="what is to go to the province; a relay takes it from here",
)
