"""Only a channel that is configured can be sent on."""

import pytest

from intake_api.channels.adapters import adapters_for
from intake_api.channels.messenger import MessengerAdapter
from tests.builders import make_settings


@pytest.mark.parametrize("more", [{}, {"messenger_page_id": "1"}, {"messenger_page_token": "t"}])
def test_without_page_and_token_there_is_no_messenger(more):
    settings = make_settings(**{"messenger_page_id": "", "messenger_page_token": "", **more})
    adapters = adapters_for(settings)
    assert adapters == {}


def test_with_both_there_is():
    adapter = adapters_for(make_settings(messenger_page_id="1", messenger_page_token="t"))
    assert isinstance(adapter["messenger"], MessengerAdapter)
    adapter["messenger"].close()
