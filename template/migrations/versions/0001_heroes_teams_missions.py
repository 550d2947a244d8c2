"""Heroes, teams and missions

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import RowIdType, Timestamp

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", RowIdType(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("headquarters", sa.String(length=200), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("updated_at", Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "mission",
        sa.Column("id", RowIdType(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("updated_at", Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="uq_mission_name"),
    )
    op.create_table(
        "hero",
        sa.Column("id", RowIdType(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("team_id", RowIdType(), nullable=True),
        sa.Column("secret_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("updated_at", Timestamp(), nullable=False),
        sa.CheckConstraint("age BETWEEN 0 AND 10000", name=op.f("ck_hero_age")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_hero_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="uq_hero_name"),
    )
    op.create_index("ix_hero_team_id_name", "hero", ["team_id", "name"])
    op.create_table(
        "assignment",
        sa.Column("mission_id", RowIdType(), nullable=False),
        sa.Column("hero_id", RowIdType(), nullable=False),
        sa.Column("role", sa.String(length=50), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("updated_at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["mission.id"], name=op.f("fk_assignment_mission_id_mission"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hero_id"], ["hero.id"], name=op.f("fk_assignment_hero_id_hero"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mission_id", "hero_id"),
    )
    op.create_index("ix_assignment_hero_id", "assignment", ["hero_id"])
    op.create_table(
        "transfer",
        sa.Column("id", RowIdType(), nullable=False),
        sa.Column("hero_id", RowIdType(), nullable=False),
        sa.Column("from_team_id", RowIdType(), nullable=True),
        sa.Column("to_team_id", RowIdType(), nullable=True),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("updated_at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["hero_id"], ["hero.id"], name=op.f("fk_transfer_hero_id_hero"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["from_team_id"], ["team.id"], name=op.f("fk_transfer_from_team_id_team"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["to_team_id"], ["team.id"], name=op.f("fk_transfer_to_team_id_team"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_transfer_hero_id", "transfer", ["hero_id"])
    op.create_index("ix_transfer_from_team_id", "transfer", ["from_team_id"])
    op.create_index("ix_transfer_to_team_id", "transfer", ["to_team_id"])


def downgrade() -> None:
    op.drop_table("transfer")
    op.drop_table("assignment")
    op.drop_table("hero")
    op.drop_table("mission")
    op.drop_table("team")
