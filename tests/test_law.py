"""The rules of law, each at its edge: one workbook in which every case is a student of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import iepdocs
from iepdocs.batch import prepare
from iepdocs.findings import CellPlace, Severity
from tests.plan.test_rules import SHEETS as OF_A_ROW
from tests.support import TODAY, progress_sheets, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iepdocs.findings import Finding
    from iepdocs.pack import Pack
    from tests.support import MakeWorkbook

Row = dict[str, Any]
Change = dict[str, Row | list[Row]]

MEMBER = {"attendance": "attended"}
LAWFUL: dict[str, list[Row]] = {
    "Students": [
        {
            "last_name": "Reyes", "first_name": "Ana", "date_of_birth": "2012-05-14", "grade": "9",
            "school": "Alder Creek", "primary_disability": "autism", "eligibility_date": "2025-01-10",
            "last_evaluation_date": "2025-01-10",
        }
    ],
    "Contacts": [{"contact_name": "Mara Reyes", "relationship": "mother", "holds_educational_rights": "yes"}],
    "Plans": [
        {
            "meeting_date": "2026-08-20", "meeting_type": "annual review", "start_date": "2026-09-01",
            "end_date": "2027-08-20", "next_annual_review": "2027-08-20", "general_education_percent": 85,
            "educational_environment": "RC80", "progress_report_schedule": "quarter",
            "placement_decision": "regular class all day",
            **dict.fromkeys(("factor_behavior", "factor_english_learner", "factor_blind", "factor_communication",
                             "factor_deaf_hard_of_hearing", "factor_assistive_technology"), "no"),
        }
    ],
    "Goals": [{"goal_number": "1", "goal": "Ana will read 90 words a minute."}],
    "Objectives": [],
    "Services": [{"service_type": "special education", "service": "reading instruction"}],
    "Accommodations": [{"accommodation": "a quiet room", "where": "classroom"}],
    "Transition": [],
    "Team": [
        {**MEMBER, "member_name": "Mara Reyes", "role": "parent"},
        {**MEMBER, "member_name": "Ruth Adeyemi", "role": "general education teacher"},
        {**MEMBER, "member_name": "Dana Whitfield", "role": "special education teacher; case manager"},
        {**MEMBER, "member_name": "Lars Holm", "role": "district representative; interprets evaluation results"},
    ],
    "Meetings": [{"meeting_date": "2026-12-15", "notice_date": "2026-12-01", "purpose": "mid-year review"}],
    "Contact Log": [{"meeting_date": "2026-08-20", "date": "2026-08-01", "method": "call", "result": "will come"}],
    "Notices": [{"notice_date": "2026-08-21", "effective_date": "2026-09-01", "action": "propose"}],
    "Consents": [{"kind": "release of records"}],
    "Progress": [{"goal_number": "1", "date": "2026-10-05", "value": 52}],
    "Progress Comments": [],
}  # fmt: skip
"""The rows of a student with whom all is well, by the columns' keys."""

ALIKE: dict[str, list[list[str]]] = {
    "Reporting Periods": [
        ["period", "start_date", "end_date", "report_date", "schedule"],
        ["Q1", "2026-08-31", "2026-11-06", "2026-11-13", "quarter"],
        ["Q2", "2026-11-09", "2027-01-22", "2027-01-29", "quarter"],
        ["First", "2026-08-31", "2026-11-24", "2026-11-24", "trimester"],
        ["Early", "2026-08-31", "2026-11-24", "2026-11-23", "never"],
    ],
    "District": [["setting", "value"], ["terms.iep_team", "ARD committee"]],
}
"""The sheets that are the same for all."""

