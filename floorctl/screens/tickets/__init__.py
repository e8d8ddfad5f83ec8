"""Numbers (番号): the queue, calling, issuing by hand, paper typed in afterwards."""
