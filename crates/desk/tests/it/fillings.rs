//! Form values for the usual case of every bundle: a sound value for each kind, and what the bundle's own rules ask for.

use onewindow_ipc::case_view::{ApplicantKind, ApplicantView, FieldView};

/// A woman born in 1996, a man born in 1994; further synthetic numbers with their check characters.
pub const WOMAN: (&str, &str) = ("苏念安", "330324199605129988");
pub const MAN: (&str, &str) = ("周予川", "330302199408239995");
const CHILD_ID: &str = "330302202006129982";
const OLD_MAN_ID: &str = "33030219640512999X";

pub struct Filling {
    pub bundle: &'static str,
    organisation: bool,
    /// Values that the bundle's rules ask for; everything else by its kind.
    values: &'static [(&'static str, &'static str)],
}

impl Filling {
    pub fn applicant(&self) -> ApplicantView {
        let (kind, name, id_number) = if self.organisation {
            (ApplicantKind::Organisation, "云溪听泉文化娱乐有限公司", "")
        } else {
            (ApplicantKind::Person, WOMAN.0, WOMAN.1)
        };
        ApplicantView {
            kind,
            name: name.to_owned(),
            id_number: id_number.to_owned(),
            phone: "13800000000".to_owned(),
            agent: None,
        }
    }
}

const fn person(bundle: &'static str, values: &'static [(&'static str, &'static str)]) -> Filling {
    Filling {
        bundle,
        organisation: false,
        values,
    }
}

const fn company(bundle: &'static str, values: &'static [(&'static str, &'static str)]) -> Filling {
    Filling {
        bundle,
        organisation: true,
        values,
    }
}

