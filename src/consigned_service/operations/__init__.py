"""The acts: each loads, asks the rule, posts, saves. A folder for each subject, in one order; a
module per noun, one transaction each."""