INITIAL: Row = {"meeting_type": "initial"}
FROM_PART_C: Row = {"date_of_birth": "2023-12-01", "part_c": "yes"}
SERVICES_CONSENT: Row = {"kind": "initial services", "response": "given"}
PRESCHOOL: Row = {"date_of_birth": "2022-03-01", "grade": "PK"}
REGULAR_PROGRAM: Row = {
    "educational_environment": "REC10YSVCS", "early_childhood_hours_per_week": 10,
    "services_mostly_in": "regular program", "general_education_percent": None,
}  # fmt: skip
SIXTEEN_AT_THE_END: Row = {"date_of_birth": "2011-08-20"}
SIXTEEN_LATER: Row = {"date_of_birth": "2011-08-21"}
EDUCATION: Row = {"area": "education or training", "course_of_study": "Culinary arts"}
WORK: Row = {"area": "employment", "course_of_study": "Culinary arts"}
AMENDMENT: list[Row] = [
    {},
    {"start_date": "2026-10-01", "meeting_date": "2026-09-20", "meeting_type": "amendment", "amends": "2026-09-01"},
]


def amended(**changed: Any) -> list[Row]:
    """Return a plan and its amendment, with something changed in the amendment."""
    return [AMENDMENT[0], {**AMENDMENT[1], **changed}]


def teamed(member: int, **changed: Any) -> list[Row]:
    """Return the team with something changed of one member."""
    return [{**row, **changed} if number == member else row for number, row in enumerate(LAWFUL["Team"])]


def without(member: int) -> list[Row]:
    return [row for number, row in enumerate(LAWFUL["Team"]) if number != member]


Case = tuple[Change, Change]
"""What is changed of the lawful student: so that the rule is just broken, and so that it is just kept."""

