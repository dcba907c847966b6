"""Long work of the pages, in processes beside the server, so that no page keeps the others waiting.

`remote_work` is the server's side of one piece of work, `places` bounds how many run at once,
`process` is what a process does, and `registry` holds the functions that can be asked for by name.
A piece of work is a name and plain arguments; its result is a plain value.
"""
