"""The public side of the simulated Page: posts, comments, private replies, and who holds a thread.

Part of ``MetaTwin``: what people do here is delivered as webhooks, what the Page does comes in
through the Graph API and is checked as Meta checks it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake_api.channels import meta_events
from intake_api.channels.meta_events import JsonObject
from intake_api.channels.meta_graph import GraphError
from intake_api.channels.twin_base import Delivery

if TYPE_CHECKING:
    from intake_api.channels.meta_twin import MetaTwin

PRIVATE_REPLY = timedelta(days=7)


@dataclass(slots=True)
class Comment:
    """A comment, or a visitor's post, as the platform has it."""

    id: str
    post_id: str
    parent_id: str
    author: str
    text: str
    created_at: datetime
    is_post: bool = False
    hidden: bool = False
    removed: bool = False
    replied: bool = False  # its one private reply has been used
    replies: list[str] = field(default_factory=list)  # ids of comments below it

    def as_dict(self) -> JsonObject:
        """For people who look at the server from outside."""
        return {
            "id": self.id, "post_id": self.post_id, "parent_id": self.parent_id,
            "author": self.author, "text": self.text, "created_at": self.created_at.isoformat(),
            "hidden": self.hidden, "removed": self.removed, "replied": self.replied,
        }  # fmt: skip


