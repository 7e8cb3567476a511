"""One file that holds a whole installation: its database, and the files it keeps.

*Saving* writes an *archive*; *restoring* reads one. What is in it the archive's *manifest* says,
with the checksum of the database's dump. A kept file's name is its checksum.
"""
