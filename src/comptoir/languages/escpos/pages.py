"""Data: code pages of ESC/POS printers that Python has no codec for. No code is here.

Each is the 128 characters from 80h. Sources: IBM code pages 851, 853, 772 and 774 (the last two as in the GNU C
Library); page 1 is JIS X 0201 with the marks of the NEC PC-8801, as in Epson's list of character code tables.
"""

from __future__ import annotations

from typing import Final

#: name -> characters of 80h to FFh; U+FFFD where there is none
PAGES: Final[dict[str, str]] = {
    "katakana": (
        "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
        " ｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿ"
        "ﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
        "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒\xa0"
    ),
    "cp851": (
        "ÇüéâäàΆçêëèïîΈÄΉΊæΌôöΎûùΏÖÜά£έήί"
        "ϊΐόύΑΒΓΔΕΖΗ½ΘΙ«»░▒▓│┤ΚΛΜΝ╣║╗╝ΞΟ┐"
        "└┴┬├─┼ΠΡ╚╔╩╦╠═╬ΣΤΥΦΧΨΩαβγ┘┌█▄δε▀"
        "ζηθικλμνξοπρσςτ´\xad±υφχ§ψ¸°¨ωϋΰώ■\xa0"
    ),
    "cp853": (
        "ÇüéâäàĉçêëèïîìÄĈÉċĊôöòûùİÖÜĝ£Ĝ×ĵ"
        "áíóúñÑĞğĤĥ¬½Ĵş«»░▒▓│┤ÁÂÀŞ╣║╗╝Żż┐"
        "└┴┬├─┼Ŝŝ╚╔╩╦╠═╬¤╨╤ÊËÈıÍÎÏ┘┌█▄▌Ì▀"
        "ÓßÔÒĠġµĦħÚÛÙŬŭε´\xad±ℓŉ˘§÷¸°¨˙√³²■\xa0"
    ),
    "cp772": (
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
        "абвгдежзийклмноп░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐"
        "└┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀"
        "рстуфхцчшщъыьэюяЁё≥≤„“÷≈°∙·√ⁿ²■\xa0"
    ),
    "cp774": (
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
        "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐"
        "└┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀"
        "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤„“÷≈°∙·√ⁿ²■\xa0"
    ),
}

#: slot of ESC t on TM printers -> a page above or a codec of Python, beside those of `codepages.CODECS`
MORE_SLOTS: Final[dict[int, str]] = {
    1: "katakana",
    11: "cp851",
    12: "cp853",
    20: "cp874",
    21: "tis_620",
    26: "tis_620",
    42: "cp774",
    43: "cp772",
}

#: what printers have where Python's codec has nothing: page -> code -> character
ADDED: Final[dict[str, dict[int, str]]] = {"cp857": {0xD5: "€"}}
