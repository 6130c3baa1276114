"""What the tests stand on: a PostgreSQL of their own, fresh databases, a browser."""
