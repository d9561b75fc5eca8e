"""What each kind of page tells, before it has any markup."""
