"""The acts: each loads, asks the rule, posts, saves. One module per noun, one transaction each."""