class Wall:
    """Posts and comments of the Page, and which application holds whose conversation."""

    def __init__(self, twin: MetaTwin) -> None:
        self._twin = twin
        self.posts: dict[str, str] = {}
        self.comments: dict[str, Comment] = {}
        # Authors who take no private message of a Page.
        self.closed: set[str] = set()
        # Who holds the conversation, by person; nobody named: our own application.
        self.owners: dict[str, int] = {}

    def psid(self, author: str) -> str:
        """Who the author of a comment is in Messenger: another id than below a post."""
        return f"psid-{author}"

    # --- what people and the Page's staff do ------------------------------------------------

    def post(self, words: str, *, post_id: str = "") -> Delivery:
        """The Page publishes a post."""
        name = self._name(post_id or f"{len(self.posts) + 1}0")
        self.posts[name] = words
        return self._tell("status", "add", self._twin.page_id, words, post_id=name)

    def visitor_post(self, author: str, words: str, *, post_id: str) -> Delivery:
        """Somebody writes on the Page."""
        name = self._name(post_id)
        self.comments[name] = Comment(
            name, name, name, author, words, self._twin.now(), is_post=True
        )
        return self._tell("post", "add", author, words, post_id=name)

    def comment(
        self, author: str, words: str, *, comment_id: str = "", post_id: str = "", parent: str = ""
    ) -> Delivery:
        """Somebody comments below a post, or answers the comment ``parent``."""
        made = self.add(author, words, comment_id=comment_id, post_id=post_id, parent=parent)
        return self._tell_of(made, "add")

    def add(
        self, author: str, words: str, *, comment_id: str = "", post_id: str = "", parent: str = ""
    ) -> Comment:
        """The same without the webhook (``event`` makes one to be delivered later)."""
        name = comment_id or f"{(post_id or '9').rpartition('_')[2]}_{self._twin.number()}"
        post = self._name(post_id or name.partition("_")[0])
        made = Comment(name, post, parent or post, author, words, self._twin.now())
        self.comments[name] = made
        if parent in self.comments:
            self.comments[parent].replies.append(name)
        return made

    def edit(self, comment_id: str, words: str) -> Delivery:
        """The author changes the words."""
        self.comments[comment_id].text = words
        return self._tell_of(self.comments[comment_id], "edited")

    def remove(self, comment_id: str) -> Delivery:
        """The author takes the comment back."""
        self.comments[comment_id].removed = True
        return self._tell_of(self.comments[comment_id], "remove")

    def hide(self, comment_id: str, *, hidden: bool = True) -> Delivery:
        """Somebody of the Page hides the comment in the platform's own tools."""
        self.comments[comment_id].hidden = hidden
        return self._tell_of(self.comments[comment_id], "hide" if hidden else "unhide")

    def event(self, comment_id: str, verb: str) -> JsonObject:
        """A change to hand to ``MetaTwin.deliver(…, where="changes")``."""
        one = self.comments[comment_id]
        return meta_events.feed(
            self._twin.page_id, one.author, "" if verb == "remove" else one.text,
            item="post" if one.is_post else "comment", verb=verb,
            comment_id="" if one.is_post else one.id, post_id=one.post_id,
            parent_id=one.parent_id, at=int(one.created_at.timestamp() * 1000),
        )  # fmt: skip

    def take_thread(self, psid: str, app_id: int) -> Delivery:
        """Somebody takes the conversation over in another application, such as the inbox."""
        self.owners[psid] = app_id
        told = meta_events.thread(
            self._twin.page_id, psid, "take_thread_control",
            {"previous_owner_app_id": self._twin.app_id, "metadata": ""}, at=self._ms(),
        )  # fmt: skip
        return self._twin.deliver(told)

    def give_thread(self, psid: str) -> Delivery:
        """The other application gives the conversation back."""
        self.owners.pop(psid, None)
        told = meta_events.thread(
            self._twin.page_id, psid, "pass_thread_control",
            {"new_owner_app_id": self._twin.app_id, "metadata": ""}, at=self._ms(),
        )  # fmt: skip
        return self._twin.deliver(told)

    # --- what the Graph API is asked --------------------------------------------------------

    def private_reply(self, recipient: JsonObject) -> Comment:
        """The comment that a private reply answers, checked; raises GraphError."""
        name = recipient.get("comment_id") or recipient.get("post_id")
        found = self._there(name)
        if ("post_id" in recipient) != found.is_post:
            raise GraphError(100, "Invalid parameter recipient")
        if found.replied:
            raise GraphError(10900, "Activity already replied to.")
        if self._twin.now() - found.created_at > PRIVATE_REPLY:
            raise GraphError(10, "This message is sent outside of allowed window.", subcode=2018278)
        if found.author in self.closed or found.author == self._twin.page_id:
            raise GraphError(10903, "This user cant reply to this activity.")
        return found

    def answer(self, comment_id: str, body: Any) -> JsonObject:
        """POST /{comment}/comments: the Page answers below a comment."""
        found = self._there(comment_id)
        words = body.get("message") if isinstance(body, dict) else None
        if not isinstance(words, str) or not words.strip():
            raise GraphError(100, "The parameter message is required.")
        if len(words) > 8000:
            raise GraphError(100, "Comment is too long")
        made = self.add(
            self._twin.page_id, words, post_id=found.post_id,
            comment_id=f"{found.post_id.rpartition('_')[2]}_{self._twin.number()}", parent=found.id,
        )  # fmt: skip
        if self._twin.echo_sends:
            self._twin.later(self.event(made.id, "add"), where="changes")
        return {"id": made.id}

    def change(self, comment_id: str, body: Any) -> JsonObject:
        """POST /{comment}: hides or shows it."""
        found = self._there(comment_id)
        wanted = body.get("is_hidden") if isinstance(body, dict) else None
        if not isinstance(wanted, bool):
            raise GraphError(100, "Invalid parameter is_hidden")
        found.hidden = wanted
        return {"success": True}

    def control(self, verb: str, body: Any) -> JsonObject:
        """POST /me/pass_thread_control and take_thread_control."""
        party = body.get("recipient") if isinstance(body, dict) else None
        psid = party.get("id") if isinstance(party, dict) else None
        if not isinstance(psid, str) or not psid:
            raise GraphError(100, "The parameter recipient is required.")
        if verb == "take_thread_control":
            self.owners.pop(psid, None)
        else:
            target = body.get("target_app_id")
            if not str(target).isdigit():
                raise GraphError(100, "The parameter target_app_id is required.")
            self.owners[psid] = int(target)
        return {"success": True}

    def check_owner(self, psid: str) -> None:
        """Raises GraphError while another application holds the conversation."""
        if psid in self.owners:
            raise GraphError(
                10, "Message failed to send because another app is controlling this thread now.",
                subcode=2018300,
            )  # fmt: skip

    def below(self, comment_id: str) -> list[Comment]:
        """What stands below a comment, oldest first."""
        return [self.comments[name] for name in self.comments[comment_id].replies]

    def _there(self, name: Any) -> Comment:
        found = self.comments.get(name) if isinstance(name, str) else None
        if found is None or found.removed:
            raise GraphError(100, f"Object with ID '{name}' does not exist", subcode=33)
        return found

    def _name(self, post: str) -> str:
        return post if "_" in post else f"{self._twin.page_id}_{post}"

    def _tell_of(self, one: Comment, verb: str) -> Delivery:
        return self._twin.deliver(self.event(one.id, verb), where="changes")

    def _tell(self, item: str, verb: str, author: str, words: str, *, post_id: str) -> Delivery:
        change = meta_events.feed(
            self._twin.page_id, author, words, item=item, verb=verb, post_id=post_id,
            at=self._ms(),
        )  # fmt: skip
        return self._twin.deliver(change, where="changes")

    def _ms(self) -> int:
        return int(self._twin.now().timestamp() * 1000)
