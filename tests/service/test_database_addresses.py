"""What the address of a database asks of its connections."""

from django.db import connection

from consigned_service.project.settings import database_from_url
from tests.service.world import World


def test_postgresql_compiles_no_statement(world: World) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_options_in_the_address_take_the_place_of_ours() -> None:
    plain = database_from_url("postgresql://ann@db/consigned?sslmode=require")
    assert plain["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}
    chosen = database_from_url("postgresql://ann@db/consigned?options=-c%20work_mem%3D64MB")
    assert chosen["OPTIONS"] == {"options": "-c work_mem=64MB"}