CASES: dict[str, Case] = {
    # plan
    "plan-without-goals": ({"Goals": [], "Progress": []}, {}),
    "plan-without-services": ({"Services": {"service_type": "supplementary aid"}},
                              {"Services": {"service_type": "related service"}}),
    "plan-without-special-education": (
        {"Services": [{"service_type": "related service"}]},
        {"Services": [{"service_type": "related service"}, {"service_type": "special education"}]},
    ),
    "plan-504-without-help": ({"Plans": {"plan_type": "504"}, "Services": [], "Accommodations": []},
                              {"Plans": {"plan_type": "504"}, "Services": []}),
    "plan-504-review": ({"Plans": {"plan_type": "504", "review_date": "2026-09-01"}},
                        {"Plans": {"plan_type": "504", "review_date": "2026-09-02"}}),
    "annual-review-end": ({"Plans": {"end_date": "2027-08-21"}}, {"Plans": {"end_date": "2027-08-20"}}),
    "annual-review-due": ({"Plans": {"next_annual_review": "2027-08-21"}}, {}),
    "plan-before-meeting": ({"Plans": {"start_date": "2026-08-19"}}, {"Plans": {"start_date": "2026-08-20"}}),
    "amendment-end": ({"Plans": amended(end_date="2027-08-21")}, {"Plans": amended()}),
    "amendment-ends-early": ({"Plans": amended(end_date="2027-08-19")}, {"Plans": amended()}),
    "amendment-outside-plan": ({"Plans": amended(start_date="2027-08-21")},
                               {"Plans": amended(start_date="2027-08-20")}),
    "amendment-not-agreed": (
        {"Plans": amended(without_meeting="yes", amendment_agreed_date="2026-10-02")},
        {"Plans": amended(without_meeting="yes", amendment_agreed_date="2026-10-01")},
    ),
    "amends-but-no-amendment": ({"Plans": amended(meeting_type="interim")}, {"Plans": amended()}),
    "only-an-amendment-without-meeting": ({"Plans": {"without_meeting": "yes"}},
                                          {"Plans": amended(without_meeting="yes")}),
    "service-before-plan": ({"Services": {"start_date": "2026-08-31"}}, {"Services": {"start_date": "2026-09-01"}}),
    "service-after-plan": ({"Services": {"end_date": "2027-08-21"}}, {"Services": {"end_date": "2027-08-20"}}),
    "accommodation-before-plan": ({"Accommodations": {"start_date": "2026-08-31"}},
                                  {"Plans": amended(),
                                   "Accommodations": {"plan_start": "2026-10-01", "start_date": "2026-09-01"}}),
    "accommodation-after-plan": ({"Accommodations": {"end_date": "2027-08-21"}},
                                 {"Accommodations": {"end_date": "2027-08-20"}}),
    "goal-after-plan": ({"Goals": {"target_date": "2027-08-21"}}, {"Goals": {"target_date": "2027-08-20"}}),
    "objective-after-plan": ({"Objectives": [{"goal_number": "1", "objective_number": "1",
                                              "target_date": "2027-08-21"}]},
                             {"Objectives": [{"goal_number": "1", "objective_number": "1",
                                              "target_date": "2027-08-20"}]}),
    "extended-school-year-without-service": ({"Plans": {"extended_school_year": "yes"}},
                                             {"Plans": {"extended_school_year": "yes"}, "Services": {"esy": "yes"}}),
    "objectives-for-alternate-assessment": (
        {"Plans": {"state_assessment": "alternate"}},
        {"Plans": {"state_assessment": "alternate"}, "Objectives": [{"goal_number": "1", "objective_number": "1"}]},
    ),
    # eligibility
    "too-young": ({"Students": {"date_of_birth": "2023-09-02"}}, {"Students": {"date_of_birth": "2023-09-01"}}),
    "too-old": ({"Students": {"date_of_birth": "2004-09-01"}}, {"Students": {"date_of_birth": "2004-09-02"}}),
    "part-c-start": (
        {"Students": FROM_PART_C, "Plans": {**INITIAL, "start_date": "2026-12-02"}},
        {"Students": FROM_PART_C, "Plans": {**INITIAL, "start_date": "2026-12-01"}},
    ),
    "part-c-late": (
        {"Students": {"date_of_birth": "2023-08-31", "part_c": "yes"}, "Plans": INITIAL},
        {"Students": {"date_of_birth": "2023-09-01", "part_c": "yes"}, "Plans": INITIAL},
    ),
    "disability-missing": (
        {"Students": {"primary_disability": None}},
        {"Students": {"primary_disability": None}, "Plans": {"plan_type": "504"}},
    ),
    "developmental-delay-age": (
        {"Students": {"primary_disability": "developmental delay", "date_of_birth": "2016-09-01"}},
        {"Students": {"primary_disability": "developmental delay", "date_of_birth": "2016-09-02"}},
    ),
    "developmental-delay-ends": (
        {"Students": {"primary_disability": "developmental delay", "date_of_birth": "2016-11-25"}},
        {"Students": {"primary_disability": "developmental delay", "date_of_birth": "2016-11-26"}},
    ),
    "reevaluation-overdue": (
        {"Students": {"last_evaluation_date": "2023-08-31"}},
        {"Students": {"last_evaluation_date": "2023-08-31", "reevaluation_waived_date": "2026-08-20"}},
    ),
    "reevaluation-in-plan": ({"Students": {"last_evaluation_date": "2024-08-20"}},
                             {"Students": {"last_evaluation_date": "2024-08-21"}}),
    "initial-meeting-late": ({"Students": {"eligibility_date": "2026-07-20"}, "Plans": INITIAL},
                             {"Students": {"eligibility_date": "2026-07-21"}, "Plans": INITIAL}),
    "initial-meeting-planned-late": (
        {"Students": {"eligibility_date": "2026-11-14"}, "Meetings": {"purpose": "initial IEP"}},
        {"Students": {"eligibility_date": "2026-11-15"}, "Meetings": {"purpose": "initial IEP"}},
    ),
    "meeting-before-eligibility": ({"Students": {"eligibility_date": "2026-08-21"}, "Plans": INITIAL},
                                   {"Students": {"eligibility_date": "2026-08-20"}, "Plans": INITIAL}),
    "evaluated-in-the-future": ({"Students": {"last_evaluation_date": "2026-11-26"}},
                                {"Students": {"last_evaluation_date": "2026-11-25"}}),
    # rights
    "caseworker-holds-rights": ({"Contacts": {"relationship": "caseworker"}},
                                {"Contacts": {"relationship": "caseworker", "holds_educational_rights": "no"}}),
    "court-order-unclear": (
        {"Contacts": {"court_order": "yes", "holds_educational_rights": None}}, {"Contacts": {"court_order": "yes"}}
    ),
    "holder-without-order": ({"Contacts": {"relationship": "guardian ad litem"}},
                             {"Contacts": {"relationship": "guardian ad litem", "court_order": "yes"}}),
    "parent-presumed": (
        {"Contacts": {"holds_educational_rights": "no"}},
        {"Contacts": [{"holds_educational_rights": "no"},
                      {"contact_name": "Inge Dahl", "relationship": "foster parent", "court_order": "yes"}]},
    ),
    "rights-statement-missing": (
        {"Students": {"date_of_birth": "2010-08-20"}},
        {"Students": {"date_of_birth": "2010-08-21"}},
    ),
    "rights-passed-without-notice": (
        {"Students": {"date_of_birth": "2008-09-01", "adult_rights_transferred": "yes"}},
        {"Students": {"date_of_birth": "2008-09-01", "adult_rights_transferred": "yes"},
         "Plans": {"rights_passed_notice_date": "2026-09-01"}},
    ),
    "rights-undecided": ({"Students": {"date_of_birth": "2008-11-25"}}, {"Students": {"date_of_birth": "2008-11-26"}}),
    "rights-passed-early": ({"Students": {"date_of_birth": "2008-11-26", "adult_rights_transferred": "yes"}},
                            {"Students": {"date_of_birth": "2008-11-25", "adult_rights_transferred": "yes"}}),
    # transition
    "transition-missing": ({"Students": SIXTEEN_AT_THE_END, "Transition": [EDUCATION]},
                           {"Students": SIXTEEN_LATER, "Transition": [EDUCATION]}),
    "transition-courses": (
        {"Students": SIXTEEN_AT_THE_END, "Transition": [{"area": "employment"}]},
        {"Students": SIXTEEN_AT_THE_END, "Transition": [{"area": "employment"}, EDUCATION]},
    ),
    "transition-independent-living": (
        {"Students": SIXTEEN_AT_THE_END, "Transition": [EDUCATION, WORK]},
        {"Students": SIXTEEN_AT_THE_END, "Transition": [EDUCATION, WORK, {"area": "independent living"}]},
    ),
    "transition-not-updated": ({"Transition": [{**WORK, "updated_date": "2025-08-31"}]},
                               {"Transition": [{**WORK, "updated_date": "2025-09-01"}]}),
    "student-absent": (
        {"Transition": [WORK]},
        {"Transition": [WORK], "Team": teamed(0, role="parent; student")},
    ),
    "agency-without-consent": (
        {"Meetings": {"agencies": "State Rehabilitation Office"},
         "Consents": [{"kind": "agency invitation", "response": "given", "response_date": "2026-12-02"},
                      {"kind": "agency invitation", "response": "given", "response_date": "2026-08-19"}]},
        {"Meetings": {"agencies": "State Rehabilitation Office"},
         "Consents": [{"kind": "agency invitation", "response": "given", "response_date": "2026-12-01"}]},
    ),
    # team
    "team-incomplete": ({"Team": teamed(1, attendance="absent")},
                        {"Team": without(1), "Plans": {"general_education_percent": 0}}),
    "team-incomplete-invitation": ({"Team": teamed(2, role="case manager")},
                                   {"Team": teamed(2, role="special education provider")}),
    "invitation-without-team": ({"Team": teamed(0, meeting_date="2026-08-20")[:1]},
                                {"Team": teamed(0, meeting_date="2026-12-15")[:1]}),
    "attendance-not-recorded": ({"Team": [{**row, "attendance": None} for row in LAWFUL["Team"]]},
                                {"Team": [{**row, "attendance": None} for row in LAWFUL["Team"][1:]]
                                 + [{**LAWFUL["Team"][0], "attendance": "attended by phone or video"}]}),
    "parents-absent": (
        {"Team": teamed(0, attendance="absent")},
        {"Team": teamed(0, attendance="absent"),
         "Contact Log": [{"date": "2026-08-01"}, {"date": "2026-08-20", "meeting_date": None}]},
    ),
    "excusal-agreed-late": (
        {"Team": teamed(1, meeting_date="2026-08-20", attendance="excused", excusal_agreed_date="2026-08-21")},
        {"Team": teamed(1, meeting_date="2026-08-20", attendance="excused", excusal_agreed_date="2026-08-20")},
    ),
    "excusal-input-late": (
        {"Team": teamed(1, meeting_date="2026-08-20", attendance="excused in part", area_discussed="yes",
                        written_input_date="2026-08-21")},
        {"Team": teamed(1, meeting_date="2026-08-20", attendance="excused in part", area_discussed="yes",
                        written_input_date="2026-08-20")},
    ),
    # meetings
    "meeting-notice-short": ({"Meetings": {"notice_date": "2026-12-06"}}, {"Meetings": {"notice_date": "2026-12-05"}}),
    "meeting-notice-late": ({"Meetings": {"notice_date": "2026-12-16"}}, {"Meetings": {"notice_date": "2026-12-15"}}),
    "response-due-late": ({"Meetings": {"response_due": "2026-12-16"}}, {"Meetings": {"response_due": "2026-12-15"}}),
    "transition-not-a-purpose": (
        {"Students": {"date_of_birth": "2011-12-15"}, "Meetings": {"purpose": "annual review"}},
        {"Students": {"date_of_birth": "2011-12-16"}, "Meetings": {"purpose": "annual review"}},
    ),
    "contact-after-meeting": ({"Contact Log": {"date": "2026-08-21"}}, {"Contact Log": {"date": "2026-08-20"}}),
    # notices
    "notice-after-effect": ({"Notices": {"effective_date": "2026-08-20"}},
                            {"Notices": {"effective_date": "2026-08-21"}}),
    "notice-short": ({"Notices": {"effective_date": "2026-08-30"}}, {"Notices": {"effective_date": "2026-08-31"}}),
    "notice-delivered-late": ({"Notices": {"delivered_date": "2026-09-02"}},
                              {"Notices": {"delivered_date": "2026-09-01"}}),
    "notice-delivered-before-written": ({"Notices": {"delivered_date": "2026-08-20"}},
                                        {"Notices": {"delivered_date": "2026-08-21"}}),
    "notice-by-email": (
        {"Notices": {"delivered_by": "e-mail"}, "Contacts": {"email_notices_elected_date": "2026-08-22"}},
        {"Notices": {"delivered_by": "e-mail"}, "Contacts": {"email_notices_elected_date": "2026-08-21"}},
    ),
    "plan-without-notice": ({"Notices": {"notice_date": "2026-09-01", "effective_date": None}},
                            {"Notices": {"notice_date": "2026-08-31", "effective_date": None}}),
    "disagreement-unanswered": (
        {"Plans": {"parent_response": "disagrees"}, "Notices": {"notice_date": "2026-08-19"}},
        {"Plans": {"parent_response": "agrees in part"}, "Notices": {"notice_date": "2026-08-20"}},
    ),
    # consents
    "consent-without-date": ({"Consents": {"response": "given"}}, {"Consents": {"response": "none"}}),
    "consent-before-request": ({"Consents": {"requested_date": "2026-08-21", "response_date": "2026-08-20"}},
                               {"Consents": {"requested_date": "2026-08-21", "response_date": "2026-08-21"}}),
    "services-before-consent": (
        {"Plans": INITIAL, "Consents": [{**SERVICES_CONSENT, "response_date": "2026-09-02"}]},
        {"Plans": INITIAL, "Consents": [{**SERVICES_CONSENT, "response_date": "2026-09-01"}]},
    ),
    "consent-revoked": (
        {"Consents": [{**SERVICES_CONSENT, "response_date": "2024-09-01"}, {"kind": "revocation"}]},
        {"Consents": [{"kind": "revocation", "response_date": "2025-10-01"},
                      {**SERVICES_CONSENT, "response_date": "2026-09-01"}]},
    ),
    "evaluation-late": (
        {"Students": {"eligibility_date": None},
         "Consents": [{"kind": "initial evaluation", "response": "given", "response_date": "2026-09-25"}]},
        {"Students": {"eligibility_date": None},
         "Consents": [{"kind": "initial evaluation", "response": "given", "response_date": "2026-09-26"}]},
    ),
    # factors
    **{
        f"factor-unmet-{name}": (
            {"Plans": {factor: "yes"}, "Services": [], "Accommodations": []},
            {"Plans": {factor: "yes", statement: "A plan of February."}, "Services": [], "Accommodations": []},
        )
        for name, factor, statement in [
            ("behavior", "factor_behavior", "behavior_supports"),
            ("english-learner", "factor_english_learner", "language_needs"),
            ("communication", "factor_communication", "communication_needs"),
            ("deaf-hard-of-hearing", "factor_deaf_hard_of_hearing", "communication_plan"),
            ("assistive-technology", "factor_assistive_technology", "assistive_technology_statement"),
        ]
    },
    "factor-unanswered": ({"Plans": {"factor_blind": None}}, {}),
    "factor-overlooked-english-learner": (
        {"Students": {"english_learner": "yes"}, "Plans": {"factor_english_learner": "no"}},
        {"Students": {"english_learner": "yes"}, "Plans": {"factor_english_learner": "yes"}},
    ),
    "factor-overlooked-blind": (
        {"Students": {"secondary_disability": "visual impairment including blindness"}},
        {"Students": {"primary_disability": "deaf-blindness"}, "Plans": {"factor_blind": "yes"}},
    ),
    "factor-overlooked-deaf-hard-of-hearing": (
        {"Students": {"primary_disability": "deafness"}, "Plans": {"factor_deaf_hard_of_hearing": "no"}},
        {"Students": {"primary_disability": "deafness"}, "Plans": {"factor_deaf_hard_of_hearing": "yes"}},
    ),
    # placement
    "percents-disagree": ({"Plans": {"special_education_percent": 16}}, {"Plans": {"special_education_percent": 15}}),
    "percent-missing": ({"Plans": {"general_education_percent": None}},
                        {"Plans": {"general_education_percent": None, "special_education_percent": 15}}),
    "environment-percent": ({"Plans": {"general_education_percent": 79.5}},
                            {"Plans": {"general_education_percent": None, "special_education_percent": 20}}),
    "environment-hours": (
        {"Students": PRESCHOOL, "Plans": {**REGULAR_PROGRAM, "early_childhood_hours_per_week": 9.5}},
        {"Students": PRESCHOOL, "Plans": REGULAR_PROGRAM},
    ),
    "environment-services": ({"Students": PRESCHOOL, "Plans": {**REGULAR_PROGRAM, "services_mostly_in": "other"}},
                             {"Students": PRESCHOOL, "Plans": REGULAR_PROGRAM}),
    "early-childhood-hours-missing": (
        {"Students": PRESCHOOL, "Plans": {**REGULAR_PROGRAM, "early_childhood_hours_per_week": None}},
        {"Students": PRESCHOOL, "Plans": REGULAR_PROGRAM},
    ),
    "early-childhood-services-missing": (
        {"Students": PRESCHOOL, "Plans": {**REGULAR_PROGRAM, "services_mostly_in": None}},
        {"Students": PRESCHOOL, "Plans": REGULAR_PROGRAM},
    ),
    "environment-of-preschool": (
        {"Students": {"date_of_birth": "2020-09-01", "grade": "K"}, "Plans": REGULAR_PROGRAM},
        {"Students": {"date_of_birth": "2020-09-02", "grade": "K"}, "Plans": REGULAR_PROGRAM},
    ),
    "environment-of-school-age": ({"Students": {"date_of_birth": "2022-08-21", "grade": "K"}},
                                  {"Students": {"date_of_birth": "2022-08-20", "grade": "K"}}),
    "environment-before-kindergarten": ({"Students": {"date_of_birth": "2021-09-01", "grade": "PK"}},
                                        {"Students": {"date_of_birth": "2021-09-01", "grade": "K"}}),
    "private-school-with-iep": ({"Plans": {"educational_environment": "PPPS"}},
                                {"Plans": {"educational_environment": "PPPS", "plan_type": "services plan"}}),
    # progress
    "goal-without-progress": (
        {"Goals": [{}, {"goal_number": "2"}], "Progress": {"date": "2026-11-06", "goal_number": "2"}},
        {"Goals": [{}, {"goal_number": "2"}],
         "Progress Comments": [{"goal_number": "2", "period": "Q1", "code": "NI"}]},
    ),
    "no-progress-at-all": ({"Progress": {"date": "2026-11-07"}}, {"Progress": {"date": "2026-11-06"}}),
    "criterion-within-its-number": ({"Goals": {"criterion_times": 5, "criterion_of": 4}},
                                    {"Goals": {"criterion_times": 4, "criterion_of": 4}}),
    "comment-says-nothing": (
        {"Progress Comments": [{"goal_number": "1", "period": "Q1", "comment": "Ana is making progress."}]},
        {"Progress Comments": [{"goal_number": "1", "period": "Q1", "comment": "Ana is making progress: 52 words."}]},
    ),
    "direction-against-target": (
        {"Goals": {"direction": "increase", "baseline_value": 90, "target_value": 89}},
        {"Goals": {"direction": "increase", "baseline_value": 90, "target_value": 90}},
    ),
}  # fmt: skip