/// One usual case of every bundle.
pub const ALL: &[Filling] = &[
    person(
        "newborn",
        &[
            ("child_name", "周知夏"),
            ("child_sex", "F"),
            ("birth_time", "2026-11-09T03:26"),
            ("birth_weight_g", "3280"),
            ("gestation_weeks", "39"),
            ("father_name", MAN.0),
            ("father_id", MAN.1),
            ("mother_ethnic", "汉"),
            ("father_ethnic", "汉"),
        ],
    ),
    person(
        "school_enrolment",
        &[
            ("child_name", "周知秋"),
            ("child_id", CHILD_ID),
            ("child_sex", "F"),
            ("child_birth", "2020-06-12"),
            ("school_year_start", "2027-08-31"),
            ("relation", "mother"),
            ("school_first", "听泉小学"),
            ("school_second", "南塘小学"),
        ],
    ),
    person(
        "public_rental",
        &[
            ("member_name", MAN.0),
            ("member_id", MAN.1),
            ("member_name.2", "周知秋"),
            ("member_id.2", CHILD_ID),
            ("member_consents", "yes"),
            ("member_consents.2", "yes"),
            ("yearly_income", "60000"),
            ("income_limit_per_head", "42000"),
            ("home_area_m2", "40"),
            ("sold_home_on", ""),
        ],
    ),
    person(
        "retirement",
        &[
            ("name", "周守成"),
            ("id_no", OLD_MAN_ID),
            ("sex", "M"),
            ("birth_date", "1964-05-12"),
            ("file_birth_date", "1964-05-12"),
            ("position_kind", "worker"),
            ("contribution_months", "320"),
            ("deemed_months", "60"),
            ("retire_month", "2026-12-01"),
            ("work_start", "1984-07-01"),
        ],
    ),
    person(
        "funeral",
        &[
            ("deceased_name", "周守成"),
            ("deceased_id", OLD_MAN_ID),
            ("death_time", "2026-11-23T04:10"),
            ("cremation_date", "2026-11-25"),
        ],
    ),
    person(
        "property_transfer",
        &[
            ("seller_name", MAN.0),
            ("seller_id", MAN.1),
            ("buyer_share", "60"),
            ("co_owner_share", "40"),
            ("area_m2", "88.50"),
            ("price", "1000000"),
            ("tax_rate_bp", "100"),
            ("tax_paid", "10000"),
            ("unit_no", "330302010011GB00120F00010005"),
        ],
    ),
    person(
        "real_estate_tax",
        &[
            ("contract_date", "2026-11-20"),
            ("price", "1000000"),
            ("tax_rate_bp", "100"),
            ("tax_due", "10000"),
            ("spouse_name", MAN.0),
            ("spouse_id", MAN.1),
        ],
    ),
    company(
        "karaoke",
        &[
            ("legal_rep_name", MAN.0),
            ("legal_rep_id", MAN.1),
            ("official_relatives", "no"),
            ("use_area_m2", "320"),
            ("room_count", "12"),
            ("guests", "160"),
            ("floor", "2"),
            ("registered_capital", "1000000"),
        ],
    ),
    person(
        "provident_fund",
        &[
            ("balance", "80000"),
            ("amount", "50000"),
            ("price", "1000000"),
            ("contract_date", "2026-11-20"),
            ("last_withdrawal", ""),
            ("account_holder", WOMAN.0),
        ],
    ),
    company(
        "business_registration",
        &[
            ("name_full", "云溪听泉软件有限公司"),
            ("region_word", "云溪"),
            ("trade_word", "听泉"),
            ("form_word", "有限公司"),
            ("registered_capital", "1000000"),
            ("contributions_total", "1000000"),
            ("legal_rep_name", MAN.0),
            ("legal_rep_id", MAN.1),
            ("supervisor_name", "何映秋"),
        ],
    ),
    person(
        "tenancy",
        &[
            ("landlord_name", MAN.0),
            ("landlord_idno", MAN.1),
            ("start_date", "2026-11-01"),
            ("end_date", "2029-10-31"),
            ("area_m2", "120"),
        ],
    ),
    person(
        "exit_entry",
        &[
            ("pinyin_surname", "SU"),
            ("pinyin_given", "NIANAN"),
            ("sex", "F"),
            ("birth_date", "1996-05-12"),
            ("fingerprint_done", "yes"),
        ],
    ),
    person(
        "social_insurance",
        &[("base_amount", "6000"), ("average_wage", "8000"), ("start_month", "2026-11-01")],
    ),
    person(
        "medical_reimbursement",
        &[
            ("admission_date", "2026-10-20"),
            ("total_amount", "3200.50"),
            ("self_paid_items", "120"),
            ("payee_name", WOMAN.0),
            ("payee_relation", "self"),
            ("invoice_no", "330601260012345678"),
        ],
    ),
    company(
        "investment_project",
        &[
            ("project_code", ""),
            ("unit_name", "云溪听泉文化娱乐有限公司"),
            ("legal_rep", MAN.0),
            ("start_planned", "2027-01-10"),
            ("end_planned", "2028-12-31"),
            ("investment_total", "90000000"),
            ("fixed_assets", "80000000"),
            ("land_area_m2", "20000"),
            ("building_area_m2", "32000"),
            ("intensity_yuan_m2", "3000"),
            ("verified_on", ""),
            ("industry_code", "C2710"),
        ],
    ),
    person(
        "restaurant",
        &[
            ("shop_name", "云溪听泉面馆"),
            ("area_m2", "360"),
            ("kitchen_area_m2", "80"),
            ("staff_count", "6"),
            ("certificates_count", "6"),
        ],
    ),
];

pub fn find(bundle: &str) -> &'static Filling {
    ALL.iter().find(|filling| filling.bundle == bundle).unwrap()
}

/// A sound value for a field.
pub fn value(filling: &Filling, field: &FieldView) -> String {
    let own = filling.values.iter().find(|(key, _)| *key == field.field);
    if let Some((_, value)) = own {
        return (*value).to_owned();
    }
    let value = match field.kind.as_str() {
        "name" => WOMAN.0,
        "resident-id" => WOMAN.1,
        "mobile" | "phone" => "13800000000",
        "address" => "云溪市南塘街道听泉路18号2幢601室",
        "date" => "2026-11-20",
        "datetime" => "2026-11-20T10:00",
        "money" => "1000",
        "bool" => "yes",
        "uscc" => "91350100M000100Y43",
        "bank-card" => "6217000000000006",
        "property-certificate" => "浙（2018）杭州市不动产权第0000001号",
        "property-unit" => "330302010011GB00120F00010005",
        "passport" => "E00000001",
        _ => return other_value(field),
    };
    value.to_owned()
}

fn other_value(field: &FieldView) -> String {
    if let Some(option) = field.options.first() {
        return option.value.clone();
    }
    match (field.kind.as_str(), field.min) {
        ("integer", min) => min.unwrap_or(1).max(1).to_string(),
        _ => "听泉".to_owned(),
    }
}
