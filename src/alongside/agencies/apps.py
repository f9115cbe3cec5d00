from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "alongside.agencies"

    def ready(self) -> None:
        """The library of accounts tells in its own way that a second step was set up."""
        from allauth.mfa.signals import authenticator_added

        from alongside.agencies import second_step

        authenticator_added.connect(second_step.set_up_here)
