"""The commands, one module each: `options(parser)` says what may be asked, `run(arguments)` does
it and answers the exit code. The first sentence of the module is the command's help."""
