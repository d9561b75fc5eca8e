"""The rules that let other web servers answer as ours does, one module for each kind of host."""
