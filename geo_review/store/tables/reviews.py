"""Reviews and what they were made with. Runs nothing; migrations create the tables."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo_review.store.tables.metadata import METADATA, moment

rulebook = Table(
    "rulebook",
    METADATA,
    Column("sha256", Text, comment="SHA-256 of its bytes, hex"),
    Column("id", Text, nullable=False, comment="id of the rulebook"),
    Column("edition", Text, nullable=False, comment="its edition"),
    Column("content", LargeBinary, nullable=False, comment="the TOML file, byte for byte"),
    Column("stored_at", moment(), nullable=False, comment="when a review first used it"),
    PrimaryKeyConstraint("sha256"),
    comment="every rulebook a stored review was made with; never changed (trigger)",
)

review = Table(
    "review",
    METADATA,
    Column("id", BigInteger, Identity(always=True), comment="number of the review"),
    Column("project_code", Text, nullable=False, comment="which project"),
    Column("boundary_id", BigInteger, nullable=False, comment="which red line of it"),
    Column("as_of", Date, nullable=False, comment="the legal date the layers were taken of"),
    Column("rulebook_sha256", Text, ForeignKey("rulebook.sha256"), nullable=False, comment="judged by these rules"),
    Column("verdict", Text, nullable=False, comment="pass, consult, fail or incomplete"),
    Column("document", JSONB, nullable=False, comment="the report, for questions in SQL"),
    Column("document_bytes", LargeBinary, nullable=False, comment="the report, byte for byte"),
    Column("document_sha256", Text, nullable=False, comment="SHA-256 of the report, hex"),
    Column("created_at", moment(), nullable=False, comment="when it was made"),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["boundary_id", "project_code"], ["boundary_version.id", "boundary_version.project_code"]),
    CheckConstraint("verdict IN ('pass', 'consult', 'fail', 'incomplete')", name="verdict_known"),
    Index("ix_review_boundary_id_id", "boundary_id", "id"),
    Index("ix_review_project_code_id", "project_code", "id"),
    comment="a review that was made; a later one supersedes it, none is changed or deleted (trigger)",
)

review_layer = Table(
    "review_layer",
    METADATA,
    Column("review_id", BigInteger, ForeignKey("review.id"), comment="which review"),
    Column("tenure_id", BigInteger, ForeignKey("control_layer_tenure.id"), comment="which version, as it then held"),
    PrimaryKeyConstraint("review_id", "tenure_id"),
    Index("ix_review_layer_tenure_id", "tenure_id"),
    comment="the layer versions a review was made with, so that it can be made again; never changed (trigger)",
)