ELSEWHERE = {"code-unexplained", "objectives-for-all", "report-before-period-ends"}
"""Rules that a test of their own is about."""


def rows_of(change: Change, title: str) -> list[Row]:
    """Return the lawful rows of a sheet with a change: of all of them, or row by row over the first."""
    lawful, changed = LAWFUL[title], change.get(title)
    if changed is None:
        return lawful
    if isinstance(changed, dict):
        return [{**row, **changed} for row in lawful]
    return [{**(lawful[0] if lawful else {}), **row} for row in changed]


class Checked:
    """What `iepdocs check` finds of students, by their ids."""

    def __init__(self, students: Mapping[str, Change], make_workbook: Any, district: Path | None = None) -> None:
        owners: dict[tuple[str, int], str] = {}
        sheets: dict[str, list[list[Any]]] = {title: list(rows) for title, rows in ALIKE.items()}
        for title in LAWFUL:
            rows = [(student, row) for student, change in students.items() for row in rows_of(change, title)]
            columns = list(dict.fromkeys(key for _, row in rows for key in row))
            for number, (student, _) in enumerate(rows, start=2):
                owners[title, number] = student
            if rows:
                sheets[title] = [["student_id", *columns]]
                sheets[title] += [[student, *map(row.get, columns)] for student, row in rows]
        self.path: Path = make_workbook(sheets)
        self.all = iepdocs.check(self.path, date=TODAY, district=district)
        self.by_student: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.all:
            if isinstance(finding.place, CellPlace) and finding.place.row is not None:
                self.by_student[owners.get((finding.place.sheet, finding.place.row), "")].append(finding)

    def of(self, student: str, rule: str) -> list[Finding]:
        return [finding for finding in self.by_student[student] if finding.rule == rule]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Return one check of all cases: `broken …` and `kept …` are students, and so is `lawful`."""
    students: dict[str, Change] = {"lawful": {}}
    for rule, (broken, kept) in CASES.items():
        students |= {f"broken {rule}": broken, f"kept {rule}": kept}
    return Checked(students, maker(tmp_path_factory.mktemp("law")))


def maker(folder: Path) -> Any:
    """Return what writes a workbook into a folder."""
    return partial(write_workbook, folder / "plans.xlsx")


def rules_of(findings: list[Finding], pack: Pack) -> Iterator[str]:
    return (f"{finding.rule}: {finding.place}" for finding in findings if finding.rule in pack.rules)


def test_where_all_is_well_no_rule_is_broken(checked: Checked, pack: Pack) -> None:
    assert list(rules_of(checked.by_student["lawful"], pack)) == []


@pytest.mark.parametrize("rule", CASES)
def test_what_is_just_not_lawful_is_told_at_the_cells_to_mend(checked: Checked, pack: Pack, rule: str) -> None:
    found = checked.of(f"broken {rule}", rule)
    assert [finding.place.column for finding in found if isinstance(finding.place, CellPlace)] == [
        *pack.rules[rule].cells
    ]
    for finding in found:
        assert (finding.severity, finding.citation) == (
            pack.rules[rule].grade.severity,
            pack.rules[rule].grade.citation,
        )
        assert re.fullmatch(r"[A-Z0-9'].*\.", finding.message)
        assert finding.mend.endswith(".")
        assert not re.search(r"  |\{|None|\[| \.|\d{4}-\d\d", f"{finding.message} {finding.mend}")


@pytest.mark.parametrize("rule", CASES)
def test_what_is_just_lawful_is_not(checked: Checked, rule: str) -> None:
    assert checked.of(f"kept {rule}", rule) == []


def test_processes_find_what_one_finds(checked: Checked, pack: Pack) -> None:
    alone, together = (prepare(checked.path, pack, [], TODAY, jobs=jobs).findings for jobs in (1, 3))
    assert len(alone) > len(CASES)
    assert together == alone


def test_every_rule_has_a_case(pack: Pack) -> None:
    assert sorted(pack.rules) == sorted([*OF_A_ROW, *CASES, *ELSEWHERE])


def test_every_rule_of_law_cites_it_or_says_that_it_is_custom(pack: Pack) -> None:
    said = {
        rule: pack.rules[rule].message.source for rule in {*CASES, *ELSEWHERE} if not pack.rules[rule].grade.citation
    }
    assert {rule for rule, message in said.items() if "law" not in message} == set()


def test_what_is_said_is_in_the_districts_terms(checked: Checked) -> None:
    [found] = checked.of("broken team-incomplete", "team-incomplete")
    assert found.message == ("At the ARD committee meeting of 8/20/2026 there was no general education teacher.")


def test_a_report_should_not_be_due_before_its_period_ends(checked: Checked) -> None:
    found = [finding for finding in checked.all if finding.rule == "report-before-period-ends"]
    assert [(str(finding.place), finding.severity) for finding in found] == [
        ("Reporting Periods D5 (report_date)", Severity.WARNING)
    ]


def test_a_district_may_ask_for_objectives_in_every_plan(tmp_path: Path) -> None:
    district = tmp_path / "district"
    district.mkdir()
    (district / "district.yaml").write_text("rules: {objectives_for: all}")
    students: dict[str, Change] = {"none": {}, "some": {"Objectives": [{"goal_number": "1", "objective_number": "1"}]}}
    checked = Checked(students, maker(tmp_path), district)
    [found] = checked.of("none", "objectives-for-all")
    assert found.message.startswith("There are no objectives for goal 1. The law asks")
    assert checked.of("some", "objectives-for-all") == []


def test_a_code_that_no_sheet_explains_is_told(make_workbook: MakeWorkbook) -> None:
    said = [["Student ID", "Goal Number", "Period", "Code"], ["00042", "1", "Q1", "SP"], ["00107", "1", "Q1", None]]
    codes = [["Code", "Meaning"], ["SP", "Progress is sufficient."]]
    for sheets, cells in (({}, ["D2"]), ({"Codes": codes}, [])):
        found = iepdocs.check(
            make_workbook({**progress_sheets(), "Progress Comments": said, **sheets}), kinds=["progress_report"]
        )
        places = [finding.place for finding in found if finding.rule == "code-unexplained"]
        assert [place.cell for place in places if isinstance(place, CellPlace)] == cells
