"""What each method does, as steps without input and output of their own.

An operation is a generator: it yields a `Request` or a `Pause`, is sent the `Reply` (None after a pause), and returns
the method's result. So the client that blocks and the one that awaits share all but the sending.
"""
