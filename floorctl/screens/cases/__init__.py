"""Cases for city staff (市職員, F3)."""
