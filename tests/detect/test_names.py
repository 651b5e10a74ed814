"""Tracked names are found in every spelling, and nobody else is."""

import pickle

import pytest

from db.records import Alias, Entity, Exclude
from monitor.detect.names import Matcher


def person(canonical: str, **more: object) -> Entity:
    return Entity(id=canonical, kind="person", canonical=canonical, **more)  # type: ignore[arg-type]


PEOPLE = [
    person("Cəlal Şıxəliyev"),
    person("Günel Şahbazqızı"),
    person("Ülvi Həsənli"),
    person("Nigar Quliyeva"),
    person("Babək Axundov"),
    person("Xədicə İsmayılova"),
]
MATCHER = Matcher(PEOPLE)


def flagged(text: str, lang: str | None = None) -> list[tuple[str, str]]:
    return [(m.entity, m.surface) for m in MATCHER.find(text, lang) if m.leads_to == "flag"]


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("Cəlal Şıxəliyev", "Celal Sixeliyev"),
        ("Cəlal Şıxəliyev", "Jalal Shikhaliyev"),
        ("Cəlal Şıxəliyev", "Jalal Shikhaliyev’s"),
        ("Cəlal Şıxəliyev", "Celal Şıheliyev'in"),
        ("Cəlal Şıxəliyev", "Dschalal Schichalijew"),
        ("Cəlal Şıxəliyev", "Djalal Chikhaliev"),
        ("Cəlal Şıxəliyev", "Джалал Шихалиев"),
        ("Cəlal Şıxəliyev", "Джалалу Шихалиеву"),
        ("Cəlal Şıxəliyev", "Джалал Шихалієв"),
        ("Cəlal Şıxəliyev", "Ҹәлал Шыхәлијев"),
        ("Cəlal Şıxəliyev", "Ҹәлал Шыхәлијевин"),
        ("Cəlal Şıxəliyev", "Ջալալ Շիխալիև"),
        ("Cəlal Şıxəliyev", "Ջալալ Շիխալիևին"),
        ("Cəlal Şıxəliyev", "ჯალალ შიხალიევი"),
        ("Cəlal Şıxəliyev", "ჯალალ შიხალიევმა"),
        ("Cəlal Şıxəliyev", "Cəlal Şıxəliyevdən"),
        ("Cəlal Şıxəliyev", "Cəlal Şıxəliyevə"),
        ("Cəlal Şıxəliyev", "CƏLAL ŞIXƏLİYEV"),
        ("Cəlal Şıxəliyev", "Cəlal bəy Şıxəliyev"),
        ("Cəlal Şıxəliyev", "Jalal Namig oglu Shikhaliyev"),
        ("Cəlal Şıxəliyev", "Jalal N. Shikhaliyev"),
        ("Cəlal Şıxəliyev", "Şıxəliyev Cəlal"),
        ("Cəlal Şıxəliyev", "Шихалиев, Джалал Намик оглы"),
        ("Cəlal Şıxəliyev", "Шихалиев Джалал Намикович"),
        ("Cəlal Şıxəliyev", "Jalal ShikhaliyevEr"),
        ("Cəlal Şıxəliyev", "CəlalŞıxəliyev"),
        ("Cəlal Şıxəliyev", "Jalal-Shikhaliyev"),
        ("Günel Şahbazqızı", "Günel Şahbaz qızı"),
        ("Günel Şahbazqızı", "Гюнель Шахбаз-гызы"),
        ("Günel Şahbazqızı", "Gunel Shahbazgizi"),
        ("Günel Şahbazqızı", "Gunel Bashirova (Shahbazgizi)"),
        ("Günel Şahbazqızı", "Günel Bəşirova-Şahbazqızı"),
        ("Günel Şahbazqızı", "გიუნელ შაჰბაზგიზის"),
        ("Ülvi Həsənli", "Oulvi Hasanli"),
        ("Ülvi Həsənli", "Ulvi “Abzas” Hasanli"),
        ("Nigar Quliyeva", "Нигяр Гулиевой"),
        ("Nigar Quliyeva", "Nigar Quliyevaya"),
        ("Babək Axundov", "Babek Akhundov"),
        ("Babək Axundov", "Бабека Ахундова"),
        ("Xədicə İsmayılova", "Chadidscha Ismajilowa"),
        ("Xədicə İsmayılova", "Хадиджу Исмаилову"),
    ],
)
def test_a_name_is_found_in_every_spelling(canonical: str, written: str) -> None:
    assert flagged(f"– {written}, 2026.") == [(canonical, written)]


