"""Links between our things and things of others: proposed, confirmed, and listed."""
