"""What a publisher writes into every story goes, whole or at a paragraph's end; reports on the same things stay."""

from __future__ import annotations

import pytest

from pipeline.extraction.boilerplate import without_boilerplate

STORY = "The harbour board voted on Monday to keep the old bridge closed until the end of May."
RUSSIAN = "Портовый совет в понедельник решил не открывать старый мост до конца мая."

READ_ALSO = [
    "Читайте также: «Мост рухнет к весне» — заявил инженер Ломов",
    "Читайте также: Паром встал на ремонт",
    "Читайте также",
    "👉 Читайте ещё: Паром встал на ремонт",
    "Читайте по теме: «Паром — не мост», — считает мэр",
    "Смотрите также: как строили мост",
    "Материалы по теме: Паром встал на ремонт",
    "По теме: «Мы уплывём», — сказала Гладышева.",
    "Подробнее — в материале «Портовой газеты».",
    "Подробнее: Паром встал на ремонт",
    "Подробнее о том, как закрывали мост, читайте на сайте газеты.",
    "Read more: “We will row,” says Brekke",
    "READ MORE | Ferry out of service until May",
    "Read also: Ferry out of service",
    "See also: Ferry out of service",
    "Also read: Ferry out of service",
    "Must read: Ferry out of service",
    "Related: ‘We will row,’ says Brekke",
    "Related stories: Ferry out of service",
    "Read more about the ferry here.",
    "Read the full story in the Harbour Post",
    "Watch: The old bridge from above",
]
CALLS = [
    "Главные новости — в Telegram-канале «Порт»",
    "Новости порта теперь и в Viber!",
    "Не пропустите главное: подпишитесь на рассылку",
    "Поделитесь новостью в социальных сетях!",
    "Поддержите редакцию",
    "Мнение автора может не совпадать с мнением редакции",
    "Click to share on Facebook",
    "Make sure to follow us on Telegram.",
    "(Reporting by Anna Berg; editing by Tom Ek)",
    "Подписывайтесь на наш канал",
    "Подпишитесь на «Портовую газету» в «Дзене»!",
    "Больше новостей — в нашем телеграм-канале «Портовая газета».",
    "Самые важные новости читайте в нашем Telegram.",
    "Ещё больше интересного в наших группах во ВКонтакте и Одноклассниках",
    "Хотите быть в курсе главных новостей? Подпишитесь на рассылку!",
    "Следите за нашими новостями в MAX",
    "Мы в Telegram",
    "Наш канал в Telegram: новости порта каждый час",
    "Присоединяйтесь к нам во ВКонтакте",
    "Нашли опечатку? Выделите её и нажмите Ctrl+Enter",
    "Если вы нашли ошибку, выделите текст и нажмите Ctrl + Enter.",
    "Заметили ошибку? Сообщите о ней редакции.",
    "Поделитесь новостью с друзьями",
    "Поделиться в социальных сетях",
    "Скачайте наше мобильное приложение",
    "Стали очевидцем? Пишите нам в WhatsApp.",
    "Понравилась статья? Ставьте лайк и оставляйте комментарии!",
    "При цитировании обязательна активная ссылка на сайт.",
    "Subscribe to the Harbour Post for 3 euros a month.",
    "Sign up for our newsletter",
    "There is more where that came from. Sign up for the morning mail.",
    "Follow us on Telegram",
    "Follow @harbourpost",
    "Follow the Harbour Post on X and Instagram.",
    "Please follow our channel",
    "Join our forum",
    "Join the conversation",
    "Like us on Facebook",
    "Share this article with your friends",
    "Share on Facebook",
    "Download our app",
    "Click here to see the map",
    "To see the map, click here.",
    "Get the latest harbour news in your inbox.",
    "Stay up to date with the Harbour Post.",
    "Have a story for us? E-mail the newsroom.",
    "For more harbour news, follow us on Telegram.",
    "Support independent journalism.",
    "Anna Berg contributed to this report.",
    "All rights of this newspaper are reserved.",
    "What do you think of the bridge? Let us know in the comments.",
]
NOTES = [
    "НАСТОЯЩИЙ МАТЕРИАЛ СОЗДАН ИНОСТРАННЫМ АГЕНТОМ ЛОМОВЫМ И. И.",
    "Материал создан и распространён иностранным агентом «Порт»",
    "Реклама 18+",
    "НАСТОЯЩИЙ МАТЕРИАЛ (ИНФОРМАЦИЯ) ПРОИЗВЕДЕН И РАСПРОСТРАНЕН ИНОСТРАННЫМ АГЕНТОМ «ПОРТ» ЛИБО КАСАЕТСЯ ДЕЯТЕЛЬНОСТИ "
    "ИНОСТРАННОГО АГЕНТА «ПОРТ». 18+",
    "Данное сообщение (материал) создано и (или) распространено иностранным средством массовой информации, выполняющим "
    "функции иностранного агента.",
    "* Признан в России иностранным агентом.",
    "*Организация признана экстремистской, её деятельность запрещена в России",
    "** — внесена Минюстом в реестр иноагентов",
    "(признан в России иноагентом)",
    "18+",
    "This message was created and distributed by a foreign media outlet performing the functions of a foreign agent.",
    "* Designated a foreign agent in Russia.",
    "Реклама",
    "Реклама. ООО «Мост и паром», ИНН 7700000000, erid: 2VtzqwXyAbc",
    "Реклама ООО «Мост и паром»",
    "erid: LjN8KAbcd Рекламодатель: АО «Паром»",
    "На правах рекламы",
    "Advertisement",
    "ADVERTISEMENT - SCROLL TO CONTINUE",
    "Story continues below advertisement",
    "Sponsored content",
    "#мост #паром",
    "#ferry, #bridge",
]
CREDITS = [
    "https://t.me/port",
    "Фото: Лена Гладышева / «Портовая газета»",
    "Видео: пресс-служба порта",
    "Источник фото: архив редакции",
    "Источник: ТАСС",
    "Источник: пресс-служба порта",
    "Автор: Лена Гладышева",
    "Photo: Lena Fischer",
    "Photo by Lena Fischer",
    "Photo credit: Lena Fischer/Harbour Post",
    "Image: Harbour Post",
    "Source: Harbour Post",
    "(Photo by Lena Fischer/Harbour Images)",
    "The old bridge last spring (Photo: Lena Fischer / Getty Images)",
]