@pytest.mark.parametrize(
    "text",
    [
        "Cəlilə Şıxəliyeva",
        "Cəlal Şıxəlizadə",
        "Jamal Shikhaliyev",
        "Jalal Shikhaliyeva",
        "Vaqif Cəlal oğlu Şıxəliyev",
        "Rza Şıxəliyev, Cəlal Hüseynli",
        "Rza Şıxəliyev Cəlal Hüseynli",
        "Cəlal və Rza Şıxəliyev",
        "Cəlal. Şıxəliyev",
        "Cəlal\n\nŞıxəliyev",
        "12 Nisan'da Şıheliyev'in",
        "Ülviyyə Həsənli",
        "Ülvi Həsənov",
        "Ülvi Həsənzadə",
        "Elvin Hasanli",
        "Günay Şahbazqızı",
        "Sevil Şahbaz qızı Quliyeva",
        "Nigar Quliyev",
        "Нигяр Гулиев",
        "Джалал Шихалиева",
        "Джалала Шихалиева сказала",
        "Джамиля Гасанли",
        "ülvi gəldi, həsənli kəndi",
        "Babək küçəsi, Axundov kitabxanası",
    ],
)
def test_nobody_else_is_taken_for_a_tracked_person(text: str) -> None:
    assert [m for m in MATCHER.find(text) if m.leads_to in ("flag", "weak")] == []


def test_nearly_equal_common_names_stay_apart() -> None:
    matcher = Matcher([person("Elçin Həşimov"), person("Əmin Həsənov")])
    for text in ("Elchin Gasimov", "Amin Huseynov", "Əmin Hüseynov"):
        assert matcher.find(text) == []


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("Cəlal Şıxəliyev gəldi. Şıxəliyev dedi.", ["full", "family"]),
        ("Şıxəliyev dedi. Cəlal Şıxəliyev gəldi.", ["family-before-full", "full"]),
        ("Cəlal Şıxəliyev gəldi. C.Şıxəliyev dedi.", ["full", "family"]),
        ("Джалал Шихалиев. Дж. Шихалиев", ["full", "family"]),
        ("Cəlal Şıxəliyev gəldi. Şıxəliyev C.N. dedi.", ["full", "family"]),
        ("Cəlal Şıxəliyev gəldi. R.Şıxəliyev dedi.", ["full"]),
        ("Cəlal Şıxəliyev. Rauf Şıxəliyev. Şıxəliyev.", ["full"]),
        ("Cəlal Şıxəliyev. Rauf Şıxəliyev. Cəlal Şıxəliyev. Şıxəliyev.", ["full"] * 2 + ["family"]),
        ("Cəlal Şıxəliyev. Vəkil Şıxəliyevlə görüşdü.", ["full", "family"]),
        ("Cəlal Şıxəliyev. Əliyev, Şıxəliyev Rauf oğlu", ["full"]),
        ("Cəlal Şıxəliyev. Vaqif Cəlal oğlu Şıxəliyev.", ["full"]),
        ("Cəlal Şıxəliyev. Cəlil bəy Şıxəliyev.", ["full"]),
        ("Cəlal Şıxəliyevin qızı Nigar. Şıxəliyevin oğlu Rza.", ["full", "family"]),
        ("Şıxəliyev dedi.", []),
        ("Rauf Şıxəliyev dedi.", []),
    ],
)
def test_a_family_name_alone_belongs_to_the_nearest_earlier_full_name(
    text: str, tiers: list[str]
) -> None:
    assert [m.tier for m in MATCHER.find(text)] == tiers


