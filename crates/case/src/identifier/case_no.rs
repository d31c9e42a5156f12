//! Numbers that the counter gives: the case number, its sub-cases, queue tickets and pick-up codes.
//!
//! A case number holds the device that gave it, so counters without a network cannot give the same one twice.

use std::fmt;

use time::Date;

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, RegionCode, checksum, describe_region, normal, person::expect_check, text_identifier};

/// A case number 收件编号 of 24 digits: region 6, centre 2, device 3, day 8, sequence of that device and day 4, check (MOD 11,10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseNo {
    region: RegionCode,
    centre: u8,
    device: u16,
    date: Date,
    sequence: u16,
}

/// The number of one matter in a case: the case number and an index of two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubCaseNo {
    /// The case.
    pub case_no: CaseNo,
    index: u8,
}

text_identifier! {
    /// A queue ticket 排队号: the letter of the queue and three digits, starting anew every day.
    QueueTicket, Ticket
}

text_identifier! {
    /// A pick-up code 领件码 of six random digits; it is shown together with an identity card or authorisation.
    PickupCode, PickupCode
}

impl CaseNo {
    /// The number of a case from its parts: centre 0..=99, device 0..=999, sequence 1..=9999, a day of the years 1000 to 9999.
    pub fn new(region: RegionCode, centre: u8, device: u16, date: Date, sequence: u16) -> Result<Self, IdentifierFault> {
        let refuse = |part| Err(IdentifierFault::PartOutOfRange { part });
        match (centre, device, date.year(), sequence) {
            (100.., ..) => refuse("centre"),
            (_, 1000.., ..) => refuse("device"),
            (_, _, ..=999 | 10_000.., _) => refuse("date"),
            (_, _, _, 0 | 10_000..) => refuse("sequence"),
            _ => Ok(Self {
                region,
                centre,
                device,
                date,
                sequence,
            }),
        }
    }

    /// Reads 24 digits, with or without hyphens. An unknown county of a listed province is a warning.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "########################")?;
        let warning = RegionCode::within(&text, 0).judged(0)?;
        let date = normal::full_date(&text[11..19], 11)?;
        expect_check(checksum::mod_11_10(&text[..23]), &text, 23)?;
        let number = |from: usize, to: usize| text[from..to].parse::<u16>().unwrap_or(0);
        let value = Self::new(RegionCode::within(&text, 0), number(6, 8) as u8, number(8, 11), date, number(19, 23))?;
        Ok(Checked { value, warning })
    }

    /// The number as people read it: `330302-01-012-20181025-0007-7`.
    pub fn display_form(&self) -> String {
        let text = self.to_string();
        [&text[..6], &text[6..8], &text[8..11], &text[11..19], &text[19..23], &text[23..]].join("-")
    }

    /// What the QR code on a slip holds: `OW1|case number|pick-up code`.
    pub fn slip_code(&self, pickup_code: &PickupCode) -> String {
        format!("{SLIP_CODE_VERSION}|{self}|{pickup_code}")
    }

    /// The region of the centre.
    pub fn region(&self) -> RegionCode {
        self.region
    }

    /// The centre within the region.
    pub fn centre(&self) -> u8 {
        self.centre
    }

    /// The device within the centre, given by the installer.
    pub fn device(&self) -> u16 {
        self.device
    }

    /// The business date on which the number was given.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Which case of the device on that day, from 1.
    pub fn sequence(&self) -> u16 {
        self.sequence
    }

    fn body(&self) -> String {
        let (month, day) = (u8::from(self.date.month()), self.date.day());
        format!(
            "{}{:02}{:03}{:04}{month:02}{day:02}{:04}",
            self.region,
            self.centre,
            self.device,
            self.date.year(),
            self.sequence
        )
    }
}

/// The 24 digits, as barcodes and messages carry them.
impl fmt::Display for CaseNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body();
        write!(f, "{body}{}", checksum::mod_11_10(&body))
    }
}

impl Identifier for CaseNo {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([
            ("display", self.display_form()),
            ("centre", format!("{:02}", self.centre)),
            ("device", format!("{:03}", self.device)),
            ("date", self.date.to_string()),
            ("sequence", self.sequence.to_string()),
        ]);
        describe_region(&mut fields, self.region);
        fields
    }
}

impl SubCaseNo {
    /// The number of the matter with the given index, 1..=99.
    pub fn new(case_no: CaseNo, index: u8) -> Result<Self, IdentifierFault> {
        if (1..=99).contains(&index) {
            Ok(Self { case_no, index })
        } else {
            Err(IdentifierFault::PartOutOfRange { part: "index" })
        }
    }

    /// Reads a case number followed by two digits, with or without hyphens.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "##########################")?;
        let case_no = CaseNo::parse(&text[..24])?;
        let value = Self::new(case_no.value, text[24..].parse().unwrap_or(0))?;
        Ok(Checked {
            value,
            warning: case_no.warning,
        })
    }

    /// Which matter of the case, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }
}

/// The 24 digits of the case, a hyphen, the index.
impl fmt::Display for SubCaseNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.case_no, self.index)
    }
}

const SLIP_CODE_VERSION: &str = "OW1";

/// Reads the QR code of a slip, see [`CaseNo::slip_code`].
pub fn read_slip_code(text: &str) -> Result<(CaseNo, PickupCode), IdentifierFault> {
    let mut parts = text.trim().split('|');
    if parts.next() != Some(SLIP_CODE_VERSION) {
        return Err(IdentifierFault::KindUnknown { position: 0 });
    }
    let case_no = CaseNo::parse(parts.next().unwrap_or_default())?.value;
    let pickup_code = PickupCode::parse(parts.next().unwrap_or_default())?.value;
    Ok((case_no, pickup_code))
}

/// The queues of a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TicketQueue {
    /// `A`: any matter.
    General,
    /// `B`: enterprises.
    Business,
    /// `C`: real property.
    Property,
    /// `D`: social insurance.
    SocialInsurance,
    /// `V`: elderly, disabled and pregnant visitors, appointments.
    Priority,
}

impl TicketQueue {
    /// The machine name.
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Business => "business",
            Self::Property => "property",
            Self::SocialInsurance => "social-insurance",
            Self::Priority => "priority",
        }
    }
}

impl QueueTicket {
    /// Reads a ticket of one of the five queues.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "@###")?;
        normal::admit(char::from(text.as_bytes()[0]), 0, Expected::OneOf("ABCDV"))?;
        Ok(Checked::sound(Self(text)))
    }

    /// The queue.
    pub fn queue(&self) -> TicketQueue {
        match self.0.as_bytes()[0] {
            b'B' => TicketQueue::Business,
            b'C' => TicketQueue::Property,
            b'D' => TicketQueue::SocialInsurance,
            b'V' => TicketQueue::Priority,
            _ => TicketQueue::General,
        }
    }
}

impl Identifier for QueueTicket {
    fn fields(&self) -> Fields {
        Fields::from([("queue", self.queue().name().to_owned())])
    }
}

impl PickupCode {
    /// Reads a code of six digits.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "######")?;
        Ok(Checked::sound(Self(text)))
    }

    /// A code from a random number; only its last six digits count, so take one from a range that is a multiple of a million.
    pub fn from_number(number: u32) -> Self {
        Self(format!("{:06}", number % 1_000_000))
    }
}

impl Identifier for PickupCode {
    fn fields(&self) -> Fields {
        Fields::new()
    }
}
