"""The one SQLite file: store, hash chain, noted heads, schema, migrations."""