def test_a_declared_family_name_is_weak_evidence_unless_another_given_name_stands_there() -> None:
    matcher = Matcher([person("Bəhruz Səmədov", family_unambiguous=True)])
    assert [m.tier for m in matcher.find("Самедов в СИЗО")] == ["family-unambiguous"]
    assert matcher.find("Рауф Самедов в СИЗО") == []


@pytest.mark.parametrize(
    "text",
    ["Ülvi Hasnali", "Ulvi Hasranli", "#freeulvihasanli", "/a/ulvi-hesenli-hebs", "ülvi həsənli"],
)
def test_slips_tags_slugs_and_small_letters_go_to_review(text: str) -> None:
    assert {m.leads_to for m in MATCHER.find(text)} == {"review"}


def test_a_camel_case_tag_is_read_word_by_word() -> None:
    assert flagged("#FreeUlviHasanli!") == [("Ülvi Həsənli", "UlviHasanli")]


def test_two_tracked_people_of_one_name_go_to_review() -> None:
    twins = [
        Entity(id="a", kind="person", canonical="Elşən Həsənov"),
        Entity(id="b", kind="person", canonical="Elşən Həsənov"),
    ]
    found = Matcher(twins).find("Elshan Hasanov said")
    assert {(m.entity, m.tier) for m in found} == {("a", "ambiguous"), ("b", "ambiguous")}


@pytest.mark.parametrize(
    "text",
    ["Əli Zeynal oğlu Məmmədov", "Zeynal Əli oğlu", "Али Зейнал-оглы Мамедов", "Ali Zeynal oglu"],
)
def test_a_fathers_name_is_no_family_name(text: str) -> None:
    assert Matcher([person("Əli Zeynal")]).find(text) == []


def test_a_known_father_keeps_namesakes_out() -> None:
    matcher = Matcher([person("Əli Rza oğlu Məmmədov")])
    assert matcher.find("Əli Rza oğlu Məmmədov")
    assert matcher.find("Мамедов Али Рза оглы")
    assert matcher.find("Əli Məmmədov")
    assert not matcher.find("Əli Vaqif oğlu Məmmədov")


def test_excludes_drop_what_they_cover() -> None:
    paper = Entity(
        id="turan", kind="outlet", canonical="Turan",
        excludes=(Exclude(pattern="Turan vadisi"), Exclude(pattern=r"Turan(?=\s+\d)", regex=True)),
    )  # fmt: skip
    matcher = Matcher([paper])
    assert [m.surface for m in matcher.find("Turan vadisi, Turan 5, Turan xəbər verir")] == [
        "Turan"
    ]


def test_a_phrase_without_the_name_excludes_by_context() -> None:
    player = person("Ülvi Həsənli", excludes=(Exclude(pattern="futbolçu"),))
    matcher = Matcher([player])
    assert matcher.find("Futbolçu Ülvi Həsənli qol vurub.") == []
    assert matcher.find("Jurnalist Ülvi Həsənli həbsdədir.")


def test_a_one_word_alias_needs_the_full_name_unless_it_may_stand_alone() -> None:
    alias = Alias(text="Narminka", type="pen_name")
    matcher = Matcher([person("Nərmin Sadıqqızı", aliases=(alias,))])
    assert [m.tier for m in matcher.find("Narminka yazıb.")] == ["ambiguous"]
    assert [m.tier for m in matcher.find("Nərmin Sadıqqızı, Narminka.")] == ["full", "family"]


def test_a_case_sensitive_alias_keeps_its_capitals() -> None:
    alias = Alias(text="Abzas", case_sensitive=True)
    matcher = Matcher([Entity(id="o", kind="outlet", canonical="Abzas Media", aliases=(alias,))])
    assert [m.surface for m in matcher.find("Abzas yazır")] == ["Abzas"]
    assert matcher.find("ABZAS yazır") == []


