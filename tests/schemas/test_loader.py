"""The built-in model is sound, own files extend it, and a wrong file is refused with its place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ModelError
from schemas.header import squash
from schemas.loader import builtin_model, load_model
from schemas.types import EntityKind, MatchRole, Privacy, SemanticType, Survivorship

NEW_FIELD = "entity: person\nfields:\n  shoe_size:\n    label: {zh: 鞋码, en: Shoe size}\n    type: number\n"


def own(directory: Path, text: str, name: str = "own.yaml") -> Path:
    (directory / name).write_text(text, encoding="utf-8")
    return directory


def test_the_four_kinds_of_customer_data_and_relationships_are_there() -> None:
    model = builtin_model()
    assert [e.name for e in model.of_kind(EntityKind.PARTY)] == ["person", "organization"]
    assert {e.name for e in model.of_kind(EntityKind.ACTIVITY)} == {"transaction", "interaction", "behaviour"}
    assert [e.name for e in model.of_kind(EntityKind.RELATIONSHIP)] == ["relationship"]
    for activity in model.of_kind(EntityKind.ACTIVITY):
        assert activity["party_key"].required
        assert activity["occurred_at"].type is SemanticType.DATETIME


def test_every_field_has_both_languages_and_identity_fields_have_their_roles() -> None:
    model = builtin_model()
    for entity in model.entities.values():
        for field in entity.fields.values():
            assert any("\u4e00" <= c <= "\u9fff" for c in field.label.zh), field.name
            assert field.label.en.isascii(), field.name
    assert model["person"]["national_id"].match is MatchRole.IDENTIFIER
    assert model["person"]["national_id"].privacy is Privacy.SENSITIVE
    assert model["organization"]["tax_id"].match is MatchRole.IDENTIFIER
    for entity, names in (("person", ("customer_no", "marital_status", "customer_level", "registered_on", "remark")),):
        assert {model[entity][name].match for name in names} == {MatchRole.NONE}


def test_a_file_for_a_known_entity_adds_fields_and_overrides_attribute_by_attribute(tmp_path: Path) -> None:
    before = builtin_model()["person"]
    text = NEW_FIELD + "  phone:\n    weight: 9\n    more_synonyms: [Rufnummer]\n  email:\n    synonyms: [only this]\n"
    person = load_model(own(tmp_path, text))["person"]
    assert person["shoe_size"].label.zh == "鞋码"
    assert person["shoe_size"].survivorship is Survivorship.MOST_TRUSTED
    assert person["phone"].weight == 9
    assert person["phone"].multi
    assert person["phone"].synonyms == (*before["phone"].synonyms, "Rufnummer")
    assert person["email"].synonyms == ("only this",)
    assert person["full_name"] == before["full_name"]


def test_later_directories_win_and_new_entities_come_last(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    name = "name: {label: {zh: 名字, en: Name}, type: text}"
    own(first, f"entity: pet\nlabel: {{zh: 宠物, en: Pet}}\nkind: party\nfields:\n  {name}\n")
    own(second, "entity: pet\nfields: {name: {weight: 3}}")
    model = load_model(first, second)
    assert list(model.entities)[-1] == "pet"
    assert model["pet"]["name"].weight == 3
    assert model["pet"].label.zh == "宠物"


def test_a_header_goes_to_the_field_of_the_later_file(tmp_path: Path) -> None:
    text = "entity: person\nfields:\n  phone: {more_synonyms: [Mail]}"
    (tmp_path / "person.yaml").write_text(text, encoding="utf-8")
    person = load_model(tmp_path)["person"]
    assert person.by_header["mail"] == "phone"
    assert all(synonym.lower() != "mail" for synonym in person["email"].synonyms)
    assert person.by_header["email"] == "email"


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        (
            "entity: person\nfields:\n  phone:\n    weigth: 2",
            "line 4: field 'phone': there is no key 'weigth'",
            "'weight'",
        ),
        ("entity: person\nfields:\n  phone: {type: phon}", "field 'phone': 'phon' is not a known type", "'phone'"),
        ("entity: person\nfields:\n  phone: {multi: 1}", "expected true or false, found 1", "true or false"),
        ("entity: person\nfields:\n  phone: {weight: heavy}", "expected a weight", "number"),
        ("entity: person\nfields:\n  phone: {weight: -1}", "expected a weight", "number"),
        ("entity: person\nfields:\n  phone: {pattern: '['}", "'[' is not a regular expression", "Mend"),
        ("entity: person\nfields:\n  phone: {allowed: x}", "expected a list of texts", "[one, two]"),
        ("entity: person\nfields:\n  phone: {allowed: [1]}", "expected a text, found 1", "quotes"),
        ("entity: person\nfields:\n  phone: {label: {zh: 电话}}", "the label lacks 'en'", "label:"),
        ("entity: person\nfields:\n  phone: {synonyms: {fr: [x]}}", "there is no key 'fr'", "zh, en, other"),
        (
            "entity: person\nfields:\n  phone: {more_synonyms: [Fon]}\n  email: {more_synonyms: [fon]}",
            "already names the field",
            "once",
        ),
        (
            "entity: person\nfields:\n  phone: {survivorship: newest}",
            "'newest' is not a known survivorship",
            "Did you mean",
        ),
        ("entity: person\nfields:\n  city: {derived: adress.city}", "derived from 'adress'", "Did you mean 'address'"),
        ("entity: person\nfields:\n  city: {derived: address.town}", "has no part 'town'", "Use one of: city"),
        ("entity: person\nfields:\n  city: {derived: address}", "not of the form field.part", "full_name.family"),
        ("entity: person\nfields:\n  city: {survivorship: union}", "needs a multi-valued field", "multi: true"),
        ("entity: person\nfields:\n  phnoe: {weight: 2}", "the new field lacks 'label'", "Did you mean 'phone'"),
        ("entity: person\nfields:\n  Phone: {weight: 2}", "'Phone' is not a name", "lower-case"),
        ("entity: transaction\nfields:\n  amount: {match: attribute}", "only parties are matched", "Leave 'match' out"),
        ("entity: mixed\nfields: {}", "'mixed' is a reserved word", "another name"),
        ("entity: pet\nfields: {}", "lacks 'label'", "Add 'label'"),
        ("entity: pet\nlabel: {zh: 宠, en: Pet}\nkind: party", "has no fields", "Add 'fields'"),
        ("entity: pet\nlabel: {zh: 宠, en: Pet}\nkind: animal", "'animal' is not a known kind", "party, activity"),
        ("label: {zh: 宠, en: Pet}", "does not say which entity type", "entity: <name>"),
        (
            "entity: person\nfields:\n  phone: {weight: 2}\n  phone: {weight: 3}",
            "line 4: 'phone' is written twice",
            "one",
        ),
        ("entity: person\nfields: [phone]", "expected 'key: value' lines", "docs/reference/model.md"),
        ("entity: [", "not well-formed YAML", "indentation"),
        ("", "expected 'key: value' lines, found None", "docs/reference/model.md"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, says: str, remedy: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(own(tmp_path, text))
    assert says in caught.value.message
    assert remedy in caught.value.remedy
    assert str(tmp_path / "own.yaml") in caught.value.message


def test_a_missing_an_empty_and_a_binary_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        load_model(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"holds no \.yaml file"):
        load_model(tmp_path)
    (tmp_path / "own.yaml").write_bytes(b"entity: \xff\xfe")
    with pytest.raises(ModelError, match="is not UTF-8"):
        load_model(tmp_path)


def test_an_unknown_entity_or_field_names_what_there_is() -> None:
    with pytest.raises(ModelError, match="no entity type 'pet'"):
        builtin_model()["pet"]
    with pytest.raises(ModelError, match="no field 'tail' in 'person'"):
        builtin_model()["person"]["tail"]


@pytest.mark.parametrize("text", ["First_Name", "firstName", "ＦＩＲＳＴ ＮＡＭＥ", "first-name:", " first name "])
def test_headers_that_differ_in_writing_only_are_the_same(text: str) -> None:
    assert squash(text) == "firstname"
