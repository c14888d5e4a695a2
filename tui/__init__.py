"""What an operator sees: the console, its screens and widgets, and the command line that starts them."""
