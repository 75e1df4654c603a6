"""Names of news media as Russian texts write them, in both scripts, as data; those of the shipped sources are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.language.spelling import stem
from pipeline.quotes.languages.ru.words import MEDIA, MEDIA_STEMS

_NAMES = """
ТАСС, ИТАР-ТАСС, TASS, РИА Новости, РИА-Новости, РИА, Sputnik, Спутник, Sputnik Globe, Россия сегодня, Интерфакс
Interfax, Интерфакс-Украина, РБК, RBC, РБК-Украина, Росбалт, Regnum, ИА Regnum, Регнум, Прайм, Финмаркет, НСН
АГН Москва, Коммерсантъ, Коммерсант, Ъ, Коммерсантъ FM, Kommersant, Ведомости, Известия, Российская газета, РГ
Парламентская газета, Независимая газета, НГ, Новая газета, Новая газета Европа, Новая газета Балтия, Газета.ру
Gazeta.ru, Лента.ру, Lenta.ru, Комсомольская правда, КП, Московский комсомолец, МК, Аргументы и факты, АиФ, АиФ-Москва
Литературная газета, Взгляд, Красная звезда, Звезда, Труд, Правда, Советская Россия, Завтра, Огонёк, Огонек, Эксперт
Русский репортёр, Русский репортер, Русский Newsweek, Сноб, Форбс, Forbes, Forbes Russia, Профиль, Деньги, Власть
The New Times, Нью Таймс, Собеседник, Shot, Фонтанка, Фонтанка.ру, Деловой Петербург, Бумага, Sota, Sotavision, СОТА
Ротонда, MR7, 47news, Невские новости, Вечёрка, Медуза, Meduza, Медиазона, Mediazona, Дождь, Эхо Москвы, Эхо
Важные истории, Вёрстка, Верстка, Холод, Проект, Агентство, The Insider, Инсайдер, The Bell, Republic, Slon
Новая вкладка, Такие дела, Люди Байкала, Тайга.инфо, Ежедневный журнал, Кавказ.Реалии, Кавказский узел, Сибирь.Реалии
Север.Реалии, Idel.Реалии, Крым.Реалии, ОВД-Инфо, ASTRA, Mash, Mash на Мойке, Baza, База, SHOT, Осторожно новости
Осторожно Москва, Readovka, Подъём, Подъем, Ura.ru, Ура.ру, Znak, Znak.com, URA.RU, Life, Life.ru, Лайф, LifeNews
News.ru, NEWSru, NEWSru.com, Newsru.ru, Вести, Вести.ru, Вести FM, Первый канал, Россия, Россия 1, Россия 24
Россия-24, Россия-1, НТВ, ТВЦ, ТВ Центр, РЕН ТВ, Рен-ТВ, РенТВ, СТС, ОТР, Мир 24, МИР, Пятый канал, Спас, Царьград
RTVI, RT, Russia Today, Бизнес FM, Business FM, Говорит Москва, Радио России, Маяк, Соловьев Live, Соловьёв Live
Наша версия, Наша Версия, Версия, Свободная пресса, Красная линия, Национальная служба новостей
Федеральное агентство новостей, ФАН, Политика сегодня, Царьград ТВ, EADaily, Бизнес Online, БИЗНЕС Online
Реальное время, Вечерняя Москва, Москва 24, VTimes, Голос Америки, VOA, Радио Свобода, Радио Свободная Европа, Свобода
Настоящее Время, Би-би-си, Русская служба Би-би-си, BBC, BBC News, Би-Би-Си, ВВС, Deutsche Welle, Немецкая волна, DW
Euronews, Евроньюс, The Moscow Times, Moscow Times, Украинская правда, УНИАН, Укринформ, Громадское, Цензор.нет
Цензор.Нет, Страна.ua, ЛІГА.net, Лига.net, Зеркало недели, Зеркало, Суспильне, Суспильное, Обозреватель, НВ
Новое время, Корреспондент, ICTV, Апостроф, Левый берег, Kyiv Independent, The Kyiv Independent, Kyiv Post, БелТА
Белта, БЕЛТА, Tut.by, TUT.BY, Наша Нива, Нехта, NEXTA, Радыё Свабода, Белсат, Казинформ, Tengrinews, Vlast.kz, Orda.kz
Azattyq, Азаттык, Кабар, Kaktus.media, Azernews, АПА, Report, Тренд, Trend, Haqqin, АзерТАдж, Арменпресс, News.am
Панорама.am, Sputnik Армения, Новости-Грузия, Грузия Online, Имеди, Рустави 2, IPN, Point.md, NewsMaker, Дельфи, Delfi
ERR, LSM, Postimees, ДЕЛЬФИ, Озоди, Фергана, Фергана.ру, Газета.uz, Хабар 24, Reuters, Рейтер, Рейтерс, Bloomberg
Блумберг, Associated Press, Ассошиэйтед Пресс, AP, АП, Agence France-Presse, AFP, Франс Пресс, Франс-Пресс, АФП
France 24, France Presse, France-Presse, dpa, DPA, ДПА, ANSA, АНСА, EFE, Синьхуа, Xinhua, Киодо, Kyodo, Kyodo News
NHK, Ёнхап, Yonhap, ЦТАК, Анадолу, Anadolu, Anadolu Agency, ИРНА, IRNA, Fars, Фарс, Tasnim, Тасним, Mehr, ISNA
Press TV, САНА, SANA, PAP, ПАП, ЧТК, CTK, ТАНЮГ, Танюг, БТА, Bild, Бильд, Die Welt, Welt, Die Zeit, Zeit, Spiegel
Der Spiegel, Шпигель, Stern, Focus, Süddeutsche Zeitung, Frankfurter Allgemeine Zeitung, FAZ, Handelsblatt, ARD, ZDF
Tagesspiegel, Le Monde, Le Figaro, Фигаро, Libération, Liberation, BFMTV, BFM TV, L'Express, Le Parisien, TF1, LCI
La Repubblica, La Stampa, Corriere della Sera, Il Giornale, RAI, El País, El Pais, El Mundo, ABC News, CBS, CBS News
NBC, NBC News, CNN, Fox News, Fox, MSNBC, CNBC, NPR, PBS, Politico, Axios, The Hill, Time, Newsweek, Foreign Policy
Foreign Affairs, The New York Times, New York Times, Нью-Йорк таймс, NYT, The Washington Post, Washington Post
Вашингтон пост, WP, WSJ, The Wall Street Journal, Wall Street Journal, Los Angeles Times, USA Today, The New Yorker
The Atlantic, Vanity Fair, The Nation, The National Interest, National Interest, Daily Beast, The Daily Beast
BuzzFeed, BuzzFeed News, Vice, HuffPost, Breitbart, The Times, The Sunday Times, Таймс, The Guardian, Guardian
Гардиан, The Observer, The Independent, Independent, The Telegraph, Daily Telegraph, The Daily Telegraph, Telegraph
Daily Mail, The Sun, Daily Express, Daily Mirror, Sky News, ITV, Channel 4, Financial Times, The Financial Times, FT
The Economist, Economist, Экономист, Bellingcat, Беллингкэт, InoPressa, ИноСМИ, Al Jazeera, Аль-Джазира, Al Arabiya
Аль-Арабия, Аль-Маядин, Al Mayadeen, Al Hadath, Sky News Arabia, Haaretz, Гаарец, The Jerusalem Post, Jerusalem Post
Times of Israel, Ynet, Hürriyet, Hurriyet, Хюрриет, Milliyet, Sabah, TRT, TRT World, NTV, CNN Türk, CNN Turk
Haberturk, Habertürk, Global Times, Жэньминь жибао, China Daily, South China Morning Post, SCMP, CGTN, The Hindu
Times of India, Hindustan Times, ANI, Nikkei, Никкей, Asahi, Асахи, The Japan Times, Rzeczpospolita, Gazeta Wyborcza
TVN24, Onet, Polskie Radio, Seznam Zprávy, Политика, Вечерние новости, Блик, Blic, RTS, Helsingin Sanomat, Yle
Ilta-Sanomat, Iltalehti, Dagens Nyheter, SVT, Aftenposten, NRK, Berlingske, DR, De Telegraaf, Volkskrant, Der Standard
ORF, Kronen Zeitung, Die Presse, NZZ, Neue Zürcher Zeitung, SRF, Le Temps, Le Soir, Euractiv, EUobserver, Незыгарь
112
Газета.Ru, Лента.Ru, RFE/RL, Voice of America, Novaya Gazeta, Novaya Gazeta Europe, Sputnik Globe, Lenta, Gazeta
"""
_ORDINARY = """
Звезда, Труд, Правда, Завтра, Эксперт, Профиль, Деньги, Власть, Собеседник, Бумага, Проект, Агентство, Холод, Взгляд
Россия, Свобода, Зеркало, Экономист, Обозреватель, Корреспондент, Спас, Маяк, Версия, Report, Trend, Тренд, Спутник
Политика, Подъём, Подъем, База, Вечёрка, Инсайдер, Эхо, Вёрстка, Верстка, 112, Прайм, Life, Time, Focus, Fox, Vice
Welt, Zeit, Говорит Москва, Россия сегодня, Наша версия, Реальное время, Важные истории, Новое время, Такие дела
Левый берег, Политика сегодня, Красная линия, Красная звезда, Настоящее Время, Зеркало недели, Огонёк, Огонек
Русский репортёр, Русский репортер, Фарс, Сноб, Ротонда, Дождь, Stern, Вечерние новости, Осторожно новости
Осторожно Москва, Новая вкладка, Советская Россия, Independent, Guardian, Shot, SHOT, Sabah, Лайф, Имеди, Republic
Onet
"""
# Names that are ordinary words too: they mean an outlet only in marks.


def _listed(block: str) -> list[str]:
    return [name.strip() for line in block.strip().splitlines() for name in line.split(",")]


def _key(name: str) -> tuple[str, ...]:
    return tuple(map(stem, name.split()))


_MARKED_KEYS = frozenset(map(_key, _listed(_ORDINARY)))
_KEYS: dict[str, list[tuple[str, ...]]] = defaultdict(list)
"""From the first stem of a name to the stems of all names that begin so, the longest first."""
for _name in sorted(_listed(_NAMES), key=lambda name: -len(name.split())):
    _KEYS[_key(_name)[0]].append(_key(_name))
BYLINES = MEDIA | frozenset(
    name.lower() for name in _listed(_NAMES) if " " not in name and _key(name) not in _MARKED_KEYS
)
"""Words in lower case that are an outlet's name on their own, or end one."""


def is_outlet_word(word: str) -> bool:
    """Whether a word is an outlet's name or a part of one, and means nothing else."""
    key = (stem(word),)
    return word in MEDIA or key[0] in MEDIA_STEMS or key in _KEYS.get(key[0], ()) and key not in _MARKED_KEYS


def named_length(words: Sequence[str], *, marked: bool) -> int:
    """How many of the words at their beginning are the name of an outlet; ``marked``: they stand in marks."""
    keys = tuple(map(stem, words))
    for key in _KEYS.get(keys[0], ()) if keys else ():
        if keys[: len(key)] == key and (marked or key not in _MARKED_KEYS):
            return len(key)
    return 0
