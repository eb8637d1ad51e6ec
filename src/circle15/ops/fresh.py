"""The tables of an empty database, made in one go from what the migrations end with.

Applied one after another, the migrations of years draw every model anew at each of their steps,
which takes most of a minute on a new machine. What stands at the end is the same, and a test
holds the two together to the letter.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


def make_tables(connection: BaseDatabaseWrapper) -> int:
    """Make the tables of an empty database, all or none; return how many migrations that spares.

    A database with any table is left as it is, and 0 returned.
    """
    if connection.introspection.table_names():
        return 0
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    plan = [step for step, _ in executor.migration_plan(graph.leaf_nodes(), clean_start=True)]
    with transaction.atomic(using=connection.alias):
        executor.recorder.ensure_schema()
        _make_models(connection, executor.loader.project_state())
        _run_own_sql(connection, plan)
        for step in plan:
            executor.recorder.record_applied(step.app_label, step.name)
    return len(plan)


def _make_models(connection: BaseDatabaseWrapper, state: ProjectState) -> None:
    with connection.schema_editor() as editor:
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):  # noqa: SLF001 -- Django documents it
                editor.create_model(model)


def _run_own_sql(connection: BaseDatabaseWrapper, plan: list[Migration]) -> None:
    """Run what migrations do beside models: row security, triggers, functions, in their order.

    Python steps give new columns to rows there were; here are none.
    """
    with connection.schema_editor() as editor:
        for step in plan:
            state = ProjectState()
            for own in (each for each in step.operations if isinstance(each, RunSQL)):
                own.database_forwards(step.app_label, editor, state, state)
