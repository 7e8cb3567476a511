"""Why a database could not be migrated."""


class MigrationLockedError(Exception):
    """Another program was still migrating this database when our patience ended."""


class UnknownRevisionError(Exception):
    """The database is at a revision that this version of the program does not know."""


class BrokenReferencesError(Exception):
    """A migration of SQLite, which checks no references meanwhile, left one broken."""
