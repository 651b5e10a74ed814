"""Near-duplicate signatures."""

from monitor.detect.signature import resemblance, signature

WIRE = " ".join(f"word{n}" for n in range(300))


def test_a_reprint_with_another_head_and_foot_resembles_the_wire():
    reprint = f"BAKU, March 1 (Agency) {WIRE} Read more on our site and follow us"
    assert resemblance(signature(WIRE), signature(reprint)) >= 0.6


def test_case_and_punctuation_do_not_matter():
    assert signature("One, two three FOUR. Five") == signature("one two three four five")


def test_other_texts_share_nothing():
    other = " ".join(f"other{n}" for n in range(300))
    assert resemblance(signature(WIRE), signature(other)) == 0


def test_a_text_without_words_resembles_nothing():
    assert resemblance(signature(""), signature("")) == 0


def test_hashes_fit_into_a_signed_column():
    assert all(0 <= digest < 2**63 for digest in signature(WIRE))
