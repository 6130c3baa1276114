"""Sign-in is for people who were invited; nobody opens an account alone. guessing.py slows down
who guesses passwords."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from consigned.master_data.access import SignInOutcome
from consigned_service.interfaces.access import guessing, trail
from consigned_service.interfaces.access.devices import remember
from consigned_service.interfaces.access.networks import address_of
from consigned_service.operations.master_data.sessions import end_other_sessions


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Other browsers were signed in with the old one, and are signed out."""
        super().set_password(user, password)
        end_other_sessions(user=user.pk, key=self.request.session.session_key or "")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check a password, where the attempt need not wait."""
        attempt = guessing.attempt_of(request, credentials["username"])
        with guessing.one_at_a_time(attempt):
            if delay := guessing.delay_of(attempt):
                trail.record_delay(request, credentials["username"])
                raise guessing.delayed(delay)
            user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            guessing.forget_failures(attempt)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's own limits are not asked: with them a stranger could lock a user out."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        guessing.count_failure(guessing.attempt_of(request, credentials["username"]))
        trail.record(request, credentials["username"], SignInOutcome.FAILED)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **asked: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **asked)
        remember(request, response, user.get_username())
        trail.record(request, user.get_username(), SignInOutcome.SIGNED_IN)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        trail.record(request, user.get_username(), SignInOutcome.DISABLED)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            trail.record(request, request.user.get_username(), SignInOutcome.SIGNED_OUT)
        super().logout(request)