@pytest.mark.parametrize("line", READ_ALSO + CALLS + NOTES + CREDITS)
def test_boilerplate_goes(line: str) -> None:
    assert without_boilerplate([STORY, line, RUSSIAN]) == [STORY, RUSSIAN]


@pytest.mark.parametrize("line", READ_ALSO + CALLS + NOTES)
@pytest.mark.parametrize("story", [STORY, RUSSIAN, "«Мост закрыт. Надолго», — сказал мэр.", "“It is shut. For long.”"])
def test_boilerplate_goes_from_the_end_of_a_paragraph(story: str, line: str) -> None:
    assert without_boilerplate([f"{story} {line}"]) == [story]


@pytest.mark.parametrize("line", ["Подписывайтесь на наш канал!", "Sign up for our newsletter.", "Реклама. 18+."])
def test_boilerplate_goes_from_the_head_of_a_paragraph(line: str) -> None:
    assert without_boilerplate([f"{line} {STORY}"]) == [STORY]


@pytest.mark.parametrize(
    "line",
    [
        "«Подписывайтесь на наш канал», — написал губернатор.",
        "— Подписывайтесь на наш канал, — сказал он.",
        "- Читайте также книги, - посоветовал учитель.",
        "«Читайте также детям. Каждый вечер», — посоветовал учитель.",
        "Губернатор написал в своём Telegram-канале, что мост закрыт.",
        "Об этом мэр сообщил в телеграм-канале администрации.",
        "Telegram заблокировал канал портового совета.",
        "Он предложил подписаться на обновления реестра.",
        "Минюст признал газету иностранным агентом.",
        "Суд оштрафовал писателя (признан иноагентом) на 50 тысяч рублей.",
        "Писатель (внесён в реестр иностранных агентов) уехал в марте, его дом продан.",
        "Закон об иностранных агентах приняли в 2012 году.",
        "Реклама моста обошлась порту в миллион.",
        "Реклама ООО «Паром» нарушила закон, решила антимонопольная служба.",
        "Источник: переговоры о пароме продолжатся в июне, деньги уже переведены.",
        "Источник: мост откроют в мае",
        "Источник в порту подтвердил, что паром встал.",
        "Фото моста облетели весь город, рассказал мэр.",
        "Нашли тело второго матроса, сообщили спасатели.",
        "Хотите мира — готовьтесь к войне, сказал генерал.",
        "Следите за руками, призвал он депутатов.",
        "Подробности он обещал назвать в мае.",
        "Материал по теме моста он писал полгода.",
        "Движение получило название #портнаш",
        "По 18+ рублей за билет платят жители острова.",
        "The e-mail told the staff to click here and enter a password.",
        "“Click here” was all that the message said, Brekke recalled.",
        "“Subscribe to our channel and you will hear the truth,” the minister told the crowd.",
        'He said: "Sign up for the army."',
        "The editor of the newsletter was questioned for two hours, his lawyer said.",
        "Sign up for the army or pay, the governor told the men.",
        "The governor wrote on his Telegram channel that the bridge was shut.",
        "The channel has two million subscribers on Telegram and is read by ministers.",
        "Russia designated the newspaper a foreign agent on Friday.",
        "The writer, designated a foreign agent, left the country in March.",
        "Related costs rose by a third, the board said.",
        "Read more slowly, she told the class.",
        "Watch this man, the judge said.",
        "Share prices fell by a tenth on Monday.",
        "Follow the money and you find the owner of the ferry.",
        "Source: the talks on the ferry go on in June, the money is there.",
        "Sources close to the board said the vote was near.",
        "Photos of the bridge were passed from hand to hand.",
        "The image of the port has suffered, the mayor admitted.",
        "Getty Images sued the company in London.",
        "Get the bridge open by May, the governor told the board.",
        "The ministry said that all rights of the owners would be protected.",
        "Support for the bridge fell to a third.",
        "She joined the #MeToo movement in 2018",
        "The advertisement was taken down on Monday.",
        "More than forty ships wait.",
        "В нашей группе было десять человек, никто не вернулся.",
        "В нашем канале скопился лёд, рассказал капитан.",
        "Подробности: погибли трое, ранены пятеро.",
        "Видео: мост рухнул на глазах у туристов.",
        "Фото: на снимке мэр жмёт руку капитану.",
        "Читать далее он не стал.",
        "Если вы нашли ошибку в расчётах, мост рухнет.",
        "Использование материалов низкого качества привело к обрушению моста.",
        "Материалы, созданные иностранными агентами, нельзя будет показывать детям.",
        "Данное сообщение распространено иностранным агентством, заявил министр.",
        "Хотите знать правду? Её нет.",
        "Что вы думаете о мосте? — спросили мэра.",
        "Related: that is the word she used.",
        "You can follow the ferry from the hill.",
        "For more than ten years he has followed the ferry.",
        "Join our fight against the bridge!",
        "Let us know the truth, they shouted.",
        "Become a member of the council and you will see.",
        "All of our channels with the other side are open.",
        "Share your bread with him.",
        "Contact us was all it said.",
        "“Read more: that is all I ask. Every day,” the teacher said.",
    ],
)
def test_reports_on_the_same_things_stay(line: str) -> None:
    assert without_boilerplate([line]) == [line]
    assert without_boilerplate([f"{STORY} {line}"]) == [f"{STORY} {line}"]


def test_a_credit_in_brackets_goes_from_the_end_of_a_caption_or_paragraph() -> None:
    assert without_boilerplate([f"{STORY} (Photo: Lena Fischer)"]) == [STORY]
    assert without_boilerplate([f"{RUSSIAN} (Фото: Лена Гладышева)"]) == [RUSSIAN]


def test_a_long_paragraph_that_holds_a_pointer_in_its_middle_loses_nothing() -> None:
    line = f"{STORY} Read more: that is what he asked of them. " + " ".join([STORY] * 4)
    assert without_boilerplate([line]) == [line]
