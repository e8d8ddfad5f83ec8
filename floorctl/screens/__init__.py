"""One file a screen. A screen shows the state and asks the engine; it never opens the file, nor another screen."""
