"""What has text but no story is refused with its reason; what a reader should know of a story is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.errors import Rejected
from pipeline.extraction import extract_article
from pipeline.records import Article, Outcome, Page

URL = "https://news.example/port/2026/06/14/storm-1234"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
STORY = [
    "The deputy minister told reporters in the capital on Sunday that the talks would go on next week as planned.",
    "“We have agreed on most of the points, and the rest is a matter of days,” he said after the second round.",
    "According to the press service, both delegations will meet again on Thursday in the same place.",
]
CAPTIONS = [
    ("The crane is taken down at noon on Monday in front of the old harbour hall.", "Lena Fischer"),
    ("Harbour master Otto Brand speaks to reporters on the quay.", "Tom Ek / Harbour Post"),
    ("Ferries wait in line behind the closed bridge as the storm comes in.", "Reuters"),
    ("Children look at the last ship of the season leaving the port.", "Anna Berg"),
]
REGIONS = (
    "Адыгея,Алтай,Архангельск,Астрахань,Барнаул,Белгород,Брянск,Владивосток,Владимир,Волгоград,Вологда,Воронеж,"
    "Екатеринбург,Иваново,Иркутск,Казань,Калининград,Калуга,Нижний Новгород,Новосибирск,Омск,Ростов-на-Дону,Рязань"
).split(",")


def page(title: str, main: str, *, head: str = "", aside: str = "") -> str:
    menu = "".join(f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("politics", "world", "economy"))
    return (
        f"<!DOCTYPE html><html><head><title>{title} - Harbour Post</title>{head}</head><body><header><nav><ul>{menu}"
        f"</ul></nav></header><main>{main}</main><aside>{aside}</aside>"
        "<footer><p>© 2026 Harbour Post. All rights reserved.</p></footer></body></html>"
    )


def story(*paragraphs: str) -> str:
    return "<article><h1>Talks go on</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</article>"


def teasers(count: int) -> str:
    return "".join(
        f'<div class="teaser"><h3><a href="/n/{n}">Headline number {n} about other events of the day</a></h3>'
        f"<p>A short account of event number {n}, which took place in the old town this week.</p></div>"
        for n in range(count)
    )


def read(html: str) -> Article:
    return extract_article(Page(URL, html.encode(), "text/html; charset=utf-8"), now=NOW)


def refusal(html: str) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        read(html)
    return caught.value.disposition.outcome, caught.value.disposition.reason


FIGURES = "".join(
    f'<figure><img src="/{n}.jpg"><figcaption>{text} <span>Photo: {by}</span></figcaption></figure>'
    for n, (text, by) in enumerate(CAPTIONS)
)
SLIDES = "".join(
    f'<div class="slide"><img src="/{n}.jpg"><p class="photo-caption">{text}</p><p class="photo-credit">{by}</p></div>'
    for n, (text, by) in enumerate(CAPTIONS)
)


@pytest.mark.parametrize("pictures", [FIGURES, SLIDES], ids=["figures", "slides"])
def test_a_page_of_photos_is_no_article_but_a_story_with_photos_is(pictures: str) -> None:
    gallery = f'<article><h1>The port in the storm</h1><div class="gallery">{pictures}</div></article>'
    assert refusal(page("The port in the storm", gallery)) == (Outcome.NOT_ARTICLE, "no-text")
    both = gallery.replace("</article>", "".join(f"<p>{line}</p>" for line in STORY) + "</article>")
    assert all(line in read(page("The port in the storm", both)).text for line in STORY)


@pytest.mark.parametrize(
    "regions",
    [
        "<ul>" + "".join(f"<li>{name}</li>" for name in REGIONS) + "</ul>",
        "<p>" + " ".join(REGIONS) + "</p>",
        "<div>" + "".join(f"<div>{name}</div>" for name in REGIONS) + "</div>",
        "<ul>" + "".join(f'<li><a href="//{n}.x.example">{name}</a></li>' for n, name in enumerate(REGIONS)) + "</ul>",
    ],
    ids=["items", "one line", "blocks", "links"],
)  # fmt: skip
@pytest.mark.parametrize("aside", ["", teasers(8)], ids=["alone", "with teasers"])
def test_a_list_of_regions_round_an_empty_page_is_no_article(regions: str, aside: str) -> None:
    empty = '<article><h1>Storm: photo</h1><img src="/1.jpg"></article>'
    outcome, reason = refusal(page("Storm: photo", regions + empty, aside=aside))
    assert (outcome, reason in ("no-text", "link-list")) == (Outcome.NOT_ARTICLE, True)


def test_what_the_page_marks_as_its_body_and_leaves_empty_is_no_text() -> None:
    marked = '<article><h1>Storm: photo</h1><div itemprop="articleBody"> <img src="/1.jpg"></div></article>'
    elsewhere = "".join(f"<p>{line}</p>" for line in STORY)
    assert refusal(page("Storm: photo", marked, aside=elsewhere)) == (Outcome.NOT_ARTICLE, "no-text")


@pytest.mark.parametrize(
    "line",
    [
        "Deputy minister: talks with the neighbours go on next week in the capital",
        "МИНИСТР ЗАЯВИЛ О ПРОДОЛЖЕНИИ ПЕРЕГОВОРОВ С СОСЕДЯМИ НА СЛЕДУЮЩЕЙ НЕДЕЛЕ В СТОЛИЦЕ",
    ],
)
def test_a_flash_of_one_line_is_an_article(line: str) -> None:
    assert read(page("Talks go on", story(line))).text == line


def test_a_page_that_announces_other_pages_is_a_link_list() -> None:
    assert refusal(page("Politics", f"<h1>Politics</h1>{teasers(10)}")) == (Outcome.NOT_ARTICLE, "link-list")


def test_links_between_the_paragraphs_of_a_story_do_not_make_it_a_list() -> None:
    link = '</p><p><a href="/n/1">Read also: what the neighbours say about it</a></p><p>'
    paragraphs = [f"{line} It was said {n} times." for n in range(3) for line in STORY]
    text = read(page("Talks go on", story(*[p + (link if n % 2 else "") for n, p in enumerate(paragraphs)]))).text
    assert text.split("\n") == paragraphs


SHORT = {
    "Страница порта больше не доступна, сообщил мэр": [
        "Страница порта во «ВКонтакте» не открывается с ночи, её удалили вместе со всеми записями.",
        "«Мы её не удаляли», — сказал начальник порта Игнат Ломов.",
    ],
    "Доступ ограничен: сайт «Портовой газеты» не открывается": [
        "Сайт «Портовой газеты» с утра не открывается у жителей трёх областей.",
        "«Никто ничего не объяснил», — рассказала главный редактор газеты Лена Гладышева.",
    ],
    "Доступ к сайту порта запрещён по решению суда": [
        "Суд запретил доступ к сайту порта, решение вступило в силу в понедельник.",
        "Сайт не открывается у большинства операторов с самого утра понедельника.",
        "Порт намерен обжаловать решение суда в течение десяти дней со дня его вступления в силу.",
    ],
    "Page on the ferry not found in the archive": [
        "A page on the ferry has been removed from the archive of the port, the mayor of Harsk said on Monday."
    ],
    "Access denied to reporters at the harbour": [
        "Reporters were kept out of the harbour hall on Monday.",
        "“Access denied is all I can tell you,” the guard said at the gate.",
    ],
    "The robot at the gate": ["“Are you a robot?” the harbour master asked the driver of the new crane on Monday."],
}


@pytest.mark.parametrize("title", SHORT)
def test_a_short_story_is_no_error_page_and_no_wall_for_its_phrase(title: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in SHORT[title])
    assert read(page(title, f"<article><h1>{title}</h1>{body}</article>")).text.split("\n") == SHORT[title]


PLAIN = {
    "Ferry plan page has been removed": (
        "The page with the plan of the ferry has been removed from the site of the board. Residents found that on "
        "Monday morning, when they tried to read it. The board gave no reason."
    ),
    "Access denied: twelve ships wait off Harsk": (
        "Access to the quay has been denied to all ships since Monday. The harbour master gave no reason for the order."
    ),
    "Ошибка 403: сайт порта не работает третий день": (
        "Сайт порта с понедельника отвечает ошибкой 403. Жители острова не могут узнать, когда придёт паром."
    ),
    "Запись о пароме удалена со страницы совета": (
        "Запись о пароме удалена со страницы совета. Её не видно со вторника. Совет причину не назвал."
    ),
    "Daily puts up a wall": (
        "The daily of the island puts its stories behind a wall from May. Readers will have to subscribe to "
        "continue reading."
    ),
}


@pytest.mark.parametrize("title", PLAIN)
def test_a_day_in_a_short_text_tells_a_story_from_a_wall(title: str) -> None:
    markup = f"<article><h1>{title}</h1><p>{PLAIN[title]}</p></article>"
    assert read(page(title, markup)).text == PLAIN[title]


SHORT_LINES = {
    "turns": [
        "— Will it sail?",
        "— It will.",
        "— When?",
        "— In May, I think, if the money comes.",
        "— And if it does not?",
    ],
    "quotes": [
        "“No.”",
        "“Never,” she said.",
        "“Not in my time.”",
        "The mayor laughed.",
        "Then she left.",
        "Nobody spoke.",
    ],
    "list": [
        "The board named six on Monday:",
        "Ana Brekke, mayor",
        "Tor Lund, pilot",
        "Eva Dahl, nurse",
        "Odd Vik, cook",
    ],
    "two": ["Officials said that repairs would begin in July and take four months.", "“We row,” said Ana Brekke."],
}


@pytest.mark.parametrize("kind", SHORT_LINES)
def test_a_story_in_short_lines_is_kept_whole(kind: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in SHORT_LINES[kind])
    html = page("The ferry of Harsk", f"<article><h1>The ferry of Harsk</h1>{body}</article>")
    assert read(html).text.split("\n") == SHORT_LINES[kind]


WALLS = {
    "Доступ ограничен": (
        "Доступ к запрашиваемому ресурсу ограничен. Ресурс внесён в единый реестр сайтов, распространение информации "
        "которых запрещено. Наличие ресурса в реестре проверяют на сайте ведомства."
    ),
    "Проверка браузера": "Подождите, идёт проверка браузера. Это займёт несколько секунд, затем страница откроется.",
    "Access denied": "You do not have permission to view this page. Please contact the administrator of the site.",
    "Just a moment...": "Checking your browser before you get to news.example. This process is automatic and short.",
}


@pytest.mark.parametrize("title", WALLS)
@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'], ids=["plain", "typed"])
def test_a_wall_is_a_wall_whatever_it_explains(title: str, head: str) -> None:
    wall = f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{WALLS[title]}</p></body></html>"
    assert refusal(wall) == (Outcome.ERROR, "bot-wall")


def test_an_error_page_that_declares_itself_an_article_is_a_soft_404() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Page not found", '
        '"datePublished": "2026-06-14T10:00:00Z"}</script>'
    )
    body = "<p>The page you are looking for does not exist or has been moved. Please use the search.</p>"
    assert refusal(page("Page not found", f"<h1>Page not found</h1>{body}", head=head))[1] == "soft-404"


def test_headings_with_links_and_one_paragraph_each_are_a_list_unless_the_page_is_one_article() -> None:
    head = (
        '<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-06-14T10:00:00Z">'
    )
    titled = page("Ten ports", f"<h1>Ten ports</h1>{teasers(10)}", head=head)
    assert "event number 9" in read(titled).text


@pytest.mark.parametrize(
    "line",
    [
        "ميناء هارسك مغلق منذ يوم الاثنين بسبب العاصفة التي ضربت الساحل الشرقي للجزيرة وقد أعلن رئيس البلدية ذلك",
        "港口委员会周一决定在五月底之前不开放旧桥，居民抱怨绕行使他们上班的路程增加了一个小时，市长说修理工作将于七月开始，需要四个月，如果资金及时到位，渡轮将在秋天恢复航行，委员会还同意再雇用两名船员",
        "बंदरगाह बोर्ड ने सोमवार को पुराने पुल को मई के अंत तक बंद रखने का फैसला किया और निवासियों ने इसकी शिकायत की, "
        "महापौर ने कहा कि मरम्मत जुलाई में शुरू होगी और इसमें चार महीने लगेंगे।",
    ],
    ids=["ar", "zh", "hi"],
)
def test_a_text_in_letters_without_capitals_is_no_list_of_names(line: str) -> None:
    assert line in read(page("Port", story(line, line + " 2", line + " 3"))).text


def test_a_marked_body_that_the_parser_closed_before_its_paragraphs_is_not_empty() -> None:
    marked = "<article><h1>Talks go on</h1><p itemprop='articleBody'>" + "".join(f"<p>{line}</p>" for line in STORY)
    assert read(page("Talks go on", marked + "</article>")).text.split("\n") == STORY


CONSENT_EN = (
    "<h1>We value your privacy</h1><p>We and our 842 partners store and access information on your device, such as "
    "cookies, and process personal data to show personalised ads and content.</p><p>You may change your choices at "
    "any time in our privacy policy.</p><button>Accept all</button>"
)
CONSENT_RU = (
    "<h2>Файлы cookie</h2><p>Мы используем файлы cookie, чтобы сайт работал лучше. Продолжая пользоваться сайтом, вы "
    "соглашаетесь на обработку персональных данных.</p><p>О том, как мы обрабатываем ваши персональные данные, читайте "
    "в политике конфиденциальности.</p>"
)


@pytest.mark.parametrize("consent", [CONSENT_EN, CONSENT_RU], ids=["en", "ru"])
def test_a_cookie_wall_is_refused_and_a_banner_above_a_story_is_not(consent: str) -> None:
    assert refusal(page("Harbour Post", f'<div class="consent">{consent}</div>')) == (Outcome.ERROR, "cookie-wall")
    assert read(page("Talks go on", story(*STORY), aside=consent)).text.split("\n") == STORY


def test_a_report_on_cookies_is_an_article() -> None:
    paragraphs = [
        "A court in the capital ruled on Monday that publishers must ask before they store cookies on a device.",
        "“We use cookies because our readers want it,” the lawyer of the publishers said after the ruling.",
        "The privacy policy of the largest newspaper runs to ninety pages, the court found.",
    ]
    assert read(page("Talks go on", story(*paragraphs))).text.split("\n") == paragraphs


@pytest.mark.parametrize(
    "title",
    ["Page not found", "404", "Error 404", "404 - Not found", "Страница не найдена", "Ошибка 404", "Материал удалён"],
)
def test_an_error_page_is_a_soft_404_however_much_it_offers_instead(title: str) -> None:
    offered = "".join(f"<p>{line} And so on, number {n}.</p>" for n in range(9) for line in STORY)
    assert refusal(page(title, f"<h1>{title}</h1>{offered}")) == (Outcome.NOT_ARTICLE, "soft-404")


@pytest.mark.parametrize(
    "title", ["404 migrants saved at sea", "Body of the missing sailor not found", "Page of history is closed for good"]
)
def test_a_title_that_sounds_like_an_error_is_none_over_a_long_story(title: str) -> None:
    long = [f"{line} And so on, number {n}." for n in range(9) for line in STORY]
    assert read(page(title, f"<h1>{title}</h1>" + story(*long))).text


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe now to continue reading this article.",
        "Already a subscriber? Log in.",
        "Этот материал доступен только по подписке.",
        "Войдите или зарегистрируйтесь, чтобы дочитать.",
    ],
)
def test_behind_a_paywall_the_lead_is_kept_and_flagged_or_the_wall_named(wall: str) -> None:
    found = read(page("Talks go on", story(*STORY[:2], wall)))
    assert found.text.split("\n") == STORY[:2]
    assert "paywall" in found.flags
    assert refusal(page("Talks go on", story(wall))) == (Outcome.NOT_ARTICLE, "paywall")


def test_a_closed_page_is_flagged_by_its_own_word() -> None:
    for head in (
        '<meta property="article:content_tier" content="locked">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>',
    ):
        assert "paywall" in read(page("Talks go on", story(STORY[0]), head=head)).flags


TURNS = [
    ("V. Speaker", "We agreed on nearly everything today, colleagues, and the rest will be settled soon."),
    ("Question", "When will you meet again, and who will be there from the other side of the table?"),
    ("V. Speaker", "On Thursday. Everybody will be there, as was agreed between us last month."),
    ("Question", "Thank you."),
    ("V. Speaker", "Thank you all for coming here today in this weather, and good night."),
]


@pytest.mark.parametrize(
    "markup",
    [
        "".join(f"<p><b>{who}:</b> {said}</p>" for who, said in TURNS),
        "".join(f"<p><b>{who}:</b></p><p>{said}</p>" for who, said in TURNS),
        "<p>" + "<br><br>".join(f"<b>{who}:</b> {said}" for who, said in TURNS) + "</p>",
        "<dl>" + "".join(f"<dt>{who}:</dt><dd>{said}</dd>" for who, said in TURNS) + "</dl>",
        "<table>" + "".join(f"<tr><td>{who}:</td><td>{said}</td></tr>" for who, said in TURNS) + "</table>",
        "".join(f'<div><span class="speaker">{who}:</span><p>{said}</p></div>' for who, said in TURNS),
    ],
    ids=["bold", "own block", "breaks", "definitions", "table", "spans"],
)
def test_a_transcript_keeps_its_turns_however_they_are_set(markup: str) -> None:
    found = read(page("Press conference", f"<article><h1>Press conference</h1>{markup}</article>"))
    assert found.text.split("\n") == [f"{who}: {said}" for who, said in TURNS]
    assert "transcript" in found.flags


def test_headings_with_a_colon_are_no_turns() -> None:
    lines = [STORY[0], "Background:", STORY[1], STORY[2]]
    assert read(page("Talks go on", story(*lines))).text.split("\n") == lines


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<?xml version="1.0"?>\n',
        '<?xml version="1.0"?><!-- made by hand --><?xml-stylesheet href="/f.xsl"?>',
        "\ufeff \n",
    ],
)
def test_a_feed_is_no_page_of_what_it_lists(head: str) -> None:
    entry = "<item><title>Storm</title><description>" + " ".join(STORY) + "</description></item>"
    for feed in (f"<rss version='2.0'><channel><title>Port</title>{entry}</channel></rss>", f"<feed>{entry}</feed>"):
        with pytest.raises(Rejected) as caught:
            read_bytes = (head + feed).encode()
            extract_article(Page(URL, read_bytes, "text/html"), now=NOW)
        assert (caught.value.disposition.outcome, caught.value.disposition.reason) == (Outcome.NOT_ARTICLE, "not-html")
