"""Identity: whose books these are, who may open them, and what each may do.

A *company* owns everything else. A *user* belongs to one company and signs in with a *login*,
which is unique over all companies, since nothing else is known of a stranger. What he may do are
the *grants* of his *roles*. An *API key* is a machine's way in, with grants of its own.

Signing in opens a *session*: a short access token, which the outside makes and which is good until
it expires, and a *refresh token*, which is good once. Each refresh spends one and issues the next;
together they are a *family*, which ends thirty days after the sign-in. Whoever presents a spent
token ends its family: one of the two who hold it has stolen it. That is also so when one client
refreshes twice at once: one of its requests wins, the other ends the session, and the person signs
in again. A client therefore refreshes one at a time.

Nobody can give away more than he holds, and nobody manages a user who may do more than himself.
"""
