"""Memory: the only place with SQL. Import the module you need: `db.store`, `db.queries`."""
