"""Outside: the one door through which a call leaves the house, whether it asks the web or hands over mail.

And the one door through which a file comes in, read by a process that can be ended.

Offers: readers.Reader; web.fetch(), web.post(), smtp.hand_over(), circuits.through(), circuits.down().
Leans on: the web database and nothing else. Whom to call is a setting, or comes from whoever asks; whether that may
be called is decided here, once its name is an address.

A job that calls outside runs in a lane of its own (`jobs.registry`: mail, outside), so that whoever does not answer
makes nothing else wait.
"""
