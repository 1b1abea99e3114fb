from titles import slugify


def test_words_are_joined_by_single_hyphens():
    assert slugify("moon -- and tides") == "moon-and-tides"


def test_a_title_without_letters_gives_nothing():
    assert slugify("!?") == ""
