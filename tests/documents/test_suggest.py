"""What an author most likely meant by a name that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.documents import unknown_names
from iepdocs.docx import Template

if TYPE_CHECKING:
    from iepdocs.pack import Pack
    from tests.support import MakeTemplate


@pytest.mark.parametrize(
    ("text", "name", "mend"),
    [
        ("{{ Student.First_Name }}", "Student", "Did you mean student.first_name?"),
        ("{{ studnet.frist_name }}", "studnet", "Did you mean student.first_name?"),
        ("{{ first_name }}", "first_name", "Did you mean student.first_name?"),
        ("{{ student_first_name }}", "student_first_name", "Did you mean student.first_name?"),
        ("{{ student.dob }}", "student.dob", "Did you mean student.date_of_birth?"),
        ("{{ plan.esy }}", "plan.esy", "Did you mean plan.extended_school_year?"),
        ("{{ district.name }}", "district.name", "Did you mean district.district_name?"),
        ("{{ student.id }}", "student.id", "There are: student.student_id, student.state_id."),
        ("{{ student.goals }}", "student.goals", "Did you mean goals?"),
        ("{% for o in objectives %}{% endfor %}", "objectives", "Did you mean goal.objectives?"),
        ("{{ goal.area }}", "goal", "'goal' is there only between {% for goal in goals %} and its {% endfor %}."),
        (
            "{% for g in goals %}{% for m in g.measurements %}{{ m.notes }}{% endfor %}{% endfor %}",
            "m.notes",
            "Did you mean m.note?",
        ),
        ("{% if student.grade == reading %}{% endif %}", "reading",
         "If it is a word to compare with, put it in quotes: 'reading'."),
        ("{{ student-first_name }}", "first_name",
         "A hyphen subtracts. If it belongs to the name, write _ in its place."),
        ("{{ student.shoe_size }}", "student.shoe_size", "'iepdocs fields progress_report' lists the names."),
    ],
)  # fmt: skip
def test_the_likeliest_name_is_suggested(
    make_template: MakeTemplate, pack: Pack, text: str, name: str, mend: str
) -> None:
    template = Template(make_template(text, name="progress_report.docx"))
    [finding] = unknown_names(pack.kind("progress_report"), template, pack, {})
    assert (finding.message, finding.mend) == (f"There is no name '{name}'.", mend)
