"""A form that can say what an action refused."""

from django import forms

from viche.foundation.refused import Refused


class RefusableForm(forms.Form):
    """Shows an action's refusal at its fields, or above the form."""

    def refuse(self, refused: Refused) -> None:
        for name, message in (refused.fields or {None: refused.message}).items():
            self.add_error(name if name in self.fields else None, message)

    def tell(self, refused: Refused) -> None:
        """As refuse; but who may not be here, or what is not here any more, is told by a page of its own."""
        if refused.status in {403, 404}:
            raise refused
        self.refuse(refused)
