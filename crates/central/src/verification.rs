//! Anybody may ask whether a printed code holds. The answer repeats what the code itself states and nothing else.

use std::collections::BTreeMap;

use onewindow_catalogue::parse_date;
use onewindow_print::licence_code::{self, CodeFault, Day, OfficeKey, RevocationList, VerifiedLicence};
use onewindow_wire::feed::ContentLine;
use onewindow_wire::licence::{KeyList, PublicKey, VerifyReply};

use crate::centre::Centre;
use crate::database::View;
use crate::fault::CentreFault;

impl Centre {
    /// Checks a code against the keys and revocations of this moment.
    pub(crate) async fn verify_code(&self, code: &str) -> Result<VerifyReply, CentreFault> {
        let mut view = self.database.view().await?;
        let (keys, revoked) = self.code_lists(&mut view).await?;
        let today = revoked.as_of;
        Ok(match licence_code::verify(code, &keys, &revoked) {
            Ok(verified) => {
                let expired = verified.is_expired_on(today);
                VerifyReply {
                    valid: !expired,
                    reason: expired.then(|| "expired".to_owned()),
                    content: lines(&verified),
                }
            }
            Err(fault) => VerifyReply {
                valid: false,
                reason: Some(reason(&fault).to_owned()),
                content: Vec::new(),
            },
        })
    }

    /// Keys and revocations of this moment, as codes are checked with.
    pub(crate) async fn code_lists(&self, view: &mut View) -> Result<(licence_code::KeyList, RevocationList), CentreFault> {
        let mut keys = BTreeMap::new();
        for key in view.office_keys().await? {
            let (Some(from), Some(to)) = (parse_date(&key.valid_from), parse_date(&key.valid_to)) else {
                continue;
            };
            let office_key = OfficeKey {
                office: key.office,
                public_key: key.public_key,
                valid_from: Day(from),
                valid_to: Day(to),
                kinds: key.kinds.into_iter().collect(),
            };
            keys.insert(key.key_id, office_key);
        }
        let revoked = RevocationList {
            as_of: Day(self.clock.today()),
            licences: view.revoked_licences().await?.into_iter().collect(),
            prints: view.void_prints().await?.into_iter().collect(),
        };
        Ok((licence_code::KeyList { version: 1, keys }, revoked))
    }

    /// Keys, revoked numbers and void sheets under the root's seal, for checking without a network.
    pub(crate) async fn key_list(&self, view: &mut View) -> Result<KeyList, CentreFault> {
        let key = |key: crate::database::OfficeKeyRow| PublicKey {
            key_id: key.key_id,
            algorithm: "ed25519".to_owned(),
            public_key: key.public_key,
            office: key.office,
            valid_from: Some(key.valid_from),
            valid_to: Some(key.valid_to),
            kinds: key.kinds,
        };
        let keys = view.office_keys().await?.into_iter().map(key).collect();
        let list = KeyList {
            keys,
            revoked: view.revoked_licences().await?,
            void_prints: view.void_prints().await?,
            made_at_ms: self.clock.now_ms(),
            sealed: String::new(),
        };
        let sealed = self.office.seal(&list)?;
        Ok(KeyList { sealed, ..list })
    }
}

fn lines(verified: &VerifiedLicence) -> Vec<ContentLine> {
    let claims = &verified.claims;
    let mut lines = vec![
        ("number", claims.licence_number.clone()),
        ("name", claims.holder.clone()),
        ("kind", claims.kind.clone()),
        ("authority", claims.issuer.clone()),
        ("issued", claims.issued.0.to_string()),
    ];
    if let Some(last) = claims.valid_to {
        lines.push(("valid_to", last.0.to_string()));
    }
    if claims.copy > 0 {
        lines.push(("copy", claims.copy.to_string()));
    }
    lines.into_iter().map(|(key, value)| ContentLine { key: key.to_owned(), value }).collect()
}

fn reason(fault: &CodeFault) -> &'static str {
    match fault {
        CodeFault::NotACode { .. } | CodeFault::Signing { .. } => "malformed",
        CodeFault::UnknownKey { .. } | CodeFault::KeyNotValid { .. } => "unknown_key",
        CodeFault::WrongSignature => "bad_signature",
        CodeFault::Revoked { .. } => "revoked",
    }
}
