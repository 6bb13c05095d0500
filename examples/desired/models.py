"""The schema of the to-do application as SQLModel classes."""

import enum
from datetime import datetime
from typing import Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, Enum, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel


class Priority(str, enum.Enum):
    low = "low"
    medium = "medium"
    high = "high"


class Recurrence(str, enum.Enum):
    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"


def uuid(*constraints, **options):
    return Column(postgresql.UUID(as_uuid=True), *constraints, **options)


def key():
    return Field(default=None, sa_column=uuid(primary_key=True, server_default=text("gen_random_uuid()")))


def owner(**options):
    return Field(sa_column=uuid(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, **options))


def enumeration(values, name):
    return Enum(values, name=name, values_callable=lambda all: [one.value for one in all])


def created():
    return Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=False, server_default=text("now()")))


class User(SQLModel, table=True):
    __tablename__ = "users"
    __table_args__ = {"comment": "The people who use the application"}

    id: Optional[UUID] = key()
    email: str = Field(sa_column=Column(Text, nullable=False, unique=True, comment="Where reminders go"))
    name: str = Field(sa_column=Column(Text, nullable=False))
    created_at: Optional[datetime] = created()


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("recurs IS NULL OR due_at IS NOT NULL", name="tasks_recurring_is_due"),
        CheckConstraint("title <> ''", name="tasks_title_says_something"),
        Index("tasks_open", "user_id", "due_at", postgresql_where=text("completed_at IS NULL")),
        Index("tasks_by_priority", "user_id", text("priority DESC"), "due_at"),
        Index("tasks_previous_id", "previous_id"),
        {"comment": "What a user has to do. A recurring task that is completed is followed by a new one."},
    )

    id: Optional[UUID] = key()
    user_id: UUID = owner(comment="Whose task it is")
    title: str = Field(sa_column=Column(String(200), nullable=False))
    notes: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    priority: Priority = Field(
        default=Priority.medium,
        sa_column=Column(enumeration(Priority, "task_priority"), nullable=False, server_default="medium"),
    )
    completed_at: Optional[datetime] = Field(
        default=None, sa_column=Column(DateTime(timezone=True), comment="NULL: it is still to be done")
    )
    due_at: Optional[datetime] = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    recurs: Optional[Recurrence] = Field(
        default=None, sa_column=Column(enumeration(Recurrence, "recurrence"), comment="NULL: once")
    )
    previous_id: Optional[UUID] = Field(
        default=None,
        sa_column=uuid(ForeignKey("tasks.id", ondelete="SET NULL"), comment="The task that this one follows"),
    )
    created_at: Optional[datetime] = created()


class Tag(SQLModel, table=True):
    __tablename__ = "tags"
    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        {"comment": "Words by which a user groups tasks"},
    )

    id: Optional[UUID] = key()
    user_id: UUID = owner()
    name: str = Field(sa_column=Column(String(50), nullable=False))


class TaskTag(SQLModel, table=True):
    __tablename__ = "task_tags"
    __table_args__ = (
        Index("task_tags_tag_id", "tag_id"),
        {"comment": "Which task has which tags"},
    )

    task_id: UUID = Field(sa_column=uuid(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True))
    tag_id: UUID = Field(sa_column=uuid(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True))
