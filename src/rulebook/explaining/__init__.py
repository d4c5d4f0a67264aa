"""An outcome in words: why each project won or lost, for residents, for officials, for researchers.

``explain`` gives the count as lines of text, ``page`` as one self-contained HTML page, ``compare`` what other
counting rules would have funded on the same ballots. What they say is computed here too: what a project
would have needed (``losers``), whose choices the money followed (``shares``), whether the outcome treats
every group of like-minded voters fairly (``proportionality``).
"""

from rulebook.explaining.comparing import compare, comparison_lines
from rulebook.explaining.lines import explain, money
from rulebook.explaining.page import page

__all__ = ["compare", "comparison_lines", "explain", "money", "page"]
