"""Prints the models as SQL: what `program` in steward.toml runs. It needs no database."""

from sqlalchemy import create_mock_engine
from sqlmodel import SQLModel

import models  # noqa: F401: defining them is what counts


def emit(statement, *_, **__):
    print(str(statement.compile(dialect=engine.dialect)).strip() + ";")


engine = create_mock_engine("postgresql://", emit)
# What SQLModel has no words for, it takes as text; PostgreSQL reads all of it anyway.
print("COMMENT ON TYPE task_priority IS 'How much a task matters, the least first';")
print("COMMENT ON TYPE recurrence IS 'How often a task comes back';")
SQLModel.metadata.create_all(engine, tables=SQLModel.metadata.sorted_tables, checkfirst=False)
