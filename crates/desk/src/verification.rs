//! Printed codes checked at the counter: a licence that somebody brings along, by the keys and revocations at hand, without a line.
//! "Holds" means by this list, of this day; both are told.

use std::collections::BTreeMap;

use onewindow_case::event::Reading;
use onewindow_ipc::Words;
use onewindow_ipc::licence::LicenceCheckView;
use onewindow_ipc::session::Role;
use onewindow_print::DocumentKind;
use onewindow_print::licence_code::{self, CodeFault, Day, OfficeKey, RevocationList, VerifiedLicence};
use onewindow_wire::licence::KeyList;
use time::Date;

use crate::clock::{day, parse_day, stamp};
use crate::desk::Desk;
use crate::fault::DeskFault;

/// What is known of a code.
#[derive(Debug, Clone)]
pub struct CheckedCode {
    /// Why it does not hold: `malformed`, `unknown_key`, `bad_signature`, `revoked`, `expired`; nothing when it holds.
    pub reason: Option<&'static str>,
    /// What it states, when its signature holds.
    pub licence: Option<VerifiedLicence>,
}

/// Checks a code with a list of keys as the centre gives it.
pub fn check_code(text: &str, list: &KeyList, today: Date) -> CheckedCode {
    let revoked = RevocationList {
        as_of: Day(today),
        licences: list.revoked.iter().cloned().collect(),
        prints: list.void_prints.iter().cloned().collect(),
    };
    match licence_code::verify(text, &office_keys(list), &revoked) {
        Ok(licence) => CheckedCode {
            reason: licence.is_expired_on(Day(today)).then_some("expired"),
            licence: Some(licence),
        },
        Err(fault) => CheckedCode {
            reason: Some(reason(&fault)),
            licence: None,
        },
    }
}

/// Whether a list of keys is what the root with this public key (hex) sealed, to the last line.
pub fn is_sealed_by(list: &KeyList, root_key: &str) -> bool {
    let plain = KeyList {
        sealed: String::new(),
        ..list.clone()
    };
    hex::decode(&list.sealed)
        .ok()
        .and_then(|sealed| licence_code::open_list::<KeyList>(&sealed, root_key).ok())
        .is_some_and(|opened| opened == plain)
}

impl Desk {
    /// Checks the text of a printed code, as a hand-held reader types it.
    ///
    /// # Errors
    /// Not signed in; this counter has never heard the keys.
    pub fn check_licence(&self, text: &str) -> Result<LicenceCheckView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let list = self.licence_keys()?.ok_or(DeskFault::NotEnrolled)?;
        let checked = check_code(text.trim_matches(['\r', '\n', '\t']), &list, self.shared.clock.today());
        let mut lines = Vec::new();
        if let Some(licence) = &checked.licence {
            let claims = &licence.claims;
            let kind = DocumentKind::find(&claims.kind).map_or_else(|| Words::new(&claims.kind, &claims.kind), |kind| self.title(kind));
            lines.push((Words::new("种类", "Kind"), kind));
            let mut plain = |zh: &str, en: &str, value: &str| lines.push((Words::new(zh, en), Words::new(value, value)));
            plain("编号", "Number", &claims.licence_number);
            plain("持证人", "Holder", &claims.holder);
            plain("发证机关", "Issued by", &claims.issuer);
            plain("发证日期", "Issued on", &day(claims.issued.0));
            if let Some(last) = claims.valid_to {
                plain("有效期至", "Valid to", &day(last.0));
            }
            if claims.copy > 0 {
                plain("补打", "Duplicate", &claims.copy.to_string());
            }
        }
        Ok(LicenceCheckView {
            holds: checked.reason.is_none(),
            reason: checked.reason.unwrap_or_default().to_owned(),
            words: verdict(checked.reason),
            lines: lines
                .into_iter()
                .map(|(label, value)| onewindow_ipc::licence::LicenceLine { label, value })
                .collect(),
            as_of: stamp(list.made_at_ms),
        })
    }

    /// What a code on a scanned page says of the licence it stands on; nothing when it is no licence code.
    pub(crate) fn licence_reading(&self, text: &str, region: Option<[u32; 4]>) -> Option<Reading> {
        if !text.starts_with(licence_code::CODE_PREFIX) {
            return None;
        }
        let list = self.licence_keys().ok().flatten()?;
        let checked = check_code(text, &list, self.shared.clock.today());
        let value = match (&checked.licence, checked.reason) {
            (Some(licence), None) => format!("{} {}", licence.claims.licence_number, licence.claims.holder),
            (Some(licence), Some(reason)) => format!("{} {} ({reason})", licence.claims.licence_number, licence.claims.holder),
            (None, reason) => format!("({})", reason.unwrap_or_default()),
        };
        Some(Reading {
            key: "licence_code".to_owned(),
            value,
            evidence: if checked.reason.is_none() { "barcode" } else { "ocr_only" }.to_owned(),
            region,
        })
    }
}

/// Keys in the form in which codes are verified. Lists of older centres name no days: such a key counts for any day.
fn office_keys(list: &KeyList) -> licence_code::KeyList {
    let or = |text: &Option<String>, otherwise: Date| Day(text.as_deref().and_then(parse_day).unwrap_or(otherwise));
    let keys: BTreeMap<String, OfficeKey> = list
        .keys
        .iter()
        .map(|key| {
            let office_key = OfficeKey {
                office: key.office.clone(),
                public_key: key.public_key.clone(),
                valid_from: or(&key.valid_from, Date::MIN),
                valid_to: or(&key.valid_to, Date::MAX),
                kinds: key.kinds.iter().cloned().collect(),
            };
            (key.key_id.clone(), office_key)
        })
        .collect();
    licence_code::KeyList { version: 1, keys }
}

/// The same closed words as the centre's.
fn reason(fault: &CodeFault) -> &'static str {
    match fault {
        CodeFault::NotACode { .. } | CodeFault::Signing { .. } => "malformed",
        CodeFault::UnknownKey { .. } | CodeFault::KeyNotValid { .. } => "unknown_key",
        CodeFault::WrongSignature => "bad_signature",
        CodeFault::Revoked { .. } => "revoked",
    }
}

fn verdict(reason: Option<&str>) -> Words {
    match reason {
        None => Words::new(
            "有效：由登记的机关签发，内容未被改动。",
            "Valid: signed by an office on the list and unchanged.",
        ),
        Some("expired") => Words::new("已过有效期。", "No longer valid: it has expired."),
        Some("revoked") => Words::new("已被撤销。", "No longer valid: it was revoked."),
        Some("unknown_key") => Words::new(
            "无法核验：签发密钥不在本机名单上。",
            "Not verified: its key is not on the list of this counter.",
        ),
        Some("bad_signature") => Words::new("无效：签名不符，内容可能被改动。", "Invalid: the signature does not fit."),
        Some(_) => Words::new("无效：不是完整的证照二维码。", "Invalid: this is not a whole licence code."),
    }
}
