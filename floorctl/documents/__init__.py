"""What is handed to the city: ``day``, ``period`` and ``training`` say what it holds, ``layout`` makes sheets and bytes of it."""
