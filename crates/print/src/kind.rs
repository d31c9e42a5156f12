//! The documents that can be printed, each with its built-in template.

use serde::{Deserialize, Serialize};

/// On what a document is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Plain sheets.
    Plain,
    /// Counted, pre-printed blanks.
    Blank,
    /// The 80 mm roll of a thermal printer.
    Roll,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal $medium:ident;)*) => {
        /// The documents that can be printed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum DocumentKind {
            $($(#[$doc])* $kind,)*
        }

        impl DocumentKind {
            /// All kinds, in the order in which a case meets them.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// Stable name, also of the template file.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// On what it is printed.
            #[must_use]
            pub const fn medium(self) -> Medium {
                match self {
                    $(Self::$kind => Medium::$medium,)*
                }
            }

            pub(crate) const fn built_in(self) -> &'static str {
                match self {
                    $(Self::$kind => include_str!(concat!("../../../assets/templates/", $name, ".yaml")),)*
                }
            }
        }
    };
}

kinds! {
    /// 排队小票.
    QueueTicket "queue-ticket" Roll;
    /// 一次性告知单: conditions and papers of a service, given before anybody applies.
    GuideList "guide-list" Plain;
    /// 收件凭证 on A5: we hold your papers.
    ReceiptSlip "receipt-slip" Plain;
    /// 收件凭证 on an 80 mm roll.
    ReceiptSlipRoll "receipt-slip-roll" Roll;
    /// 受理通知书.
    AcceptanceNotice "acceptance-notice" Plain;
    /// 容缺受理承诺书: outstanding papers are promised by a day.
    ToleranceCommitment "tolerance-commitment" Plain;
    /// 告知承诺书: conditions were told, and are promised to be met.
    Commitment "commitment" Plain;
    /// 补正告知书: all deficiencies at once.
    SupplementNotice "supplement-notice" Plain;
    /// 不予受理通知书.
    RefusalNotice "refusal-notice" Plain;
    /// 不受理告知书: no licence is needed.
    NotRequiredNote "not-required-note" Plain;
    /// 视为撤回告知书: what was asked for was not brought in time.
    DeemedWithdrawalNote "deemed-withdrawal-note" Plain;
    /// 撤回申请凭证.
    WithdrawalReceipt "withdrawal-receipt" Plain;
    /// 撤销受理决定书.
    RevocationDecision "revocation-decision" Plain;
    /// 特别程序告知书: hearing, inspection or expert review; the clock stands still.
    SpecialProcedureNotice "special-procedure-notice" Plain;
    /// 延期通知书.
    ExtensionNotice "extension-notice" Plain;
    /// 准予行政许可决定书.
    GrantDecision "grant-decision" Plain;
    /// 不予行政许可决定书.
    RefusalDecision "refusal-decision" Plain;
    /// 缴款通知.
    PaymentNote "payment-note" Plain;
    /// 待遇核定表: a benefit with its amounts in capital figures.
    PaymentDecision "payment-decision" Plain;
    /// 领证凭证 on A5.
    PickupSlip "pickup-slip" Plain;
    /// 送达回证.
    ProofOfDelivery "proof-of-delivery" Plain;
    /// 评价二维码.
    RatingSlip "rating-slip" Roll;
    /// 物料交接单.
    HandOverList "hand-over-list" Plain;
    /// 营业执照(正本), printed over a pre-printed blank.
    BusinessLicenceOriginal "business-licence-original" Blank;
    /// 营业执照(副本), printed over a pre-printed blank.
    BusinessLicence "business-licence" Blank;
    /// 娱乐经营许可证(副本), printed over a pre-printed blank.
    EntertainmentPermit "entertainment-permit" Blank;
    /// 食品经营许可证(副本), printed over a pre-printed blank.
    FoodLicence "food-licence" Blank;
    /// 房屋租赁登记备案证明, printed over a pre-printed blank.
    TenancyProof "tenancy-proof" Blank;
    /// 窗口日终核对单: cases, documents and blanks of a counter on one day.
    DaySheet "day-sheet" Plain;
}

impl DocumentKind {
    /// Whether the document is printed on a counted, pre-printed blank.
    #[must_use]
    pub const fn needs_blank(self) -> bool {
        match self.medium() {
            Medium::Blank => true,
            Medium::Plain | Medium::Roll => false,
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
