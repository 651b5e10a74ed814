"""Invented Azerbaijani names, as many as wanted and none twice."""

from collections.abc import Iterator
from itertools import islice, product

GIVEN = (
    "Anar Elçin Rauf Kamran Vüqar Tural Orxan Nicat Ceyhun Rüfət Aynur Günel Nigar Sevda Lalə "
    "Könül Xəyal Şəhla Zaur Murad Fuad Ramin Samir Tahir Emin Rövşən İlqar Natiq Pərviz Əkrəm"
).split()
STEMS = (
    "Məmməd Həsən Əhməd Quliy Rəhim Cəfər Kərim Nəbiy Səfər Vəliy Abdul İsmayıl Mustafa Qasım "
    "Bayram Hüseyn İbrahim Nəcəf Sultan Zeynal Mirzə Rüstəm Şirin Tağıy Xəlil Yusif Babay Cəlil "
    "Dadaş Eyvaz Fərəc Hacıy Kazım Lətif Musa Nağıy Orucəli Paşay Rzay Salman"
).split()
ENDINGS = ("ov", "lı", "zadə", "oğlu", "bəyli")


def invented(count: int) -> Iterator[str]:
    """`Anar Məmmədov`, `Anar Məmmədlı`, … (given, family); at most 6,000."""
    names = (f"{given} {stem}{end}" for stem, end, given in product(STEMS, ENDINGS, GIVEN))
    return islice(names, count)
