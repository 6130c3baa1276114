"""A refusal is an answer, not a defect: it has a name, a code and the asker's own numbers.

Every refusal of the product is a subclass that stands beside the rule it guards. It says what
was asked, what stands against it and, where there is one, what can be done next. A refused act
changes nothing. Anything else that raises is a defect.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """The product understood what was asked and says no, in the asker's words and numbers."""

    code: ClassVar[str] = "refused"
    remedy: ClassVar[str] = ""

    def sentence(self) -> str:
        """The refusal as one line a person can act on: what is wrong, then what to do."""
        said = str(self)
        return f"{said}. {self.remedy}" if self.remedy else said
