"""One folder a screen, with its acts beside it. A screen shows the state and asks the engine; it never opens the file, nor another screen."""
