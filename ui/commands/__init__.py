"""The commands of the command line, a file a theme; each calls one function, and heavy imports stay inside it."""
