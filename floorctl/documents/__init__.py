"""Documents handed to the city: ``day``, ``period`` and ``training`` compute their content, ``layout`` the sheets."""
