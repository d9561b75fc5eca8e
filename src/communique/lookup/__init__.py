"""Finding things by their names, in all spellings and scripts, with a server and without one."""
