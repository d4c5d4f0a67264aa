"""Projects: from a submitted idea to what the count made of it.

A project's state changes only by a row of rulebook.lifecycle.MOVES. Search is PostgreSQL full text over
stored word forms, so that «дитячого майданчика» is found by «дитячий майданчик».
"""
