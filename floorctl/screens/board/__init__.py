"""The board (盤面, F2): lanes, panels, advice; the acts on terminals."""
