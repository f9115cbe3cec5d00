"""Who asked to hear of what: asked for twice, bundled, quiet at night, never two of the same, stopped by one click.

Offers: actions.ask(), actions.tell(), limits.may_write(), Subscription.objects.visible_to(). A room says in its
manifest what may be followed (`topics`), how what happened is said (`events`), and whom it tells by itself
(`writes_to`). The address that somebody left with one thing is kept here, too: actions.keep(), let_go(),
let_go_but(), and models.left_with() in a query about such things.
"""