@pytest.mark.parametrize("written", ["Cəlal Şıxəliyevin", "Джалала Шихалиева", "Celal Şıheliyev"])
def test_a_canonical_name_in_english_spelling_is_taken_back_to_azerbaijani(written: str) -> None:
    matcher = Matcher([person("Jalal Shikhaliyev")])
    assert [(m.surface, m.tier) for m in matcher.find(written)] == [(written, "full")]


ORGANISATIONS = Matcher(
    [
        Entity(id="abzas", kind="outlet", canonical="Abzas Media"),
        Entity(id="tv", kind="outlet", canonical="Toplum TV"),
        Entity(
            id="axcp", kind="organisation", canonical="AXCP",
            aliases=(
                Alias(text="Azərbaycan Xalq Cəbhəsi Partiyası"),
                Alias(text="Партия Народного фронта Азербайджана", type="translation"),
            ),
        ),
        Entity(
            id="case", kind="case", canonical="Abzas Media işi",
            aliases=(Alias(text="дело «Абзас Медиа»", type="translation"),),
        ),
        Entity(
            id="ar", kind="person", canonical="Nərmin Sadıqqızı",
            aliases=(Alias(text="نرمین صادق قزی"), Alias(text="Narminka", flag_alone=True)),
        ),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AbzasMedia yazır", [("abzas", "AbzasMedia")]),
        ("«Абзас Медиа» сообщает", [("abzas", "Абзас Медиа")]),
        ("Abzas mediada", [("abzas", "Abzas mediada")]),
        ("Toplum TV-nin", [("tv", "Toplum TV-nin")]),
        ("Toplum tv", []),
        ("AXCP-nin sədri", [("axcp", "AXCP-nin")]),
        ("Axcp", []),
        ("Партии Народного фронта Азербайджана",
         [("axcp", "Партии Народного фронта Азербайджана")]),
        ("Azərbaycan Xalq Cəbhəsi Partiyasının",
         [("axcp", "Azərbaycan Xalq Cəbhəsi Partiyasının")]),
        ("по делу «Абзас Медиа»", [("case", "делу «Абзас Медиа»"), ("abzas", "Абзас Медиа")]),
        ("نرمین صادق قزی", [("ar", "نرمین صادق قزی")]),
        ("Narminka gəldi", [("ar", "Narminka")]),
    ],
)  # fmt: skip
def test_organisations_outlets_and_cases_are_found_as_rows_of_words(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert [(m.entity, m.surface) for m in ORGANISATIONS.find(text)] == found


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ülvi Həsənli həbs edilib.", "detained"),
        ("Ulvi Hasanli was sentenced to nine years.", "sentenced"),
        ("Ульви Гасанли объявил голодовку.", "hunger_strike"),
        ("Ülvi Həsənliyə ittiham elan olunub.", "charged"),
        ("Ulvi Hasanli was moved to prison no. 2.", "transferred"),
        ("Ульви Гасанли помилован.", "pardoned"),
        ("Ülvi Həsənli azadlığa çıxıb.", "released"),
        ("Ulvi Hasanli died.", "died"),
        ("Ulvi Hasanli wrote. Somebody else was arrested.", None),
    ],
)
def test_the_status_verb_of_the_sentence_is_a_hint(text: str, status: str | None) -> None:
    assert MATCHER.find(text)[0].status == status


def test_an_explanation_names_alias_spelling_ending_and_tier() -> None:
    (mention,) = MATCHER.find("Приговор Джалала Шихалиева")
    assert mention.why["words"] == (
        "“Джалала Шихалиева” is read as Cəlal Şıxəliyev. Spelling in Cyrillic letters: дж for c, "
        "а for ə, л for l, а for a, ш for ş, и for ı, х for x, и for i …. "
        "-а is an ending (Russian). Given and family name stand together, so this is a full name."
    )
    assert mention.why["rules"] == MATCHER.rules
    given, family = mention.why["tokens"]
    assert given["trace"] == "c:дж ə:а l:л a:а l:л"
    assert (family["observed"], family["ending"]) == ("Шихалиева", "ru:а")


