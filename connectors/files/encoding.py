"""In which encoding a text file is written.

Order: byte order mark; UTF-16 by its zero bytes; UTF-8 where (nearly) every line is valid; then the Chinese encodings,
told apart by whether the result contains common characters of names and addresses; at last charset-normalizer's guess.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import OptionsInvalid, WrongEncoding

SAMPLE_BYTES = 4 * 2**20
"""Bytes judged when the whole file is not valid UTF-8."""
_CHUNK = 2**20
_MOST = 0.9
"""Share of the lines with non-ASCII bytes that must be valid for an encoding to be taken."""
_COMMON_SHARE = 0.08

_COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "省市区县镇乡村街道路号楼室栋单元幢弄巷北京上海天津重庆广州深圳杭州南京武汉成都江苏浙江山东河南四川湖广福建安徽"
    "有限责任公司股份集团科技贸易实业中国人民大学医院银行电话手机姓名客户地址编号日期性别男女先生小姐女士经理联系公司名称备注邮箱一二三四五六七八九十年月日的是不在"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蔣葉蘇魏呂盧鐘譚陸汪範區縣鎮鄉道號樓東廣灣臺貿業團體電話機戶編號銀聯繫稱備註聞國學醫"
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """A codec name, the length of the byte order mark to skip, and what was decided."""

    name: str
    mark: int = 0
    notes: tuple[str, ...] = ()

    @property
    def bytewise_lines(self) -> bool:
        """True where the byte ``\\n`` can be nothing but a line end, so that bytes may be split into lines."""
        return not self.name.startswith("utf-16")


def detect_encoding(path: Path, wanted: str | None = None) -> TextEncoding:
    """Tell the encoding of ``path``; ``wanted`` is what the user says, which is checked on the beginning of the file.

    Raises:
        OptionsInvalid: ``wanted`` is no encoding known to Python.
        WrongEncoding: the beginning of the file is not in ``wanted``, or in no encoding at all.
    """
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    mark = next(((codec, len(bom)) for bom, codec in _MARKS if sample.startswith(bom)), None)
    if wanted is not None:
        return _as_wanted(path, sample, wanted, mark)
    if mark is not None:
        return TextEncoding(*mark)
    if (wide := _wide(sample)) is not None:
        return TextEncoding(wide, notes=(f"read as {wide.upper()}",))
    if _valid_utf8(path) or _valid_share(sample, "utf-8") >= _MOST:
        return TextEncoding("utf-8")
    return _legacy(path, sample)


def _as_wanted(path: Path, sample: bytes, wanted: str, mark: tuple[str, int] | None) -> TextEncoding:
    try:
        name = codecs.lookup(wanted).name
    except LookupError:
        raise OptionsInvalid(
            f"'{wanted}' is no known encoding.", remedy="Use utf-8, gb18030, utf-16, big5 …", encoding=wanted
        ) from None
    if name in ("gb2312", "gbk"):
        name = "gb18030"  # their superset
    if name in ("utf-8-sig", "utf-16") or (mark is not None and name == mark[0]):
        codec, length = mark or ("utf-8" if name == "utf-8-sig" else "utf-16-le", 0)
        return TextEncoding(codec, length)
    if TextEncoding(name).bytewise_lines and _valid_share(sample, name) < _MOST:
        raise WrongEncoding(
            f"The file '{path}' is not written in {wanted}: {_first_bad(sample, name)}.",
            remedy="Leave the option 'encoding' out to have it found, or name another (gb18030, utf-16, big5 …).",
            file=str(path),
            encoding=wanted,
        )
    return TextEncoding(name)


def _first_bad(sample: bytes, name: str) -> str:
    for number, line in enumerate(sample.splitlines(), start=1):
        try:
            line.decode(name)
        except UnicodeDecodeError as error:
            return f"line {number} has the byte 0x{line[error.start]:02X} at position {error.start + 1}"
    return "it cannot be decoded"


def _wide(sample: bytes) -> str | None:
    """Recognise UTF-16 without a mark: ASCII characters leave every other byte zero.

    Text that is valid UTF-8 must be ASCII through and through to be taken for UTF-16: it may just hold some NULs.
    """
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if max(even, odd) < 0.1:
        return None
    enough = 0.1 if _valid_share(sample, "utf-8") < 1 else 0.9
    if max(even, odd) < enough or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _valid_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                if decoder.getstate()[0] or not chunk.isascii():
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _valid_share(sample: bytes, name: str) -> float:
    """Return the share of lines with non-ASCII bytes that decode; 1.0 where there is none."""
    lines = [line for line in sample.splitlines()[:-1] or [sample] if not line.isascii()]
    return sum(_decodes(line, name) for line in lines) / len(lines) if lines else 1.0


def _decodes(line: bytes, name: str) -> bool:
    try:
        line.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _legacy(path: Path, sample: bytes) -> TextEncoding:
    lines = [line for line in sample.split(b"\n") if not line.isascii()][:5000]
    scores = {name: _common_share(lines, name) for name in ("gb18030", "big5")}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= _COMMON_SHARE:
        return TextEncoding(best, notes=(f"read as {best.upper()}",))
    if _standard_share(lines) >= _MOST:
        return TextEncoding("gb18030", notes=("read as GB18030",))
    name = "cp1252" if _western(lines) else _guess(lines)
    if name is None:
        raise WrongEncoding(
            f"The encoding of '{path}' cannot be told.",
            remedy="Name it with the option 'encoding' (gb18030, big5, cp1252, shift_jis …).",
            file=str(path),
        )
    note = f"encoding guessed as {name}: look at the names, or name it with the option 'encoding'"
    return TextEncoding(name, notes=(note,))


def _guess(lines: list[bytes]) -> str | None:
    from charset_normalizer import from_bytes

    wide = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
    best = from_bytes(b"\n".join(lines[:1000]), cp_exclusion=wide).best()
    return None if best is None else best.encoding


def _western(lines: Iterable[bytes]) -> bool:
    """Say whether every non-ASCII byte comes out as a Western letter or sign in Windows-1252."""
    try:
        text = "".join(c for c in b"".join(lines).decode("cp1252") if c > "\x7f")
    except UnicodeDecodeError:
        return False
    letters = sum("À" <= c <= "ÿ" or c in "ŠšŽžŒœŸ€’‘“”–—ºª°" for c in text)
    return letters >= _MOST * len(text)


def _standard_share(lines: Iterable[bytes]) -> float:
    """Return the share of GB 2312 characters: text of another encoding falls outside of them when read as GB18030."""
    text = b"\n".join(lines).decode("gb18030", "replace")
    characters = [c for c in text if c > "\x7f"]
    return sum(len(c.encode("gb2312", "ignore")) == 2 for c in characters) / max(1, len(characters))


def _common_share(lines: list[bytes], name: str) -> float:
    """Return how many of the non-ASCII characters are common ones when decoded as ``name``; 0 where it fails.

    A character right after a small Latin letter does not count: ``Martín`` read as GB18030 becomes ``Mart韓``.
    """
    text = b"\n".join(line for line in lines if _decodes(line, name)).decode(name, "ignore")
    valid = sum(_decodes(line, name) for line in lines) / max(1, len(lines))
    characters = [(before, c) for before, c in zip("\n" + text, text, strict=False) if c > "\x7f" and c.isalpha()]
    if valid < _MOST or not characters:
        return 0.0
    return sum(c in _COMMON and not "a" <= before <= "z" for before, c in characters) / len(characters)
