"""The fences of locks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "fence",
        sa.Column("name", sa.Text(), nullable=False, comment="the lock"),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="how often it was taken; only who took it last may write under it",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_fence"),
        comment="Fences of the locks that runs hold, for servers that forget locks when they restart",
    )


def downgrade() -> None:
    op.drop_table("fence")
