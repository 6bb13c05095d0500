"""A todo service whose database keeps each user's rows from every other user's.

No query here names user_id: the session's first statement tells the database whom it acts for, and the
database shows that user's rows and fills the column in.

    TODO_DATABASE_URL=postgresql+psycopg2://todo_app@localhost:6432/todo uvicorn todo:app
"""

import os
from typing import Iterator, List, Optional

from fastapi import Depends, FastAPI, Header, HTTPException
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine(os.environ["TODO_DATABASE_URL"])
app = FastAPI()


class TaskIn(SQLModel):
    title: str
    done: bool = False


class Task(TaskIn, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)


def user_session(authorization: str = Header()) -> Iterator[Session]:
    """A transaction that acts for the user whose token the request carries."""
    token = authorization.removeprefix("Bearer ")
    with Session(engine) as session, session.begin():
        try:
            session.execute(text("SELECT steward.act_as_token(:token)"), {"token": token})
        except DBAPIError as error:
            raise HTTPException(401, "this token is not valid") from error
        yield session


@app.get("/tasks")
def list_tasks(session: Session = Depends(user_session)) -> List[Task]:
    return session.exec(select(Task).order_by(Task.id)).all()


@app.post("/tasks", status_code=201)
def add_task(wanted: TaskIn, session: Session = Depends(user_session)) -> Task:
    task = Task(title=wanted.title, done=wanted.done)
    session.add(task)
    session.flush()
    session.refresh(task)
    return task.copy()


@app.put("/tasks/{task_id}")
def change_task(task_id: int, wanted: TaskIn, session: Session = Depends(user_session)) -> Task:
    task = session.get(Task, task_id)
    if task is None:  # there is none, or it is somebody else's: this service cannot tell either
        raise HTTPException(404, "no such task")
    task.title, task.done = wanted.title, wanted.done
    session.add(task)
    session.flush()
    return task.copy()


@app.delete("/tasks/{task_id}", status_code=204)
def delete_task(task_id: int, session: Session = Depends(user_session)) -> None:
    task = session.get(Task, task_id)
    if task is None:
        raise HTTPException(404, "no such task")
    session.delete(task)
