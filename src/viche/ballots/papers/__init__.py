"""Paper in the box: numbered sheets given out, sheets entered in batches, totals of signed protocols."""

from viche.ballots.papers.batches import (
    close_batch,
    open_batch,
    put_totals,
    show_protocols,
    undo_batch,
    votes_of,
)
from viche.ballots.papers.figures import PaperFigures, draw_recheck, paper_figures
from viche.ballots.papers.giving_out import (
    IssuedPaper,
    issue_paper,
    mark_papers,
    print_papers,
    replace_spoiled,
)
from viche.ballots.papers.notes import open_note, seal_note
from viche.ballots.papers.putting import PaperResult, PaperRow, judge_papers, put_papers

__all__ = [
    "IssuedPaper", "PaperFigures", "PaperResult", "PaperRow", "close_batch", "draw_recheck", "issue_paper",
    "judge_papers", "mark_papers", "open_batch", "open_note", "paper_figures", "print_papers", "put_papers",
    "put_totals", "replace_spoiled", "seal_note", "show_protocols", "undo_batch", "votes_of",
]  # fmt: skip
