"""Reading: every question names its viewer first, and answers what that viewer may see.

A viewer is a party. It sees its own goods wherever they lie and everything in its own
organizations; it sees the documents of agreements that it is consignor or consignee of. Nobody
sees a stranger's goods, quantities, prices or advices. Answers are plain values.
"""