def test_decisions_survive_a_restart_and_are_told_once() -> None:
    text = "Ulvi Hasanli və Hasnali Bakıda"
    first = Matcher(PEOPLE)
    mentions = first.find(text)
    decisions = first.fresh_decisions()
    assert decisions["Bakıda"] == ""
    assert first.fresh_decisions() == {}
    second = Matcher(PEOPLE, decisions)
    assert second.find(text) == mentions
    assert second.fresh_decisions() == {}


def test_a_matcher_travels_to_worker_processes() -> None:
    copy = pickle.loads(pickle.dumps(MATCHER))
    assert copy.rules == MATCHER.rules
    assert copy.find("Ulvi Hasanli") == MATCHER.find("Ulvi Hasanli")


def test_the_rules_change_with_the_names_but_not_with_notes() -> None:
    assert Matcher(PEOPLE[:1]).rules != MATCHER.rules
    assert Matcher([person("Ülvi Həsənli", note="x")]).rules == Matcher([PEOPLE[2]]).rules


def test_an_empty_watchlist_finds_nothing() -> None:
    assert Matcher([]).find("Ülvi Həsənli həbs edilib.") == []


@pytest.mark.parametrize(
    ("canonical", "lang", "text", "surface"),
    [
        ("Rüstəm İbrahimbəyov", "ru", "Сценарист Рустам Ибрагимбеков.", "Рустам Ибрагимбеков"),
        ("Nəsib bəy Yusifbəyli", "az", "Nəsib bəy Yusifbəylinin sözü", "Nəsib bəy Yusifbəylinin"),
        ("Nəsib bəy Yusifbəyli", "az", "Nəsib Yusifbəyli dedi", "Nəsib Yusifbəyli"),
        ("Fətəli xan Xoyski", "ru", "Премьер Фатали-хан Хойский", "Фатали-хан Хойский"),
        ("Əlimərdan Topçubaşov", "ru", "Али Мардан-бек Топчибашев", "Али Мардан-бек Топчибашев"),
        ("Üzeyir Hacıbəyov", "ru", "Гаджибеков Узеир Абдул Гусейн оглы",
         "Гаджибеков Узеир Абдул Гусейн оглы"),
        ("Üzeyir Hacıbəyov", None, "Үзејир Һаҹыбәјова һејкәл", "Үзејир Һаҹыбәјова"),
        ("Ramil Səfərov", "ru", "Экстрадиция Рамиля Сафарова разорвала", "Рамиля Сафарова"),
        ("Ramil Səfərov", "ru", "Рамиля Сафарова ждет суд.", "Рамиля Сафарова"),
        ("Anar Məmmədli", "ru", "Анара Мамедли арестовала полиция.", "Анара Мамедли"),
        ("Əmin Rəhimov", "tr", "Sözcü Emin Rehimov konuştu", "Emin Rehimov"),
        ("Elçin Məmməd", "fr", "Le militant Eltchine Mammad est libre", "Eltchine Mammad"),
        ("İlham Hacıyev", "az", "İlham Bəxtiyar Hacıyev dindirilib", "İlham Bəxtiyar Hacıyev"),
        ("Elşən Azadov", "de", "Der Anwalt Elschan Asadow", "Elschan Asadow"),
        ("Elşən Əsədov", "de", "Der Anwalt Elschan Asadow", "Elschan Asadow"),
        ("Xəlil Rza Ulutürk", "tr", "Şair Halil Rıza Ulutürk", "Halil Rıza Ulutürk"),
    ],
)  # fmt: skip
def test_habits_of_each_language_are_known(
    canonical: str, lang: str | None, text: str, surface: str
) -> None:
    found = Matcher([person(canonical)]).find(text, lang)
    assert [(m.surface, m.leads_to) for m in found] == [(surface, "flag")]


