"""Takes over what another notification app has saved, without ringing for what is old.

A folder for each app that is taken over from. What all of them share stands beside it: rows are saved by `save`, and
`undo` deletes what was imported and nothing else.
"""
