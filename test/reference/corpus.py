"""Texts that tell tokenizers apart: many scripts, emoji, combining marks, long runs, white space, invalid UTF-8."""

SCRIPTS = {
    "Latin": "The quick brown fox can't jump; she'll say it's 42,000.5 times — “naïve” façade, Übergröße, İstanbul.",
    "Vietnamese": "Tiếng Việt có nhiều dấu: ắ ằ ẳ ẵ ặ, người, đường, nghiêng.",
    "Cyrillic": "Съешь ещё этих мягких французских булок, да выпей чаю. Їжак, ћирилица.",
    "Greek": "Ὦ ξεῖν’, ἀγγέλλειν Λακεδαιμονίοις· ο γρήγορος αλεπού.",
    "Armenian": "Բոլոր մարդիկ ծնվում են ազատ։",
    "Georgian": "ყველა ადამიანი იბადება თავისუფალი, ᲗᲑᲘᲚᲘᲡᲘ.",
    "Hebrew": "שָׁלוֹם עֲלֵיכֶם, מה שלומך?",
    "Arabic": "السَّلَامُ عَلَيْكُم ١٢٣ كتاب، فارسی: می‌روم ۴۵۶.",
    "Syriac": "ܫܠܡܐ ܥܠܡܐ",
    "Devanagari": "नमस्ते दुनिया, क्षत्रिय ज़िंदगी १२३।",
    "Bengali": "আমি বাংলায় কথা বলি, ৪৫ কোটি।",
    "Gurmukhi": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ",
    "Gujarati": "નમસ્તે વિશ્વ",
    "Oriya": "ନମସ୍କାର ଜୋଡ଼ୋ",
    "Tamil": "வணக்கம் உலகம், கொடு",
    "Telugu": "నమస్కారం ప్రపంచం",
    "Kannada": "ನಮಸ್ಕಾರ ಕೊಡು",
    "Malayalam": "നമസ്കാരം ലോകമേ",
    "Sinhala": "ආයුබෝවන් ලෝකය",
    "Thai": "สวัสดีชาวโลก น้ำ ๑๒๓",
    "Lao": "ສະບາຍດີ",
    "Tibetan": "བཀྲ་ཤིས་བདེ་ལེགས།",
    "Burmese": "မင်္ဂလာပါ ကမ္ဘာ",
    "Khmer": "សួស្តី​ពិភពលោក",
    "Ethiopic": "ሰላም ለዓለም፣ ፲፪",
    "Cherokee": "ᎣᏏᏲ ᎡᎶᎯ ꭰꭱ",
    "Canadian": "ᐃᓄᒃᑎᑐᑦ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Han": "天地玄黃,宇宙洪荒。日月盈昃,辰宿列張。𠀀𠮷 〇 十二",
    "Japanese": "いろはにほへと ちりぬるを。カタカナ、ガギグ、ｶﾞ、々。",
    "Korean": "모든 인간은 자유롭다. 각 \u1112\u1161\u11ab\u1100\u1173\u11af \uac00\u11a8",
    "Bopomofo": "ㄅㄆㄇㄈ",
    "Yi": "ꆈꌠ",
    "Gothic": "𐌲𐌿𐍄𐌹𐍃𐌺",
    "Cuneiform": "𒀀𒁁𒂂 𒐕",
    "Hieroglyphs": "𓀀𓂀𓃒",
    "Music": "𝄞 𝅗𝅥 \U0001d15e 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙𝟚",
}

OTHERS = {
    "emoji": "😀😃 👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷🇯🇵 ❤️ #️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ☃\ufe0e",
    "combining": "e\u0301 a\u0308\u0323 A\u030a q\u0307\u0323 q\u0323\u0307 \u0958 \u2126 \u212b \ufb1d \u0344 " + "o" + "\u0300" * 40,
    "marks first": "\u0301\u0302abc \u0301 \u200d\u0301",
    "numbers": "1234567890 ½ ² ٣ Ⅷ ㊷ 1,000.00 0x1F 3rd 10’s",
    "contractions": "I'm you're he's they'll we'd don't I've 'S 'LL 's's 'tis '' ' d 'd'dd can''t it\u2019s",
    "spaces": " a  b   c    d\t\te\n\n\nf \n g\r\nh\u00a0i \u00a0 j\u2003k\u3000l\u2028m\u0085n\x1co \x0b\x0c p   ",
    "leading": "    indented\n        more\n\tend\n    ",
    "only spaces": " " * 3,
    "one": "x",
    "code": "for (int i = 0; i < n; ++i) {\n    a[i] += b[i] * 0x7f; // sum\n}\n\n\n#include <stdio.h>\n",
    "markup": "<p class=\"x\">&amp;</p><|endoftext|><|padding|> <|endoftext|", 
    "punctuation": "!!! ... ?!? -- --- ((([[[{{{ $$$ ~~~ ``` @#%^&* «»„“”‘’ …—– ‽",
    "controls": "\x01\x02\x1b[31m\x7f\u0080\u009f\u200b\ufeff\ufffd\uffff\U0010ffff",
    "unassigned": "\u0378\u0379 \U000e0fff \ue000\uf8ff",
}

RUNS = [b"a" * 5000, b" " * 1000, b" " * 1001 + b"x", b"\n" * 777, b"ab" * 3000, b"=" * 3000, b"0" * 2500, b"\xff" * 100,
        "é".encode() * 900, "e\u0301".encode() * 900, "中".encode() * 1500, "😀".encode() * 400, b"the " * 900,
        b"'s" * 500, b"\t" * 301, "\u0301".encode() * 300]

INVALID = [
    b"\x80", b"abc\xffdef", b"\xc3", b"caf\xc3", b"\xc3\x28", b"\xe2\x82", b"\xe2\x28\xa1", b"\xf0\x9f\x98", b"\xf0\x9f",
    b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
    b"e\xcc", b"e\xcc\x81\xcc", b"\xffe\xcc\x81", b" \xff \xfe  \xfd", b"1\x802", b"\x00", b"a\x00b", bytes(range(256)),
    bytes(reversed(range(256))), "é".encode()[::-1] * 20,
]


def texts():
    """All of it, in bytes. The invalid ones are last, and alone."""
    good = list(SCRIPTS.values()) + list(OTHERS.values())
    return [text.encode() for text in good] + [" ".join(good).encode()] + RUNS + INVALID