@pytest.mark.parametrize(
    ("canonical", "lang", "text"),
    [
        ("Bəxtiyar Hacıyev", "az", "İlham Bəxtiyar Hacıyev dindirilib"),
        ("Ramil Səfərov", "ru", "Рамиля Сафарова — судья."),
        ("Ramil Səfərov", "ru", "Рамиля Сафарова преподает химию."),
        ("Ramil Səfərov", "ru", "Актриса Рамиля Сафарова сыграла роль."),
        ("Ramil Səfərov", "ru", "Журналистка Рамиля Сафарова"),
        ("Kənan İsmayılov", "tr", "Başkan Kenan İsmayılova, bir şey dedi."),
        ("Samir Həsənli", "tr", "Yazar Samire Hesenli konuştu."),
        ("Rəşid Behbudov", "az", "Rəşid Behbudov küçəsində yanğın"),
        ("Rəşid Behbudov", "ru", "на улице Рашида Бейбутова"),
        ("Heydər Əliyev", "en", "Heydar Aliyev Avenue was closed."),
        ("Elşən Azadov", "en", "Lawyer Elshan Asadov spoke."),
        ("Cəlal Şıxəliyev", "az", "Şıxəliyev, Cəlal və başqaları"),
        ("Əmin Rəhimov", "az", "Emin Rəhimov çıxış edib."),
        ("Əziz Bəşirli", "ru", "Выступили Даянат Асадов, Азиза Баширли."),
        ("Əziz Bəşirli", "ru", "Выступили Азиза Баширли и Юнус Валиев."),
    ],
)
def test_likely_others_raise_no_flag(canonical: str, lang: str, text: str) -> None:
    found = Matcher([person(canonical)]).find(text, lang)
    assert [m.surface for m in found if m.leads_to != "review"] == []


def test_monsieur_is_no_initial() -> None:
    text = "Ulvi Hasanli est en prison. La cour a entendu M. Hasanli et les autres."
    tiers = [m.tier for m in MATCHER.find(text, "fr")]
    assert tiers == ["full", "family"]
    assert [m.tier for m in MATCHER.find(text.replace("La cour", "Court"), "en")] == ["full"]


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (None, ["p", "p"]),
        ("2024-05-01", ["p", "p"]),
        ("2024", ["p", "p"]),
        ("2022-12-31", []),
        ("2025-02-01", ["p"]),
        ("2026-01-01", []),
    ],
)
def test_a_name_counts_while_it_is_valid(on: str | None, found: list[str]) -> None:
    entity = Entity(
        id="p",
        kind="person",
        canonical="Günel Bəşirova",
        valid_from="2023",
        valid_to="2025",
        aliases=(Alias(text="Günel Şahbazqızı", valid_to="2024-12-31"),),
    )
    text = "Günel Bəşirova dedi. Günel Şahbazqızı susdu."
    assert [m.entity for m in Matcher([entity]).find(text, "az", on=on)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Committee for the Release of Political Prisoners lists Ulvi Hasanli.",
        "Комитет по освобождению политзаключенных назвал Ульви Гасанли.",
        "Союз «За освобождение узников» назвал Ульви Гасанли.",
    ],
)
def test_the_name_of_an_organisation_is_no_status(text: str) -> None:
    assert [m.status for m in MATCHER.find(text)] == [None]


def test_a_headline_keeps_its_status() -> None:
    text = "Group of Prisoners Released After Ulvi Hasanli Won in Court"
    assert [m.status for m in MATCHER.find(text)] == ["released"]


def test_an_honorific_joins_only_the_name_it_stands_beside() -> None:
    matcher = Matcher([person("Afət Sərkərov")])
    assert matcher.find("Deputy minister Afat Nazarli met Khanim Sarkarov") == []
