"""What is known of a resource: its facts, who says each, in which order and in which words."""
