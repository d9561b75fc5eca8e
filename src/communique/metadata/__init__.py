"""What a dataset tells of itself to catalogues, search engines, programs, readers of feeds, and those who cite."""
