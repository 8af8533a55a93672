"""What the tests share: the built-in pack, and workbooks made by a few lines."""
