"""The stock of names, by tradition, and drawing from it so that the first of each list are frequent."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SKEW = 1.5
"""Exponent of the draw: of 120 family names the first is 4 % of draws and the first 40 are half of them."""


def _list(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


@dataclass(frozen=True)
class Tradition:
    """Names that go together; `women` and `men` hold one list per cohort of COHORTS, or one for all of them.

    `feminine` is what a woman's family name adds to a man's.
    """

    weight: int
    women: tuple[tuple[str, ...], ...]
    men: tuple[tuple[str, ...], ...]
    families: tuple[str, ...]
    feminine: str = ""


COHORTS = (1962, 1987)
"""Birth years from which the next list of given names is drawn."""

_WOMEN = (
    _list("""Mary, Linda, Barbara, Patricia, Susan, Carol, Judith, Joan, Margaret, Nancy, Sandra, Betty,
        Shirley, Helen, Dorothy, Ruth, Virginia, Janet, Frances, Rose, Evelyn, Marjorie, Gladys, Lorraine,
        Peggy, Beverly"""),
    _list("""Jennifer, Lisa, Michelle, Kimberly, Amy, Angela, Melissa, Heather, Stephanie, Karen, Laura,
        Nicole, Christine, Rebecca, Julie, Dawn, Tammy, Tracy, Wendy, April, Erin, Shannon, Denise, Monica,
        Carrie, Holly, Kristin"""),
    _list("""Emily, Jessica, Ashley, Sarah, Hannah, Madison, Olivia, Samantha, Emma, Abigail, Grace, Lauren,
        Alexis, Brianna, Chloe, Taylor, Kayla, Megan, Sydney, Paige, Zoe, Haley, Autumn, Skylar, Naomi, Ivy,
        Mackenzie"""),
)
_MEN = (
    _list("""James, Robert, John, William, Richard, Thomas, Charles, David, Ronald, Donald, Gary, Larry,
        Kenneth, George, Edward, Gerald, Walter, Raymond, Harold, Dennis, Frank, Roger, Ralph, Eugene,
        Stanley, Vernon, Clyde"""),
    _list("""Michael, Christopher, David, Jason, Brian, Daniel, Mark, Kevin, Steven, Jeffrey, Scott, Eric,
        Timothy, Paul, Gregory, Todd, Chad, Keith, Craig, Derek, Shawn, Travis, Brent, Darren, Marcus, Neil,
        Stuart, Russell"""),
    _list("""Jacob, Matthew, Joshua, Tyler, Andrew, Ethan, Nicholas, Austin, Zachary, Logan, Dylan, Caleb,
        Noah, Connor, Hunter, Cameron, Evan, Mason, Jordan, Trevor, Cole, Gavin, Wyatt, Owen, Bryce, Devin,
        Spencer, Miles"""),
)
_COMMON = _list("""Smith, Johnson, Williams, Brown, Jones, Miller, Davis, Wilson, Anderson, Taylor, Thomas,
    Moore, Jackson, Martin, Lee, Thompson, White, Harris, Clark, Lewis, Robinson, Walker, Young, Allen, King,
    Wright, Scott, Hill, Green, Adams, Nelson, Baker, Hall, Campbell, Mitchell, Carter, Roberts, Phillips,
    Evans, Turner, Parker, Collins, Edwards, Stewart, Morris, Murphy, Cook, Rogers, Morgan, Cooper, Peterson,
    Reed, Bailey, Bell, Kelly, Howard, Ward, Cox, Richardson, Wood, Watson, Brooks, Bennett, Gray, James,
    Hughes, Price, Myers, Long, Foster, Sanders, Ross, Powell, Sullivan, Russell, Jenkins, Perry, Butler,
    Barnes, Fisher, Henderson, Coleman, Simmons, Patterson, Jordan, Reynolds, Hamilton, Graham, Kim, Wallace,
    Cole, West, Bryant, Gibson, Ellis, Stevens, Murray, Ford, Marshall, Owens, McDonald, Harrison, Ruiz,
    Kennedy, Wells, Woods, Cole, Crawford, Olson, Hunter, Warren, Dixon, Ramsey, Burns, Gordon, Shaw, Holmes,
    Rice, Black, Daniels, Palmer, Mills, Nichols, Grant, Knight, Ferguson""")
_RARE = tuple(
    start + end
    for end in ("ford", "well", "wood", "field", "ley", "worth", "combe", "more", "stead", "by", "gate")
    for start in (
        "Ash", "Hart", "Brad", "Win", "Stan", "Whit", "Hol", "Lang", "Thorn", "Mar", "Els", "Cald", "Pem",
        "Rad", "Wether", "Had", "Crow", "Bram", "Dun", "Sher", "Kings", "Alder", "Rams", "Wool", "Hather",
    )
)  # fmt: skip

TRADITIONS: dict[str, Tradition] = {
    "english": Tradition(46, _WOMEN, _MEN, _COMMON),
    "rare english": Tradition(17, _WOMEN, _MEN, _RARE),
    "spanish": Tradition(
        14,
        (_list("""María, Guadalupe, Ana, Sofía, Carmen, Rosa, Lucía, Isabel, Elena, Marisol, Ximena, Inés,
            Maria, Belén"""),),
        (_list("""José, Juan, Luis, Carlos, Jesús, Miguel, Jorge, Ángel, Raúl, Andrés, Héctor, Iñaki, Jose,
            Óscar"""),),
        _list("""García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, Torres,
            Flores, Rivera, Gomez, Díaz, Reyes, Cruz, Morales, Ortiz, Gutiérrez, Chávez, Ramos, Núñez, Ibáñez,
            Peña, de la Cruz, Delgado, García Márquez, Muñoz-Ríos, Del Toro, Zúñiga, Vega, Montoya, Lucero,
            Fuentes"""),
    ),
    "irish": Tradition(
        3,
        (_list("Siobhán, Aoife, Niamh, Maeve, Bridget, Ciara, Róisín, Kathleen, Deirdre"),),
        (_list("Seán, Patrick, Liam, Declan, Brendan, Cormac, Eoin, Pádraig, Finbar"),),
        _list("""O'Brien, O'Connor, O'Neill, O’Sullivan, O'Reilly, McCarthy, D'Arcy, Ó Súilleabháin,
            MacGillivray, FitzGerald"""),
    ),
    "double-barrelled": Tradition(
        2, _WOMEN, _MEN,
        _list("""Smith-Jones, Parker-Bowes, Anders-Holm, Lloyd-Hughes, Taylor-Reyes, Bonham-Scott,
            Carter-Nguyen, St. John-Mills, Day-Lewes, Owens-Okafor"""),
    ),
    "french": Tradition(
        2,
        (_list("Françoise, Hélène, Zoé, Noémie, Anaïs, Geneviève, Océane, Élodie"),),
        (_list("François, Rémi, Jérôme, Benoît, Loïc, Jean-Luc, Étienne, Gaël"),),
        _list("Lefèvre, Béranger, D’Aubigné, Gagné, Côté, Bélanger, L'Écuyer, Hébert, Tremblay, Desœuvre"),
    ),
    "nordic": Tradition(
        2,
        (_list("Åsa, Ingrid, Sigrún, Linnéa, Bodil, Märta, Solveig, Ragnhild"),),
        (_list("Bjørn, Søren, Lars, Jörgen, Þór, Håkon, Øystein, Väinö"),),
        _list("""Andersen, Sørensen, Åkesson, Lindström, Jørgensen, Bjørnson, Hämäläinen, Guðmundsson,
            Ødegård, Ek"""),
    ),
    "german": Tradition(
        2,
        (_list("Jürgina, Käthe, Greta, Annelie, Heike, Ulrike, Sabine"),),
        (_list("Jürgen, Günther, Klaus, Björn, Matthias, Uwe, Götz"),),
        _list("Müller, Schröder, Weiß, Groß, Jäger, von der Heide, Köhler, Strauß, Böhm, Schmidt"),
    ),
    "slavic latin": Tradition(
        2,
        (_list("Agnieszka, Zofia, Małgorzata, Jiřina, Željka, Łucja, Božena"),),
        (_list("Paweł, Łukasz, Jiří, Tomasz, Željko, Wojciech, Ondřej"),),
        _list("""Nowak, Wójcik, Dvořák, Kowalczyk, Žižek, Šimić, Brzęczyszczykiewicz, Łęcki, Đorđević,
            Čapek"""),
    ),
    "cyrillic": Tradition(
        2,
        (_list("Анна, Наталья, Ольга, Ирина, Светлана, Екатерина, Юлия"),),
        (_list("Иван, Сергей, Дмитрий, Алексей, Михаил, Фёдор, Юрий"),),
        _list("Иванов, Смирнов, Кузнецов, Соловьёв, Морозов, Щербаков, Никитин, Жуков"),
        feminine="а",
    ),
    "greek": Tradition(
        1, (_list("Ελένη, Σοφία, Δέσποινα"),), (_list("Γιώργος, Νίκος, Θανάσης"),),
        _list("Νικολάου, Γεωργίου, Οικονόμου, Αντωνίου"),
    ),
    "turkish": Tradition(
        1, (_list("Ayşe, Gülşen, Işıl, İpek"),), (_list("Oğuz, İsmail, Çağrı, Işık"),),
        _list("Yılmaz, Şahin, Öztürk, Çelik, İnönü, Kılıç"),
    ),
    "arabic": Tradition(
        1, (_list("فاطمة, مريم, ليلى, نور"),), (_list("محمد, أحمد, يوسف, خالد"),),
        _list("الحسن, حداد, المصري, منصور, الخطيب"),
    ),
    "chinese": Tradition(
        2, (_list("丽, 秀英, 静怡, 雨桐, 小红"),), (_list("伟, 建国, 俊杰, 浩然, 志强"),),
        _list("王, 李, 张, 刘, 陈, 杨, 欧阳, 林"),
    ),
    "japanese": Tradition(
        1, (_list("花子, さくら, 美咲, 恵子"),), (_list("太郎, 健一, 翔太, 大輔"),),
        _list("佐藤, 鈴木, 髙橋, 渡邊, 小林"),
    ),
    "korean": Tradition(
        1, (_list("서연, 지우, 은주, 하은"),), (_list("민준, 지훈, 성호, 도윤"),),
        _list("김, 이, 박, 최, 남궁"),
    ),
    "vietnamese": Tradition(
        2, (_list("Thị Hương, Lan, Ngọc, Phương Thảo, Mỹ"),), (_list("Văn Hùng, Minh, Đức, Tuấn, Quốc Bảo"),),
        _list("Nguyễn, Trần, Lê, Phạm, Huỳnh, Đặng, Nguyen, Tran"),
    ),
    "romanised asian": Tradition(
        4, (_list("Mei, Yuki, Priya, Anjali, Min-ji, Li Na, Lakshmi, Deepika, Tala"),),
        (_list("Wei, Kenji, Raj, Arjun, Hiro, Jin-woo, Sanjay, Vikram, Jun"),),
        _list("""Patel, Chen, Wang, Singh, Tanaka, Park, Wong, Shah, Lim, Kumar, Li, Choi, Santos, Ng,
            Venkataraman, O"""),
    ),
    "west african": Tradition(
        1, (_list("Ngozi, Adaeze, Folasade, Ama"),), (_list("Chukwuemeka, Babatunde, Kofi, Emeka"),),
        _list("Okafor, Adébáyò, Okonkwo, Mensah, Nwosu, Ọlátúnjí"),
    )
}  # fmt: skip

RELATIONS = (
    "spouse", "partner", "daughter", "son", "parent", "sibling", "carer", "property manager", "solicitor",
)  # fmt: skip

NICKNAMES: dict[str, str] = {
    "Robert": "Bob", "William": "Bill", "Richard": "Dick", "James": "Jim", "Margaret": "Peggy",
    "Patricia": "Pat", "Jennifer": "Jen", "Michael": "Mike", "Christopher": "Chris", "Daniel": "Dan",
    "Matthew": "Matt", "Thomas": "Tom", "Joshua": "Josh", "Nicholas": "Nick", "Samantha": "Sam",
    "Abigail": "Abby", "Kimberly": "Kim", "Susan": "Sue", "José": "Pepe", "Rebecca": "Becky",
    "Steven": "Steve", "Andrew": "Andy", "Jessica": "Jess", "Edward": "Ted",
}  # fmt: skip

DOMAINS = (
    "example.com", "example.org", "example.net", "mail.example.com", "post.example.org", "home.example.net",
)  # fmt: skip
HANDLES = (
    "river", "fox", "lucky", "sierra", "blue", "desert", "moon", "maple", "tiger", "silver", "ski", "star",
)  # fmt: skip
LOCAL_PARTS = (
    "{one}.{two}", "{one}.{two}", "{one}{two}", "{i}{two}", "{one}_{two}", "{one}{yy}", "{two}.{one}",
    "{i}.{two}{yy}", "{one}{two}{n}", "{one}.{two}{n}", "{i}{two}{n}", "{one}-{two}", "{one}.{two}+cards",
)  # fmt: skip
"""Patterns of user names: given and family name, initial, year of birth, a number."""

NOTES = (
    "Prefers to be called back after 17:00.",
    "Hard of hearing; please write rather than call.",
    "Moved in spring; old address may still be on the paper contract.",
    "Asked twice about a reset mail; it was in the spam folder.",
    "Says the app shows the wrong card; sent a picture.",
    "Caller was upset about waiting. Was promised a call back.",
    "Spouse often calls on their behalf; not authorised.",
    "Uses a screen reader.",
    "Habla español.",
)


def draw_skewed(rng: Random, stock: Sequence[str]) -> str:
    """Draw one; the earlier in the stock, the likelier."""
    return stock[int(len(stock) * rng.random() ** SKEW)]


def draw_tradition(rng: Random) -> Tradition:
    """Draw a tradition by weight."""
    traditions = list(TRADITIONS.values())
    return rng.choices(traditions, weights=[tradition.weight for tradition in traditions])[0]


def draw_given_name(rng: Random, tradition: Tradition, *, is_woman: bool, birth_year: int) -> str:
    """Draw a given name of the tradition that suits the year of birth."""
    lists = tradition.women if is_woman else tradition.men
    cohort = sum(birth_year >= year for year in COHORTS)
    return draw_skewed(rng, lists[min(cohort, len(lists) - 1)])


def draw_local_part(rng: Random, given: str, family: str, *, birth_year: int) -> str:
    """Draw what such a person would have before the @, or as a user name: ASCII, lower case."""
    one, two = _ascii(given), _ascii(family)
    if not one or not two or rng.random() < 0.08:
        return f"{rng.choice(HANDLES)}{rng.choice('._-')}{rng.choice(HANDLES)}{rng.randrange(1, 1000)}"
    pattern = rng.choice(LOCAL_PARTS)
    return pattern.format(one=one, two=two, i=one[0], yy=f"{birth_year % 100:02}", n=rng.randrange(1, 100))


def _ascii(name: str) -> str:
    """The name as it goes into an address: ASCII letters only; empty for other scripts."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if "a" <= c <= "z")


def mistype(rng: Random, word: str) -> str:
    """Make one slip of the keyboard: a letter left out, doubled, or swapped; short words stay."""
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def retype(rng: Random, given: str, family: str) -> tuple[str, str]:
    """Enter a name once more: four times in five with a slip, a nickname, the two swapped, or in capitals."""
    slip = rng.random()
    if slip < 0.3:
        return given, mistype(rng, family)
    if slip < 0.5:
        return mistype(rng, given), family
    if slip < 0.65:
        return NICKNAMES.get(given, given), family
    if slip < 0.7:
        return family, given
    return (given.upper(), family.upper()) if slip < 0.8 else (given, family)
