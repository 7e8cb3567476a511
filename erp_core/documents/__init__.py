"""Documents: what every paper the company writes has in common, whichever area writes it.

A *document type* is a kind of paper, such as ``sales.order``: the area that writes it, and its
name there. A draft has no number; it takes one when it is validated. The *series* of a document
type says how its numbers look, by a *mask* such as ``INV{yyyy}-{00000@year}``. The *counter* of
the mask counts without gaps within a *period*: for ever, a year or a month.

A *job* is a piece of work that must not be lost: a PDF to render, a mail to send, a list to tidy.
It is a row, written in the transaction of its cause, and so exists if and only if the cause does.
Its *kind* says what is to be done, its *payload* with what. It is *queued* until a *runner*
claims it, which *runs* it under a *lease*: a runner that dies lets the lease run out, and another
takes the job over. It ends *done*, *cancelled*, or, after too many attempts, *dead*; *failed* is
one that will be tried again. Work may therefore be done twice, and every handler bears that.

A job's *turn* is its place in the queue. Each job of a company takes its turn a little after the
company's last: one who leaves ten thousand jobs at once does not keep the others waiting.

A *mail* is kept before it is sent, with the job that sends it, and so is sent if and only if its
cause stands. The server *takes* it, *defers* it, or *refuses* it for good. A *round* is the
attempts from the moment it is queued until it is sent or dead; to have it tried again begins
another.

A *schedule* makes a job again and again, once in each *period*, however many programs look at the
clock.
"""
